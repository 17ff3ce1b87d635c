// Select in nested loops with contexts, closed channels and loop variables in literals (yaegi #1442, #1728, #887).
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

func gen(ctx context.Context, n int) <-chan string {
	ch := make(chan string)
	go func() {
		defer close(ch)
		for i := range n {
			for _, c := range "ab" {
				select {
				case <-ctx.Done():
					return
				case ch <- fmt.Sprint(i, string(c)):
				}
			}
		}
	}()
	return ch
}

func merge(cs ...<-chan string) <-chan string {
	out := make(chan string)
	var wg sync.WaitGroup
	for _, c := range cs {
		wg.Go(func() {
			for v := range c {
				out <- v
			}
		})
	}
	go func() { wg.Wait(); close(out) }()
	return out
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	var got []string
	for v := range gen(ctx, 2) {
		got = append(got, v)
	}
	fmt.Println(got)
	n := 0
	for range merge(gen(ctx, 3), gen(ctx, 4), gen(ctx, 0)) {
		n++
	}
	fmt.Println(n)
	c := gen(ctx, 1000)
	<-c
	cancel()
	for range c {
		n++
	}
	fmt.Println(n < 2000, ctx.Err(), context.Cause(ctx))
	tctx, stop := context.WithTimeoutCause(context.Background(), time.Millisecond, errors.New("too slow"))
	defer stop()
	select {
	case <-tctx.Done():
		fmt.Println(tctx.Err(), context.Cause(tctx))
	case <-time.After(10 * time.Second):
		fmt.Println("late")
	}
	type key struct{}
	v := context.WithValue(tctx, key{}, []int{1, 2})
	fmt.Println(v.Value(key{}).([]int)[1], v.Value("x"))
	tick := make(chan int)
	quit := make(chan bool)
	go func() {
		for i := range 4 {
			tick <- i
		}
		quit <- true
	}()
	total := 0
	for run := true; run; {
		select {
		case i := <-tick:
			if i%2 == 0 {
				continue
			}
			total += i
		case run = <-quit:
			run = !run
		}
	}
	fmt.Println(total)
	after := 0
	t := time.AfterFunc(time.Hour, func() { after++ })
	fmt.Println(t.Stop(), t.Stop(), after)
	done := make(chan struct{})
	time.AfterFunc(time.Microsecond, func() { after = 5; close(done) })
	<-done
	fmt.Println(after)
}
