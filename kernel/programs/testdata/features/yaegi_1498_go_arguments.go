// Arguments of go statements are evaluated at once and copied (yaegi #1498, #1618).
package main

import (
	"fmt"
	"sync"
)

type job struct {
	id   int
	done [2]bool
}

func (j job) run(out chan<- string, wg *sync.WaitGroup, k int) {
	defer wg.Done()
	out <- fmt.Sprint(j.id, j.done, k)
}

func main() {
	out := make(chan string, 10)
	var wg sync.WaitGroup
	hold := make(chan bool)
	j := job{id: 1}
	arr := [2]int{1, 2}
	s := "before"
	wg.Add(3)
	go func(a [2]int, t string) {
		defer wg.Done()
		<-hold
		out <- fmt.Sprint(a, t)
	}(arr, s)
	go j.run(out, &wg, arr[1])
	p := &j
	run := p.run
	go run(out, &wg, 7)
	j.id, j.done[0], arr[0], s = 100, true, 50, "after"
	close(hold)
	wg.Wait()
	close(out)
	seen := map[string]int{}
	for v := range out {
		seen[v]++
	}
	fmt.Println(seen)
	var mu sync.Mutex
	sum := 0
	for i := range 20 {
		wg.Add(1)
		n := i * i
		go func() { defer wg.Done(); mu.Lock(); sum += n - i; mu.Unlock() }()
	}
	wg.Wait()
	fmt.Println(sum)
}
