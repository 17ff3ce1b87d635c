// select: default, nil channels, closed ones, several ready, send and receive.
package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

func produce(n int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range n {
			c <- i
		}
	}()
	return c
}

func merge(a, b <-chan int) (sum, closed int) {
	for a != nil || b != nil {
		select {
		case x, ok := <-a:
			if !ok {
				a = nil
				closed++
				continue
			}
			sum += x
		case x, ok := <-b:
			if !ok {
				b, closed = nil, closed+1
				break
			}
			sum += 100 * x
		}
	}
	return
}

type box struct {
	c  chan string
	m  map[string]chan int
	xs []chan int
}

func idx(s string, i int) int { fmt.Print(s, " "); return i }

func main() {
	fmt.Println(merge(produce(5), produce(3)))
	var nilc chan int
	select {
	case <-nilc:
		fmt.Println("never")
	case nilc <- 1:
		fmt.Println("never")
	default:
		fmt.Println("default")
	}
	c := make(chan int, 1)
	counts := map[string]int{}
	for range 100 {
		select {
		case c <- 1:
			counts["send"]++
		case x := <-c:
			counts["recv"] += x
		}
	}
	fmt.Println(counts)
	both := [2]chan int{make(chan int, 1000), make(chan int, 1000)}
	for i := range 1000 {
		both[0] <- i
		both[1] <- i
	}
	n := [2]int{}
	for range 1000 {
		select {
		case <-both[0]:
			n[0]++
		case <-both[1]:
			n[1]++
		}
	}
	fmt.Println(n[0]+n[1], n[0] > 300, n[1] > 300)
	b := box{make(chan string, 1), map[string]chan int{"a": make(chan int, 1)}, []chan int{make(chan int, 1), nil}}
	select {
	case b.m["a"] <- idx("value", 7):
		fmt.Println("sent")
	}
	var got struct {
		x  int
		ok bool
	}
	arr := []int{0, 0}
	select {
	case got.x, got.ok = <-b.m["a"]:
		fmt.Println(got)
	}
	b.xs[idx("i", 0)] <- 9
	select {
	case arr[idx("j", 1)] = <-b.xs[idx("k", 0)]:
		fmt.Println(arr)
	case b.xs[idx("l", 1)] <- idx("m", 3):
	}
	close(b.c)
	select {
	case s, ok := <-b.c:
		fmt.Printf("%q %v\n", s, ok)
	case <-time.After(time.Second):
		fmt.Println("late")
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		select {
		case b.c <- "x":
		default:
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	select {
	case <-ctx.Done():
		fmt.Println(ctx.Err())
	case <-time.After(5 * time.Second):
	}
	done, data := make(chan struct{}), make(chan int)
	var wg sync.WaitGroup
	total := make(chan int, 1)
	wg.Go(func() {
		s := 0
		defer func() { total <- s }()
		for {
			select {
			case x := <-data:
				s += x
			case <-done:
				return
			}
		}
	})
	for i := range 10 {
		data <- i
	}
	close(done)
	wg.Wait()
	fmt.Println(<-total)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	ticks := 0
loop:
	for {
		select {
		case <-tick.C:
			if ticks++; ticks == 3 {
				break loop
			}
		}
	}
	fmt.Println(ticks)
	chans := make(chan chan int, 1)
	reply := make(chan int, 1)
	chans <- reply
	select {
	case r := <-chans:
		select {
		case r <- 42:
			fmt.Println(<-reply)
		default:
		}
	}
	var fs []func() int
	q := make(chan int, 3)
	for i := range 3 {
		q <- i
	}
	for range 3 {
		select {
		case v := <-q:
			fs = append(fs, func() int { v *= 2; return v })
		}
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	errc := make(chan error, 1)
	errc <- fmt.Errorf("bad")
	select {
	case err := <-errc:
		fmt.Println(err)
	}
	anyc := make(chan any, 3)
	anyc <- 1
	anyc <- nil
	anyc <- errc
	for range 3 {
		select {
		case v := <-anyc:
			switch v := v.(type) {
			case int, nil:
				fmt.Println("int or nil", v)
			case chan error:
				fmt.Println(cap(v))
			}
		}
	}
	select {
	case <-func() chan int { fmt.Print("called "); return nil }():
	default:
		fmt.Println("ok")
	}
}
