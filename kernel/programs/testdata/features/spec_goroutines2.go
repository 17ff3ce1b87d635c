// Goroutines, sync, context and what they share.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

type Account struct {
	mu      sync.RWMutex
	balance map[string]int
	ops     atomic.Int64
}

func (a *Account) Add(k string, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance[k] += n
	a.ops.Add(1)
}
func (a *Account) Get(k string) int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.balance[k]
}

type result struct {
	id  int
	val string
	err error
}

func worker(id int, jobs <-chan int, out chan<- result, wg *sync.WaitGroup) {
	defer wg.Done()
	for j := range jobs {
		r := result{id: j}
		func() {
			defer func() {
				if e := recover(); e != nil {
					r.err = fmt.Errorf("job %d: %v", j, e)
				}
			}()
			if j%3 == 0 {
				var a []int
				_ = a[j]
			}
			r.val = fmt.Sprint(j * j)
		}()
		out <- r
	}
	_ = id
}

func stage[T, U any](ctx context.Context, in <-chan T, f func(T) U) <-chan U {
	out := make(chan U)
	go func() {
		defer close(out)
		for x := range in {
			select {
			case out <- f(x):
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

type Sem chan struct{}

func (s Sem) Acquire() { s <- struct{}{} }
func (s Sem) Release() { <-s }

type Future[T any] struct {
	done chan struct{}
	v    T
	err  error
}

func Go[T any](f func() (T, error)) *Future[T] {
	fu := &Future[T]{done: make(chan struct{})}
	go func() {
		defer close(fu.done)
		fu.v, fu.err = f()
	}()
	return fu
}
func (f *Future[T]) Wait() (T, error) { <-f.done; return f.v, f.err }

func main() {
	acc := &Account{balance: map[string]int{}}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			acc.Add([]string{"a", "b"}[i%2], i)
			_ = acc.Get("a")
		}()
	}
	wg.Wait()
	fmt.Println(acc.Get("a"), acc.Get("b"), acc.ops.Load())
	jobs, out := make(chan int), make(chan result, 3)
	var ww sync.WaitGroup
	for id := range 3 {
		ww.Add(1)
		go worker(id, jobs, out, &ww)
	}
	go func() {
		for i := 1; i <= 6; i++ {
			jobs <- i
		}
		close(jobs)
		ww.Wait()
		close(out)
	}()
	rs := map[int]result{}
	for r := range out {
		rs[r.id] = r
	}
	for i := 1; i <= 6; i++ {
		fmt.Println(rs[i].val, rs[i].err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	src := make(chan int)
	go func() {
		defer close(src)
		for i := 0; ; i++ {
			select {
			case src <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	strs := stage(ctx, stage(ctx, src, func(i int) float64 { return float64(i) / 2 }), func(f float64) string { return fmt.Sprint("<", f, ">") })
	for i := 0; i < 4; i++ {
		fmt.Print(<-strs, " ")
	}
	cancel(errors.New("enough"))
	fmt.Println(ctx.Err(), context.Cause(ctx))
	var once sync.Once
	for range 3 {
		once.Do(func() { fmt.Println("once") })
	}
	cond := sync.NewCond(&sync.Mutex{})
	ready := 0
	var cw sync.WaitGroup
	for range 3 {
		cw.Go(func() {
			cond.L.Lock()
			defer cond.L.Unlock()
			for ready == 0 {
				cond.Wait()
			}
			ready++
		})
	}
	cond.L.Lock()
	ready = 1
	cond.L.Unlock()
	cond.Broadcast()
	cw.Wait()
	fmt.Println(ready)
	sem := make(Sem, 2)
	var cur, peak atomic.Int32
	var sw sync.WaitGroup
	for range 6 {
		sw.Add(1)
		go func() {
			defer sw.Done()
			sem.Acquire()
			defer sem.Release()
			n := cur.Add(1)
			for {
				p := peak.Load()
				if n <= p || peak.CompareAndSwap(p, n) {
					break
				}
			}
			time.Sleep(time.Millisecond)
			cur.Add(-1)
		}()
	}
	sw.Wait()
	fmt.Println(peak.Load() <= 2, cur.Load())
	f1 := Go(func() (int, error) { return 42, nil })
	f2 := Go(func() ([]string, error) { return nil, errors.New("f2") })
	fmt.Println(f1.Wait())
	fmt.Println(f2.Wait())
	var m sync.Map
	m.Store("k", acc)
	v, loaded := m.LoadOrStore("k", nil)
	fmt.Println(v == any(acc), loaded, v.(*Account).Get("a"))
	m.Range(func(k, v any) bool { fmt.Printf("%v %T\n", k, v); return true })
	pool := sync.Pool{New: func() any { return new(result) }}
	r := pool.Get().(*result)
	r.id = 3
	pool.Put(r)
	tctx, c2 := context.WithTimeout(context.WithValue(context.Background(), "user", "ann"), time.Millisecond)
	defer c2()
	<-tctx.Done()
	fmt.Println(tctx.Err() == context.DeadlineExceeded, errors.Is(tctx.Err(), context.DeadlineExceeded), tctx.Value("user"), tctx.Value("none"))
	timer := time.AfterFunc(time.Hour, func() { fmt.Println("never") })
	fmt.Println(timer.Stop(), timer.Stop())
	fired := make(chan string)
	time.AfterFunc(time.Millisecond, func() { fired <- "fired" })
	fmt.Println(<-fired)
	done := make(chan bool)
	data := []int{1, 2, 3}
	go func(xs ...int) {
		xs[0] = 10
		done <- true
	}(data...)
	<-done
	go acc.Add("go", 5)
	for acc.Get("go") == 0 {
		time.Sleep(time.Millisecond)
	}
	go println2(done, "x")
	<-done
	fmt.Println(data)
	val := sync.OnceValues(func() (int, error) { fmt.Println("computed"); return 1, nil })
	val()
	fmt.Println(val())
	var p atomic.Pointer[result]
	fmt.Println(p.Load() == nil, p.CompareAndSwap(nil, &result{id: 1}), p.Load().id, p.Swap(&result{id: 2}).id, p.Load().id)
}

func println2(done chan bool, s string) { fmt.Println("in go", s); done <- true }
