// Deadlines: what a read returns when time is up, and how to go on.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"time"
)

type timeoutReader struct {
	net.Conn
	limit time.Duration
	times int
}

// Read sets a fresh deadline for each read.
func (t *timeoutReader) Read(p []byte) (int, error) {
	if err := t.Conn.SetReadDeadline(time.Now().Add(t.limit)); err != nil {
		return 0, err
	}
	n, err := t.Conn.Read(p)
	if ne, ok := err.(net.Error); ok && ne.Timeout() {
		t.times++
	}
	return n, err
}

func describe(err error) string {
	switch {
	case err == nil:
		return "no error"
	case errors.Is(err, io.EOF):
		return "EOF"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "deadline exceeded"
	case errors.Is(err, net.ErrClosed):
		return "closed"
	}
	return "other: " + err.Error()
}

func serve(l net.Listener, step <-chan string) {
	c, err := l.Accept()
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	for s := range step {
		if _, err := io.WriteString(c, s); err != nil {
			log.Fatal(err)
		}
	}
}

func main() {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	step := make(chan string)
	go serve(l, step)

	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	r := &timeoutReader{Conn: conn, limit: 30 * time.Millisecond}
	buf := make([]byte, 64)
	for i, text := range []string{"", "first", "", "second", ""} {
		if text != "" {
			step <- text
		}
		if text == "" {
			n, err := r.Read(buf)
			fmt.Println(i, n, describe(err))
			continue
		}
		got := make([]byte, len(text))
		r.limit = time.Second
		_, err := io.ReadFull(r, got)
		fmt.Println(i, string(got), describe(err))
		r.limit = 30 * time.Millisecond
	}
	fmt.Println("timeouts:", r.times)

	close(step)
	conn.SetReadDeadline(time.Time{})
	n, err := conn.Read(buf)
	fmt.Println(n, describe(err))

	conn.SetDeadline(time.Unix(1, 0))
	_, err = conn.Write([]byte("late"))
	fmt.Println("write:", describe(err))
	var op *net.OpError
	fmt.Println(errors.As(err, &op), op.Op, op.Timeout(), op.Err == os.ErrDeadlineExceeded)

	conn.Close()
	_, err = conn.Read(buf)
	fmt.Println("after close:", describe(err))
	fmt.Println("second close:", describe(conn.Close()))

	type deadliner interface{ SetDeadline(t time.Time) error }
	var d deadliner = r
	fmt.Println("set on a closed one:", describe(d.SetDeadline(time.Now())))

	tl := l.(*net.TCPListener)
	tl.SetDeadline(time.Now().Add(10 * time.Millisecond))
	_, err = tl.Accept()
	fmt.Println("accept:", describe(err))
}
