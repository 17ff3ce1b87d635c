// An errgroup, a semaphore and singleflight, as one would write them, used to
// fetch pages.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

type Group struct {
	cancel  context.CancelCauseFunc
	wg      sync.WaitGroup
	sem     chan token
	errOnce sync.Once
	err     error
}

type token struct{}

func WithContext(ctx context.Context) (*Group, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &Group{cancel: cancel}, ctx
}

func (g *Group) SetLimit(n int) { g.sem = make(chan token, n) }

func (g *Group) Go(f func() error) {
	if g.sem != nil {
		g.sem <- token{}
	}
	g.wg.Add(1)
	go func() {
		defer func() {
			if g.sem != nil {
				<-g.sem
			}
			g.wg.Done()
		}()
		if err := f(); err != nil {
			g.errOnce.Do(func() {
				g.err = err
				if g.cancel != nil {
					g.cancel(err)
				}
			})
		}
	}()
}

func (g *Group) Wait() error {
	g.wg.Wait()
	if g.cancel != nil {
		g.cancel(g.err)
	}
	return g.err
}

type call[V any] struct {
	done chan struct{}
	val  V
	err  error
	dups int
}

type Flight[K comparable, V any] struct {
	mu sync.Mutex
	m  map[K]*call[V]
}

func (f *Flight[K, V]) Do(key K, fn func(K) (V, error)) (v V, err error, shared bool) {
	f.mu.Lock()
	if f.m == nil {
		f.m = make(map[K]*call[V])
	}
	if c, ok := f.m[key]; ok {
		c.dups++
		f.mu.Unlock()
		<-c.done
		return c.val, c.err, true
	}
	c := &call[V]{done: make(chan struct{})}
	f.m[key] = c
	f.mu.Unlock()
	c.val, c.err = fn(key)
	f.mu.Lock()
	delete(f.m, key)
	f.mu.Unlock()
	close(c.done)
	return c.val, c.err, c.dups > 0
}

type notFound struct{ url string }

func (n *notFound) Error() string { return n.url + " not found" }

func fetch(ctx context.Context, url string) (string, error) {
	switch url {
	case "/missing":
		return "", &notFound{url}
	case "/slow":
		<-ctx.Done()
		return "", context.Cause(ctx)
	}
	return "page " + url, nil
}

func main() {
	g, ctx := WithContext(context.Background())
	urls := []string{"/a", "/b", "/c"}
	pages := make([]string, len(urls))
	for i, u := range urls {
		g.Go(func() error {
			p, err := fetch(ctx, u)
			if err == nil {
				pages[i] = p
			}
			return err
		})
	}
	fmt.Println(g.Wait(), len(pages), pages, ctx.Err())

	g, ctx = WithContext(context.Background())
	errs := make(chan error, 2)
	for range 2 {
		g.Go(func() error {
			_, err := fetch(ctx, "/slow")
			errs <- err
			return err
		})
	}
	g.Go(func() error { _, err := fetch(ctx, "/missing"); return err })
	err := g.Wait()
	var nf *notFound
	fmt.Println(err, errors.As(err, &nf), nf.url, ctx.Err(), context.Cause(ctx) == err, <-errs == err)

	var limited Group
	limited.SetLimit(3)
	var now, most atomic.Int32
	for range 30 {
		limited.Go(func() error {
			n := now.Add(1)
			for {
				old := most.Load()
				if n <= old || most.CompareAndSwap(old, n) {
					break
				}
			}
			now.Add(-1)
			return nil
		})
	}
	fmt.Println(limited.Wait(), most.Load() <= 3, now.Load())

	var f Flight[string, int]
	var calls atomic.Int32
	gate := make(chan struct{})
	started := make(chan struct{})
	slow := func(key string) (int, error) {
		if calls.Add(1) == 1 {
			close(started)
		}
		<-gate
		return len(key), nil
	}
	var wg sync.WaitGroup
	results := make([]int, 8)
	wg.Add(1)
	go func() { defer wg.Done(); results[0], _, _ = f.Do("abc", slow) }()
	<-started
	for i := 1; i < len(results); i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results[i], _, _ = f.Do("abc", slow)
		}()
	}
	for {
		f.mu.Lock()
		n := f.m["abc"].dups
		f.mu.Unlock()
		if n == 7 {
			break
		}
	}
	close(gate)
	wg.Wait()
	fmt.Println(results, "calls:", calls.Load())
	n, err, shared := f.Do("boom", func(string) (int, error) { return -1, errors.New("boom") })
	fmt.Println(n, err, shared, len(f.m))
}
