// A token bucket and a sliding window, both on a clock that the program sets,
// and a limited listener.
package main

import (
	"errors"
	"fmt"
	"log"
	"net"
	"strings"
	"sync"
	"time"
)

// Clock is what a limiter needs to know about time.
type Clock interface {
	Now() time.Time
}

type fakeClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *fakeClock) Advance(d time.Duration) {
	c.mu.Lock()
	c.t = c.t.Add(d)
	c.mu.Unlock()
}

type Limiter interface {
	Allow() bool
	fmt.Stringer
}

type TokenBucket struct {
	Clock
	rate   float64 // tokens a second
	burst  float64
	tokens float64
	last   time.Time
}

func NewTokenBucket(c Clock, rate, burst float64) *TokenBucket {
	return &TokenBucket{Clock: c, rate: rate, burst: burst, tokens: burst, last: c.Now()}
}

func (b *TokenBucket) Allow() bool {
	now := b.Now()
	b.tokens = min(b.burst, b.tokens+now.Sub(b.last).Seconds()*b.rate)
	b.last = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

func (b *TokenBucket) String() string { return fmt.Sprintf("bucket %.1f/%.0f", b.tokens, b.burst) }

type Window struct {
	clock Clock
	size  time.Duration
	max   int
	times []time.Time
}

func (w *Window) Allow() bool {
	now := w.clock.Now()
	i := 0
	for i < len(w.times) && now.Sub(w.times[i]) >= w.size {
		i++
	}
	w.times = append(w.times[:0], w.times[i:]...)
	if len(w.times) >= w.max {
		return false
	}
	w.times = append(w.times, now)
	return true
}

func (w Window) String() string {
	return fmt.Sprintf("window %d/%d in %v", len(w.times), w.max, w.size)
}

func play(c *fakeClock, l Limiter) {
	var b strings.Builder
	for step := range 12 {
		if l.Allow() {
			b.WriteByte('+')
		} else {
			b.WriteByte('.')
		}
		if step%3 == 2 {
			c.Advance(500 * time.Millisecond)
			b.WriteByte('|')
		}
	}
	fmt.Println(b.String(), l)
}

// limitListener refuses connections beyond the limiter.
type limitListener struct {
	net.Listener
	limit Limiter
	mu    sync.Mutex
	no    int
}

var errLimited = errors.New("limited")

func (l *limitListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.limit.Allow() {
		l.no++
		fmt.Fprintln(c, "too many")
		c.Close()
		return nil, errLimited
	}
	return c, nil
}

func main() {
	clock := &fakeClock{t: time.Date(2024, time.February, 28, 23, 59, 59, 0, time.UTC)}
	start := clock.Now()
	play(clock, NewTokenBucket(clock, 2, 4))
	play(clock, &Window{clock: clock, size: time.Second, max: 2})
	fmt.Println(clock.Now().Sub(start), clock.Now().Format(time.RFC3339))

	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	l := &limitListener{Listener: inner, limit: NewTokenBucket(clock, 1, 2)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			switch {
			case err == errLimited:
				continue
			case err != nil:
				return
			}
			fmt.Fprintln(c, "welcome")
			c.Close()
		}
	}()
	for i := 1; i <= 5; i++ {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			log.Fatal(err)
		}
		var word string
		_, err = fmt.Fscanln(c, &word)
		fmt.Println(i, word, err)
		c.Close()
		if i == 4 {
			clock.Advance(time.Minute)
		}
	}
	l.Close()
	<-done
	fmt.Println("refused:", l.no, l.limit)
}
