// Pools, conditions, once values, maps, errors from groups, atomic pointers of own types.
package main

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
	"sync/atomic"
)

type config struct {
	name string
	n    int
}
type queue[T any] struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []T
	done  bool
}

func newQueue[T any]() *queue[T] {
	q := &queue[T]{}
	q.cond = sync.NewCond(&q.mu)
	return q
}
func (q *queue[T]) put(v T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, v)
	q.cond.Signal()
}
func (q *queue[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.done = true
	q.cond.Broadcast()
}
func (q *queue[T]) get() (v T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.done {
		q.cond.Wait()
	}
	if len(q.items) == 0 {
		return
	}
	v, q.items = q.items[0], q.items[1:]
	return v, true
}

type group struct {
	wg     sync.WaitGroup
	once   sync.Once
	err    error
	cancel context.CancelCauseFunc
}

func (g *group) Go(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err; g.cancel(err) })
		}
	}()
}

func main() {
	q := newQueue[config]()
	var sum atomic.Int64
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				c, ok := q.get()
				if !ok {
					return
				}
				sum.Add(int64(c.n))
			}
		})
	}
	for i := range 50 {
		q.put(config{"c", i})
	}
	q.close()
	wg.Wait()
	fmt.Println(sum.Load())
	var cur atomic.Pointer[config]
	old := cur.Swap(&config{"a", 1})
	fmt.Println(old == nil, cur.Load().name, cur.CompareAndSwap(old, &config{}), cur.Load().n)
	var v atomic.Value
	v.Store(config{"v", 2})
	fmt.Println(v.Load().(config).n, v.Load() == any(config{"v", 2}))
	var m sync.Map
	for i, k := range []string{"x", "y", "x"} {
		act, loaded := m.LoadOrStore(k, i)
		fmt.Print(act, loaded, " ")
	}
	var keys []string
	m.Range(func(k, _ any) bool { keys = append(keys, k.(string)); return true })
	sort.Strings(keys)
	fmt.Println(keys)
	pool := sync.Pool{New: func() any { return &config{name: "fresh"} }}
	fmt.Println(pool.Get().(*config).name)
	ctx, cancel := context.WithCancelCause(context.Background())
	g := &group{cancel: cancel}
	for i := range 4 {
		g.Go(func() error {
			if i == 2 {
				return fmt.Errorf("job %d", i)
			}
			<-ctx.Done()
			return nil
		})
	}
	g.wg.Wait()
	fmt.Println(g.err, context.Cause(ctx), ctx.Err())
	f := sync.OnceValues(func() (int, error) { sum.Add(1); return 5, errors.ErrUnsupported })
	a, err := f()
	b, _ := f()
	fmt.Println(a+b, err, sum.Load())
	func() {
		defer func() { fmt.Println(recover()) }()
		p := sync.OnceFunc(func() { panic("once") })
		func() { defer func() { recover() }(); p() }()
		p()
	}()
	var rw sync.RWMutex
	rw.RLock()
	fmt.Println(rw.TryRLock(), rw.TryLock())
}
