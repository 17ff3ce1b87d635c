// A port forwarder that copies both ways, with half-close carried over.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"sync/atomic"
)

type halfCloser interface {
	net.Conn
	CloseWrite() error
}

var _ halfCloser = (*net.TCPConn)(nil)

type meter struct {
	io.Reader
	count *atomic.Int64
}

func (m meter) Read(p []byte) (n int, err error) {
	n, err = m.Reader.Read(p)
	m.count.Add(int64(n))
	return
}

type forwarder struct {
	net.Listener
	target   string
	up, down atomic.Int64
	wg       sync.WaitGroup
}

func listen(target string) (*forwarder, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("forward to %s: %w", target, err)
	}
	f := &forwarder{Listener: l, target: target}
	f.wg.Add(1)
	go f.loop()
	return f, nil
}

func (f *forwarder) loop() {
	defer f.wg.Done()
	for {
		c, err := f.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		} else if err != nil {
			log.Print(err)
			return
		}
		f.wg.Add(1)
		go func(c halfCloser) {
			defer f.wg.Done()
			f.forward(c)
		}(c.(halfCloser))
	}
}

func (f *forwarder) forward(client halfCloser) {
	defer client.Close()
	conn, err := net.Dial("tcp", f.target)
	if err != nil {
		fmt.Fprintln(client, "cannot connect")
		return
	}
	defer conn.Close()
	server := conn.(halfCloser)
	var wg sync.WaitGroup
	pipe := func(dst, src halfCloser, n *atomic.Int64) {
		defer wg.Done()
		if _, err := io.Copy(dst, meter{src, n}); err != nil {
			log.Println("copy:", err)
		}
		dst.CloseWrite()
	}
	wg.Add(2)
	go pipe(server, client, &f.up)
	go pipe(client, server, &f.down)
	wg.Wait()
}

// counter is a server that answers only when the client said that was all.
func counter(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			words, lines := 0, 0
			s := bufio.NewScanner(c)
			for s.Scan() {
				lines++
				words += len(strings.Fields(s.Text()))
			}
			fmt.Fprintf(c, "%d lines, %d words\n", lines, words)
		}()
	}
}

func main() {
	log.SetFlags(0)
	target, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go counter(target)
	f, err := listen(target.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	texts := []string{"one two three\nfour\n", "", strings.Repeat("word ", 10000)}
	for i, text := range texts {
		c, err := net.Dial("tcp", f.Addr().String())
		if err != nil {
			log.Fatal(err)
		}
		if _, err := io.Copy(c, strings.NewReader(text)); err != nil {
			log.Fatal(err)
		}
		if tc, ok := c.(*net.TCPConn); ok {
			tc.CloseWrite()
		}
		if _, err := c.Write([]byte("more")); err != nil {
			var op *net.OpError
			fmt.Println("write after CloseWrite:", errors.As(err, &op) && op.Op == "write")
		}
		answer, err := io.ReadAll(c)
		fmt.Printf("%d: %s%v\n", i, answer, err)
		c.Close()
	}
	target.Close()
	c, err := net.Dial("tcp", f.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	answer, _ := io.ReadAll(c)
	fmt.Printf("without target: %s", answer)
	c.Close()
	f.Close()
	f.wg.Wait()
	fmt.Println("up", f.up.Load(), "down", f.down.Load())
}
