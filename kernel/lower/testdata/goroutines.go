package main

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func worker(id int, in <-chan int, out chan<- string, wg *sync.WaitGroup) {
	defer wg.Done()
	for x := range in {
		out <- fmt.Sprint(id*0 + x*x)
	}
}
func gen(ctx context.Context) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := 0; ; i++ {
			select {
			case c <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}
func main() {
	in, out := make(chan int), make(chan string, 10)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go worker(i, in, out, &wg)
	}
	for i := range 5 {
		in <- i
	}
	close(in)
	wg.Wait()
	close(out)
	var rs []string
	for s := range out {
		rs = append(rs, s)
	}
	sort.Strings(rs)
	fmt.Println(rs)
	ctx, cancel := context.WithCancel(context.Background())
	sum := 0
	for x := range gen(ctx) {
		if sum += x; x == 4 {
			break
		}
	}
	cancel()
	fmt.Println(sum)
	var mu sync.RWMutex
	total := 0
	var wg2 sync.WaitGroup
	for i := range 20 {
		wg2.Go(func() { mu.Lock(); defer mu.Unlock(); total += i })
	}
	wg2.Wait()
	mu.RLock()
	fmt.Println(total)
	mu.RUnlock()
	done := make(chan struct{})
	var once sync.Once
	for range 3 {
		once.Do(func() { close(done) })
	}
	<-done
	v, ok := <-done
	fmt.Println(v, ok)
	timeout := time.After(10 * time.Millisecond)
	var nilc chan int
	select {
	case <-nilc:
		fmt.Println("no")
	case <-timeout:
		fmt.Println("timeout")
	}
	sem := make(chan struct{}, 2)
	var peak, cur atomic.Int32
	var wg3 sync.WaitGroup
	for range 6 {
		wg3.Go(func() {
			sem <- struct{}{}
			if c := cur.Add(1); c > peak.Load() {
				peak.Store(c)
			}
			time.Sleep(time.Millisecond)
			cur.Add(-1)
			<-sem
		})
	}
	wg3.Wait()
	fmt.Println(peak.Load() <= 2)
	c := sync.NewCond(&sync.Mutex{})
	ready := false
	go func() { c.L.Lock(); ready = true; c.L.Unlock(); c.Broadcast() }()
	c.L.Lock()
	for !ready {
		c.Wait()
	}
	c.L.Unlock()
	fmt.Println("ready")
	var m sync.Map
	m.Store("a", 1)
	x, _ := m.Load("a")
	fmt.Println(x)
	m.Range(func(k, v any) bool { fmt.Println(k, v); return true })
	pool := sync.Pool{New: func() any { return new(strings.Builder) }}
	sb := pool.Get().(*strings.Builder)
	sb.WriteString("p")
	fmt.Println(sb)
	errc := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				errc <- fmt.Errorf("worker: %v", r)
			}
		}()
		var a []int
		_ = a[len(os.Args)*0+3]
	}()
	fmt.Println(<-errc)
	close(errc)
	defer func() { fmt.Println(recover()) }()
	close(errc)
}
