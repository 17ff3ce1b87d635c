// Once, Pool, Map, atomics, OnceValue: counted, no races.
package main

import (
	"errors"
	"fmt"
	"sort"
	"sync"
	"sync/atomic"
)

type config struct {
	version int
	hosts   []string
}

type holder struct {
	current atomic.Pointer[config]
	loads   atomic.Int64
}

func (h *holder) update(f func(config) config) {
	for {
		old := h.current.Load()
		var c config
		if old != nil {
			c = *old
		}
		next := f(c)
		if h.current.CompareAndSwap(old, &next) {
			return
		}
		h.loads.Add(1)
	}
}

type spin struct{ state atomic.Bool }

func (s *spin) Lock() {
	for !s.state.CompareAndSwap(false, true) {
	}
}
func (s *spin) Unlock() { s.state.Store(false) }

var _ sync.Locker = (*spin)(nil)

func count(l sync.Locker, n int) (total int) {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			l.Lock()
			defer l.Unlock()
			defer wg.Done()
			total++
		}()
	}
	wg.Wait()
	return
}

type buffer struct {
	data []byte
}

func (b *buffer) Write(p []byte) (int, error) {
	b.data = append(b.data, p...)
	return len(p), nil
}

func main() {
	var once sync.Once
	for i := range 3 {
		once.Do(func() { fmt.Println("once, in round", i) })
	}
	calls := 0
	value := sync.OnceValue(func() int { calls++; return calls * 10 })
	fmt.Println(value(), value(), calls)
	pair := sync.OnceValues(func() (string, error) { return "x", errors.New("always the same") })
	s1, e1 := pair()
	_, e2 := pair()
	fmt.Println(s1, e1 == e2, e1)
	boom := sync.OnceFunc(func() { panic("boom") })
	for range 2 {
		func() {
			defer func() { fmt.Println("recovered", recover()) }()
			boom()
		}()
	}

	made := 0
	pool := sync.Pool{New: func() any { made++; return new(buffer) }}
	b := pool.Get().(*buffer)
	fmt.Fprintf(b, "hello %d", made)
	fmt.Println(string(b.data))
	b.data = b.data[:0]
	pool.Put(b)

	var m sync.Map
	for i, w := range []string{"one", "two", "three"} {
		m.Store(w, i+1)
	}
	v, loaded := m.LoadOrStore("two", 22)
	fmt.Println(v, loaded)
	v, loaded = m.LoadAndDelete("one")
	fmt.Println(v, loaded)
	m.CompareAndSwap("three", 3, "drei")
	var keys []string
	m.Range(func(k, v any) bool {
		keys = append(keys, fmt.Sprintf("%v=%v", k, v))
		return true
	})
	sort.Strings(keys)
	fmt.Println(keys)

	fmt.Println(count(new(spin), 50), count(&sync.Mutex{}, 50))
	var rw sync.RWMutex
	fmt.Println(count(&rw, 10), count(rw.RLocker(), 1))

	h := new(holder)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			h.update(func(c config) config {
				c.version++
				c.hosts = append(append([]string(nil), c.hosts...), fmt.Sprintf("h%02d", i))
				return c
			})
		})
	}
	wg.Wait()
	c := h.current.Load()
	sort.Strings(c.hosts)
	fmt.Println(c.version, len(c.hosts), c.hosts[0], c.hosts[19])

	var n atomic.Int32
	var u atomic.Uint64
	var flag atomic.Value
	fmt.Println(n.Add(5), n.Swap(7), n.Load(), n.CompareAndSwap(7, 8), n.And(12), n.Load(), u.Add(^uint64(0)))
	fmt.Println(flag.Load())
	flag.Store([]string{"a"})
	fmt.Println(flag.Load().([]string)[0])
	var old int64
	atomic.AddInt64(&old, 3)
	atomic.StoreInt64(&old, atomic.LoadInt64(&old)*2)
	fmt.Println(old, atomic.CompareAndSwapInt64(&old, 6, 1), old)
	defer func() {
		fmt.Println("store of another type:", recover())
		var wg sync.WaitGroup
		wg.Done()
	}()
	flag.Store(1)
}
