// Patterns with select: timeouts, default, nil channels, priorities, quit,
// rendezvous, generators, or-done.
package main

import (
	"fmt"
	"sync"
	"time"
)

func generate(quit <-chan struct{}) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for a, b := 0, 1; ; a, b = b, a+b {
			select {
			case c <- a:
			case <-quit:
				return
			}
		}
	}()
	return c
}

func interleave(a, b <-chan string) []string {
	var out []string
	for a != nil || b != nil {
		select {
		case s, ok := <-a:
			if !ok {
				a = nil
				continue
			}
			out = append(out, s)
		case s, ok := <-b:
			if !ok {
				b = nil
				break
			}
			out = append(out, s)
		}
	}
	return out
}

func priority(high, low chan int) (got []int) {
	for {
		select {
		case v := <-high:
			got = append(got, v)
			continue
		default:
		}
		select {
		case v := <-high:
			got = append(got, v)
		case v := <-low:
			got = append(got, v)
		default:
			return
		}
	}
}

func or(chans ...<-chan struct{}) <-chan struct{} {
	switch len(chans) {
	case 0:
		return nil
	case 1:
		return chans[0]
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-chans[0]:
		case <-chans[1]:
		case <-or(append(chans[2:], done)...):
		}
	}()
	return done
}

type request struct {
	n     int
	reply chan<- int
}

func server(reqs <-chan request, stop <-chan bool) (handled int) {
loop:
	for {
		select {
		case r := <-reqs:
			handled++
			r.reply <- r.n * r.n
		case <-stop:
			break loop
		}
	}
	return handled
}

func try(c chan int, v int) string {
	select {
	case c <- v:
		return "sent"
	default:
		return "full"
	}
}

func main() {
	quit := make(chan struct{})
	fib := generate(quit)
	for range 10 {
		fmt.Print(<-fib, " ")
	}
	close(quit)
	fmt.Println()

	a, b := make(chan string), make(chan string)
	go func() {
		defer close(a)
		defer close(b)
		for i := range 3 {
			a <- fmt.Sprint("a", i)
			b <- fmt.Sprint("b", i)
		}
	}()
	fmt.Println(interleave(a, b))

	high, low := make(chan int, 5), make(chan int, 5)
	for i := range 5 {
		low <- i
		high <- 100 + i
	}
	fmt.Println(priority(high, low))

	c := make(chan int, 2)
	fmt.Println(try(c, 1), try(c, 2), try(c, 3), len(c), cap(c))
	var nothing chan int
	select {
	case nothing <- 1:
		fmt.Println("never")
	case v, ok := <-nothing:
		fmt.Println("never", v, ok)
	case <-time.After(20 * time.Millisecond):
		fmt.Println("timeout")
	}

	x, y, z := make(chan struct{}), make(chan struct{}), make(chan struct{})
	done := or(x, y, z)
	select {
	case <-done:
		fmt.Println("too early")
	default:
		fmt.Println("not yet")
	}
	close(z)
	<-done
	fmt.Println("or is done")

	reqs, stop, result := make(chan request), make(chan bool), make(chan int)
	go func() { result <- server(reqs, stop) }()
	var wg sync.WaitGroup
	squares := make([]int, 5)
	for i := range squares {
		wg.Add(1)
		go func() {
			defer wg.Done()
			reply := make(chan int)
			reqs <- request{i + 1, reply}
			squares[i] = <-reply
		}()
	}
	wg.Wait()
	stop <- true
	fmt.Println(squares, <-result)

	var send chan<- int = c
	var recv <-chan int = c
	fmt.Printf("%T %T %v %d\n", send, recv, recv == c, <-recv)
	arr := [2]chan int{make(chan int, 1), make(chan int, 1)}
	idx := 0
	next := func() int { idx++; return idx - 1 }
	select {
	case arr[next()] <- next() * 10:
	}
	fmt.Println(<-arr[0], idx)
	timer := time.NewTimer(time.Hour)
	fmt.Println(timer.Stop(), timer.Stop(), timer.Reset(time.Millisecond))
	<-timer.C
	ticker := time.NewTicker(time.Millisecond)
	for i := range 3 {
		<-ticker.C
		fmt.Print("tick", i, " ")
	}
	ticker.Stop()
	fmt.Println()
}
