// A pool of connections with a limit, idle reuse and a check of health.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"sync"
	"time"
)

var (
	ErrPoolClosed = errors.New("pool is closed")
	ErrBadConn    = errors.New("bad connection")
)

type Pool struct {
	dial func(context.Context) (net.Conn, error)
	sem  chan struct{}

	mu     sync.Mutex
	idle   []*Conn
	closed bool
	stats  Stats
}

type Stats struct{ Dialed, Reused, Discarded int }

type Conn struct {
	net.Conn
	pool *Pool
	bad  bool
	r    *bufio.Reader
	once sync.Once
}

func NewPool(max int, dial func(context.Context) (net.Conn, error)) *Pool {
	return &Pool{dial: dial, sem: make(chan struct{}, max)}
}

func (p *Pool) Get(ctx context.Context) (_ *Conn, err error) {
	select {
	case p.sem <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("get a connection: %w", ctx.Err())
	}
	defer func() {
		if err != nil {
			<-p.sem
		}
	}()
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, ErrPoolClosed
	}
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.stats.Reused++
		p.mu.Unlock()
		return &Conn{Conn: c.Conn, pool: p, r: c.r}, nil
	}
	p.stats.Dialed++
	p.mu.Unlock()
	nc, err := p.dial(ctx)
	if err != nil {
		return nil, errors.Join(ErrBadConn, err)
	}
	return &Conn{Conn: nc, pool: p, r: bufio.NewReader(nc)}, nil
}

// Close gives the connection back.
func (c *Conn) Close() error {
	var err error
	c.once.Do(func() {
		p := c.pool
		p.mu.Lock()
		defer p.mu.Unlock()
		if c.bad || p.closed {
			p.stats.Discarded++
			err = c.Conn.Close()
		} else {
			p.idle = append(p.idle, c)
		}
		<-p.sem
	})
	return err
}

func (c *Conn) Ask(q string) (string, error) {
	if _, err := fmt.Fprintln(c, q); err != nil {
		c.bad = true
		return "", err
	}
	a, err := c.r.ReadString('\n')
	if err != nil {
		c.bad = true
		return "", fmt.Errorf("%w: %w", ErrBadConn, err)
	}
	return a[:len(a)-1], nil
}

func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, c := range p.idle {
		c.Conn.Close()
	}
	p.idle = nil
}

func serve(l net.Listener) {
	for id := 1; ; id++ {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			s := bufio.NewScanner(c)
			for n := 1; s.Scan(); n++ {
				if s.Text() == "die" {
					return
				}
				fmt.Fprintf(c, "%s? connection %d, question %d\n", s.Text(), id, n)
			}
		}()
	}
}

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go serve(l)
	var d net.Dialer
	pool := NewPool(2, func(ctx context.Context) (net.Conn, error) {
		return d.DialContext(ctx, "tcp", l.Addr().String())
	})
	ctx := context.Background()
	c1, _ := pool.Get(ctx)
	fmt.Println(c1.Ask("who"))
	c2, _ := pool.Get(ctx)
	fmt.Println(c2.Ask("who"))
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	_, err = pool.Get(short)
	cancel()
	fmt.Println("third:", err, errors.Is(err, context.DeadlineExceeded))
	c1.Close()
	c1.Close()
	c3, err := pool.Get(ctx)
	fmt.Println(err)
	fmt.Println(c3.Ask("again"))
	_, err = c2.Ask("die")
	fmt.Println(err, errors.Is(err, ErrBadConn))
	c2.Close()
	c4, _ := pool.Get(ctx)
	fmt.Println(c4.Ask("new"))
	fmt.Printf("%+v\n", pool.stats)
	c3.Close()
	pool.Close()
	c4.Close()
	_, err = pool.Get(ctx)
	fmt.Println(err == ErrPoolClosed, pool.stats)

	bad := NewPool(1, func(context.Context) (net.Conn, error) { return nil, errors.New("cable is cut") })
	for range 2 {
		_, err = bad.Get(ctx)
		fmt.Printf("%q %t\n", err, errors.Is(err, ErrBadConn))
	}
}
