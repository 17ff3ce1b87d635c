// Mutex, atomic, channel as lock give the same sums.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type counter interface {
	inc()
	get() int
}
type mu struct {
	sync.Mutex
	n int
}

func (m *mu) inc()     { m.Lock(); m.n++; m.Unlock() }
func (m *mu) get() int { return m.n }

type at struct{ atomic.Int64 }

func (a *at) inc()     { a.Add(1) }
func (a *at) get() int { return int(a.Load()) }

type ch struct {
	c chan struct{}
	n int
}

func (c *ch) inc()     { c.c <- struct{}{}; c.n++; <-c.c }
func (c *ch) get() int { return c.n }
func main() {
	for _, c := range []counter{&mu{}, &at{}, &ch{c: make(chan struct{}, 1)}} {
		var wg sync.WaitGroup
		for range 20 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range 50 {
					c.inc()
				}
			}()
		}
		wg.Wait()
		fmt.Printf("%T %d\n", c, c.get())
	}
}
