// Heartbeats over a connection; a peer that goes silent is found by a deadline.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

type event struct {
	peer string
	what string
}

type monitor struct {
	net.Conn
	name   string
	limit  time.Duration
	events chan<- event
}

var errSilent = errors.New("peer is silent")

func (m *monitor) watch(ctx context.Context) error {
	sc := bufio.NewScanner(m)
	beats := 0
	for {
		m.SetReadDeadline(time.Now().Add(m.limit))
		if !sc.Scan() {
			break
		}
		switch text := sc.Text(); {
		case text == "beat":
			if beats++; beats == 3 {
				m.events <- event{m.name, "three beats"}
			}
		case strings.HasPrefix(text, "bye"):
			m.events <- event{m.name, text}
			return nil
		default:
			m.events <- event{m.name, "said " + text}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err := sc.Err(); errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("%s: %w", m.name, errSilent)
	} else if err != nil {
		return err
	}
	return fmt.Errorf("%s: closed without bye", m.name)
}

type behaviour func(c net.Conn, tick <-chan time.Time)

func good(c net.Conn, tick <-chan time.Time) {
	for i := 0; i < 5; i++ {
		<-tick
		fmt.Fprintln(c, "beat")
	}
	fmt.Fprintln(c, "bye now")
}

func silent(c net.Conn, tick <-chan time.Time) {
	fmt.Fprintln(c, "beat")
	for range 100 {
		<-tick
	}
}

func rude(c net.Conn, tick <-chan time.Time) {
	fmt.Fprint(c, "beat\nbeat\nbeat\nwhatever\n")
	c.Close()
}

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	events := make(chan event, 16)
	peers := []struct {
		name string
		f    behaviour
	}{{"good", good}, {"silent", silent}, {"rude", rude}}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	var wg sync.WaitGroup
	results := make(map[string]error)
	for _, p := range peers {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			log.Fatal(err)
		}
		s, err := l.Accept()
		if err != nil {
			log.Fatal(err)
		}
		stop := make(chan struct{})
		go func() {
			defer close(stop)
			t := time.NewTicker(5 * time.Millisecond)
			defer t.Stop()
			p.f(c, t.C)
		}()
		wg.Go(func() {
			limit := 5 * time.Second
			if p.name == "silent" {
				limit = 100 * time.Millisecond
			}
			m := &monitor{s, p.name, limit, events}
			err := m.watch(ctx)
			m.Close()
			mu.Lock()
			results[p.name] = err
			mu.Unlock()
		})
		_ = stop
	}
	wg.Wait()
	close(events)
	by := map[string][]string{}
	for e := range events {
		by[e.peer] = append(by[e.peer], e.what)
	}
	for _, p := range peers {
		err := results[p.name]
		fmt.Printf("%-7s %q err=%v silent=%t\n", p.name, by[p.name], err, errors.Is(err, errSilent))
	}
}

var mu sync.Mutex
