package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sort"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

type Job interface {
	Run(ctx context.Context) (any, error)
}

type JobFunc func(ctx context.Context) (any, error)

func (f JobFunc) Run(ctx context.Context) (any, error) { return f(ctx) }

type Result[T any] struct {
	Value T
	Err   error
}

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(x T) { s.items = append(s.items, x) }
func (s *Stack[T]) Pop() (x T, ok bool) {
	if len(s.items) == 0 {
		return x, false
	}
	x = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}

type Ordered interface {
	~int | ~int64 | ~float64 | ~string
}

type Tree[K Ordered, V any] struct {
	root *node[K, V]
	n    int
}

type node[K Ordered, V any] struct {
	k           K
	v           V
	left, right *node[K, V]
}

func (t *Tree[K, V]) Put(k K, v V) {
	p := &t.root
	for *p != nil {
		switch {
		case k < (*p).k:
			p = &(*p).left
		case k > (*p).k:
			p = &(*p).right
		default:
			(*p).v = v
			return
		}
	}
	*p = &node[K, V]{k: k, v: v}
	t.n++
}

func (t *Tree[K, V]) All() func(yield func(K, V) bool) {
	return func(yield func(K, V) bool) {
		var walk func(n *node[K, V]) bool
		walk = func(n *node[K, V]) bool {
			return n == nil || walk(n.left) && yield(n.k, n.v) && walk(n.right)
		}
		walk(t.root)
	}
}

func pool(ctx context.Context, n int, jobs []Job) []Result[any] {
	in := make(chan int)
	out := make([]Result[any], len(jobs))
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for i := range in {
				v, err := jobs[i].Run(ctx)
				out[i] = Result[any]{v, err}
			}
		})
	}
	for i := range jobs {
		select {
		case in <- i:
		case <-ctx.Done():
			out[i].Err = ctx.Err()
		}
	}
	close(in)
	wg.Wait()
	return out
}

func main() {
	var count atomic.Int32
	var jobs []Job
	for i := range 5 {
		jobs = append(jobs, JobFunc(func(ctx context.Context) (any, error) {
			count.Add(1)
			if i == 3 {
				return nil, errors.New("three")
			}
			return i * i, nil
		}))
	}
	for i, r := range pool(context.Background(), 2, jobs) {
		fmt.Println(i, r.Value, r.Err, r)
	}
	fmt.Println(count.Load())
	s := &Stack[fmt.Stringer]{}
	s.Push(time.Second)
	x, ok := s.Pop()
	fmt.Println(x, ok)
	_, ok = s.Pop()
	fmt.Println(ok)
	t := &Tree[string, []int]{}
	for i, w := range []string{"m", "c", "x", "a", "c"} {
		t.Put(w, []int{i})
	}
	for k, v := range t.All() {
		if k == "x" {
			break
		}
		fmt.Print(k, v, " ")
	}
	fmt.Println(t.n)
	fmt.Printf("%T %T\n", t, Result[int]{})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	select {
	case <-ctx.Done():
		fmt.Println(ctx.Err(), errors.Is(ctx.Err(), context.DeadlineExceeded))
	case <-time.After(5 * time.Second):
		fmt.Println("late")
	}
	sig := make(chan os.Signal, 1)
	signal.Notify(sig, syscall.SIGUSR1)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	fmt.Println(<-sig)
	signal.Stop(sig)
	m := map[string]int{"b": 1, "a": 2}
	keys := make([]string, 0)
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	fmt.Println(keys, m)
	tick := time.NewTicker(time.Millisecond)
	n := 0
	for range tick.C {
		if n++; n == 3 {
			tick.Stop()
			break
		}
	}
	fmt.Println(n)
	ctx2, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	stop()
	<-ctx2.Done()
	fmt.Println(ctx2.Err())
}
