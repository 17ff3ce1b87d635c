// A generic struct that holds instances of others with functions over itself (yaegi #1577, #1460, #1573).
package main

import (
	"errors"
	"fmt"
	"sort"
	"sync"
	"time"
)

type value[T any] struct {
	v       T
	expires time.Time
}
type backend[K comparable, V any] interface {
	get(K) (V, bool)
	set(K, V)
	len() int
}
type mapBackend[K comparable, V any] map[K]V

func (m mapBackend[K, V]) get(k K) (v V, ok bool) { v, ok = m[k]; return }
func (m mapBackend[K, V]) set(k K, v V)           { m[k] = v }
func (m mapBackend[K, V]) len() int               { return len(m) }

type Cache[K comparable, V any] struct {
	mu    sync.Mutex
	b     backend[K, value[V]]
	calls map[K]*call[V]
	fn    func(*Cache[K, V], K) (V, error)
	now   func() time.Time
	stats struct{ hits, misses int }
}
type call[V any] struct {
	done chan struct{}
	v    V
	err  error
}
type Option[K comparable, V any] func(*Cache[K, V])

func WithClock[K comparable, V any](now func() time.Time) Option[K, V] {
	return func(c *Cache[K, V]) { c.now = now }
}

func New[K comparable, V any](fn func(*Cache[K, V], K) (V, error), opts ...Option[K, V]) *Cache[K, V] {
	c := &Cache[K, V]{b: mapBackend[K, value[V]]{}, calls: map[K]*call[V]{}, fn: fn, now: time.Now}
	for _, o := range opts {
		o(c)
	}
	return c
}

func (c *Cache[K, V]) Get(k K) (V, error) {
	c.mu.Lock()
	if v, ok := c.b.get(k); ok && c.now().Before(v.expires) {
		c.stats.hits++
		c.mu.Unlock()
		return v.v, nil
	}
	if cl, ok := c.calls[k]; ok {
		c.mu.Unlock()
		<-cl.done
		return cl.v, cl.err
	}
	cl := &call[V]{done: make(chan struct{})}
	c.calls[k] = cl
	c.stats.misses++
	c.mu.Unlock()
	cl.v, cl.err = c.fn(c, k)
	close(cl.done)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.calls, k)
	if cl.err == nil {
		c.b.set(k, value[V]{cl.v, c.now().Add(time.Minute)})
	}
	return cl.v, cl.err
}

func main() {
	t := time.Unix(0, 0)
	fib := New(func(c *Cache[int, uint64], n int) (uint64, error) {
		if n < 0 {
			return 0, errors.New("negative")
		}
		if n < 2 {
			return uint64(n), nil
		}
		a, _ := c.Get(n - 1)
		b, err := c.Get(n - 2)
		return a + b, err
	}, WithClock[int, uint64](func() time.Time { return t }))
	fmt.Println(fib.Get(60))
	fmt.Println(fib.Get(-1))
	fmt.Println(fib.stats, fib.b.len())
	t = t.Add(time.Hour)
	fmt.Println(fib.Get(10))
	fmt.Println(fib.stats, len(fib.calls))
	words := New(func(_ *Cache[string, []string], s string) ([]string, error) {
		out := []string{s, s + s}
		sort.Sort(sort.Reverse(sort.StringSlice(out)))
		return out, nil
	})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { words.Get("a") })
	}
	wg.Wait()
	v, err := words.Get("a")
	fmt.Println(v, err, words.stats.misses)
	fmt.Printf("%T %T\n", words.b, fib.calls)
}
