// Pipelines: stages joined by channels, fan-out and fan-in, all cancelled by a
// context, after the Go blog.
package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

type Stage[A, B any] func(context.Context, <-chan A) <-chan B

var running atomic.Int32

func source[T any](ctx context.Context, items ...T) <-chan T {
	out := make(chan T)
	running.Add(1)
	go func() {
		defer running.Add(-1)
		defer close(out)
		for _, it := range items {
			select {
			case out <- it:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func apply[A, B any](f func(A) B) Stage[A, B] {
	return func(ctx context.Context, in <-chan A) <-chan B {
		out := make(chan B)
		running.Add(1)
		go func() {
			defer running.Add(-1)
			defer close(out)
			for a := range in {
				select {
				case out <- f(a):
				case <-ctx.Done():
					return
				}
			}
		}()
		return out
	}
}

func then[A, B, C any](s Stage[A, B], t Stage[B, C]) Stage[A, C] {
	return func(ctx context.Context, in <-chan A) <-chan C { return t(ctx, s(ctx, in)) }
}

func merge[T any](chans ...<-chan T) <-chan T {
	var wg sync.WaitGroup
	out := make(chan T)
	output := func(c <-chan T) {
		for v := range c {
			out <- v
		}
		wg.Done()
	}
	wg.Add(len(chans))
	for _, c := range chans {
		go output(c)
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}

func fanOut[A, B any](n int, s Stage[A, B]) Stage[A, B] {
	return func(ctx context.Context, in <-chan A) <-chan B {
		outs := make([]<-chan B, n)
		for i := range outs {
			outs[i] = s(ctx, in)
		}
		return merge(outs...)
	}
}

func collect[T any](c <-chan T) (all []T) {
	for v := range c {
		all = append(all, v)
	}
	return
}

// sieve is the prime sieve of the early Go talks.
func sieve(n int) []int {
	ch := make(chan int)
	done := make(chan struct{})
	defer close(done)
	go func(first chan<- int) {
		for i := 2; ; i++ {
			select {
			case first <- i:
			case <-done:
				return
			}
		}
	}(ch)
	var primes []int
	for range n {
		prime := <-ch
		primes = append(primes, prime)
		next := make(chan int)
		go func(in <-chan int, out chan<- int) {
			for {
				select {
				case i := <-in:
					if i%prime != 0 {
						select {
						case out <- i:
						case <-done:
							return
						}
					}
				case <-done:
					return
				}
			}
		}(ch, next)
		ch = next
	}
	return primes
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	square := apply(func(n int) int { return n * n })
	label := apply(func(n int) string { return fmt.Sprintf("<%d>", n) })
	fmt.Println(collect(then(square, label)(ctx, source(ctx, 1, 2, 3, 4))))

	numbers := make([]int, 50)
	for i := range numbers {
		numbers[i] = i + 1
	}
	got := collect(fanOut(4, then(square, square))(ctx, source(ctx, numbers...)))
	slices.Sort(got)
	fmt.Println(len(got), got[:5], got[len(got)-1])

	out := square(ctx, source(ctx, numbers...))
	fmt.Println(<-out, <-out)
	cancel()
	for range out {
	}
	for running.Load() > 0 {
		runtime.Gosched()
	}
	fmt.Println("all stages ended")
	fmt.Println(sieve(15))
}
