// A concurrent echo server: a goroutine for each connection, counted, with a
// context that ends it gracefully.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

type server struct {
	listener net.Listener
	wg       sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]struct{}

	total  atomic.Int64
	active atomic.Int32
}

func newServer() (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return &server{listener: l, conns: make(map[net.Conn]struct{})}, nil
}

func (s *server) track(c net.Conn, add bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if add {
		s.conns[c] = struct{}{}
		s.active.Add(1)
		s.total.Add(1)
		return
	}
	delete(s.conns, c)
	s.active.Add(-1)
}

func (s *server) run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { s.listener.Close() })
	defer stop()
	for {
		c, err := s.listener.Accept()
		if err != nil {
			if ctx.Err() != nil {
				break
			}
			return err
		}
		s.track(c, true)
		s.wg.Add(1)
		go func() {
			defer s.wg.Done()
			defer s.track(c, false)
			defer c.Close()
			s.serve(ctx, c)
		}()
	}
	s.mu.Lock()
	for c := range s.conns {
		c.SetReadDeadline(time.Now())
	}
	s.mu.Unlock()
	s.wg.Wait()
	return context.Cause(ctx)
}

func (s *server) serve(ctx context.Context, c net.Conn) {
	sc := bufio.NewScanner(c)
	for sc.Scan() {
		fmt.Fprintln(c, "echo:", sc.Text())
	}
	var nerr net.Error
	if errors.As(sc.Err(), &nerr) && nerr.Timeout() {
		fmt.Fprintln(c, "server is going down:", ctx.Err())
	}
}

func main() {
	s, err := newServer()
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	result := make(chan error)
	go func() { result <- s.run(ctx) }()

	const n = 8
	var mu sync.Mutex
	var answers []string
	var idle []net.Conn
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c, err := net.Dial("tcp", s.listener.Addr().String())
			if err != nil {
				log.Print(err)
				return
			}
			r := bufio.NewReader(c)
			for j := 0; j < 3; j++ {
				fmt.Fprintf(c, "message %d of client %d\n", j, i)
				line, err := r.ReadString('\n')
				if err != nil {
					log.Print(err)
					return
				}
				mu.Lock()
				answers = append(answers, line)
				mu.Unlock()
			}
			if i%2 == 0 {
				c.Close()
				return
			}
			mu.Lock()
			idle = append(idle, c)
			mu.Unlock()
		}()
	}
	wg.Wait()
	sort.Strings(answers)
	for _, a := range answers {
		fmt.Print(a)
	}
	fmt.Println("idle connections:", len(idle), "total:", s.total.Load())
	cancel(errors.New("maintenance"))
	fmt.Println("run returned:", <-result)
	for _, c := range idle {
		line, err := bufio.NewReader(c).ReadString('\n')
		fmt.Printf("%q %v\n", line, err)
		c.Close()
	}
	fmt.Println("active:", s.active.Load())
}
