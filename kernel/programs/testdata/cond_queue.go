// A bounded queue with sync.Cond, generic, with Close; dining philosophers; a
// barrier and a readers-writers count.
package main

import (
	"fmt"
	"sort"
	"strings"
	"sync"
)

type Queue[T any] struct {
	mu       sync.Mutex
	notEmpty *sync.Cond
	notFull  *sync.Cond
	ring     []T
	head, n  int
	closed   bool
}

func NewQueue[T any](size int) *Queue[T] {
	q := &Queue[T]{ring: make([]T, size)}
	q.notEmpty = sync.NewCond(&q.mu)
	q.notFull = sync.NewCond(&q.mu)
	return q
}

func (q *Queue[T]) Put(v T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.n == len(q.ring) && !q.closed {
		q.notFull.Wait()
	}
	if q.closed {
		return false
	}
	q.ring[(q.head+q.n)%len(q.ring)] = v
	q.n++
	q.notEmpty.Signal()
	return true
}

func (q *Queue[T]) Get() (v T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.n == 0 {
		if q.closed {
			return
		}
		q.notEmpty.Wait()
	}
	v = q.ring[q.head]
	var zero T
	q.ring[q.head] = zero
	q.head = (q.head + 1) % len(q.ring)
	q.n--
	q.notFull.Signal()
	return v, true
}

func (q *Queue[T]) Close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.notEmpty.Broadcast()
	q.notFull.Broadcast()
}

type Barrier struct {
	sync.Mutex
	cond       *sync.Cond
	n, waiting int
	generation int
}

func NewBarrier(n int) *Barrier {
	b := &Barrier{n: n}
	b.cond = sync.NewCond(b)
	return b
}

func (b *Barrier) Wait() int {
	b.Lock()
	defer b.Unlock()
	gen := b.generation
	b.waiting++
	if b.waiting == b.n {
		b.generation++
		b.waiting = 0
		b.cond.Broadcast()
		return gen
	}
	for gen == b.generation {
		b.cond.Wait()
	}
	return gen
}

type fork struct{ sync.Mutex }

type philosopher struct {
	name        string
	left, right *fork
	meals       int
}

func (p *philosopher) dine(times int, wg *sync.WaitGroup) {
	defer wg.Done()
	for range times {
		p.left.Lock()
		p.right.Lock()
		p.meals++
		p.right.Unlock()
		p.left.Unlock()
	}
}

func main() {
	q := NewQueue[string](2)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var got []string
	for c := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				v, ok := q.Get()
				if !ok {
					return
				}
				mu.Lock()
				got = append(got, v)
				mu.Unlock()
				_ = c
			}
		}()
	}
	var producers sync.WaitGroup
	for p := range 4 {
		producers.Add(1)
		go func() {
			defer producers.Done()
			for i := range 5 {
				q.Put(fmt.Sprintf("%c%d", 'a'+p, i))
			}
		}()
	}
	producers.Wait()
	q.Close()
	wg.Wait()
	sort.Strings(got)
	fmt.Println(len(got), strings.Join(got, ","))
	v, ok := q.Get()
	fmt.Printf("%q %t put after close: %t\n", v, ok, q.Put("x"))

	forks := make([]fork, 5)
	var ps []*philosopher
	for i, n := range strings.Fields("Plato Kant Hume Locke Marx") {
		l, r := &forks[i], &forks[(i+1)%5]
		if i == 4 {
			l, r = r, l // the last one is left-handed: no deadlock
		}
		ps = append(ps, &philosopher{name: n, left: l, right: r})
	}
	wg.Add(len(ps))
	for _, p := range ps {
		go p.dine(100, &wg)
	}
	wg.Wait()
	for _, p := range ps {
		fmt.Print(p.name, " ", p.meals, "; ")
	}
	fmt.Println()

	b := NewBarrier(4)
	var phases [3]int
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range phases {
				b.Lock()
				phases[i]++
				b.Unlock()
				if g := b.Wait(); g != i {
					panic(fmt.Sprint("wrong generation ", g))
				}
			}
		}()
	}
	wg.Wait()
	fmt.Println(phases, b.generation)

	var rw sync.RWMutex
	data := map[int]int{}
	for i := range 10 {
		wg.Go(func() { rw.Lock(); data[i] = i * i; rw.Unlock() })
		wg.Go(func() { rw.RLock(); defer rw.RUnlock(); _ = data[i] })
	}
	wg.Wait()
	fmt.Println(data)
	fmt.Println(rw.TryLock(), rw.TryRLock(), mu.TryLock())
}
