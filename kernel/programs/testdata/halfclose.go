// Half-close: CloseWrite and CloseRead, shutdown against close, with raw
// descriptors that are duplicated.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"sort"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

func pair() (client, server *net.TCPConn) {
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.ParseIP("127.0.0.1")})
	if err != nil {
		log.Panicln(err)
	}
	defer l.Close()
	c, err := net.DialTCP("tcp", nil, l.Addr().(*net.TCPAddr))
	if err != nil {
		log.Panicln(err)
	}
	s, err := l.AcceptTCP()
	if err != nil {
		log.Panicln(err)
	}
	return c, s
}

func sorter(s *net.TCPConn) error {
	defer s.Close()
	var lines []string
	sc := bufio.NewScanner(s)
	for sc.Scan() {
		lines = append(lines, sc.Text())
	}
	if err := sc.Err(); err != nil {
		return err
	}
	sort.Strings(lines)
	_, err := io.WriteString(s, strings.Join(lines, "\n")+"\n")
	return err
}

func sortRemotely() {
	c, s := pair()
	defer c.Close()
	errc := make(chan error, 1)
	go func() { errc <- sorter(s) }()
	for _, w := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		fmt.Fprintln(c, w)
	}
	if err := c.CloseWrite(); err != nil {
		log.Panicln(err)
	}
	_, err := c.Write([]byte("too late"))
	fmt.Println("write after CloseWrite:", errors.Is(err, syscall.EPIPE))
	out, err := io.ReadAll(c)
	fmt.Printf("%q %v %v\n", strings.Fields(string(out)), err, <-errc)
}

func closeIsNotShutdown() {
	c, s := pair()
	f, err := c.File() // a duplicate
	if err != nil {
		log.Panicln(err)
	}
	c.Close()
	if _, err := f.Write([]byte("still open")); err != nil {
		log.Panicln(err)
	}
	buf := make([]byte, 32)
	n, err := s.Read(buf)
	fmt.Printf("after close of one of two: %q %v\n", buf[:n], err)
	fmt.Println("shutdown:", unix.Shutdown(int(f.Fd()), unix.SHUT_WR))
	n, err = s.Read(buf)
	fmt.Println("now", n, err == io.EOF)
	s.Write([]byte("answer"))
	n, err = f.Read(buf)
	fmt.Println(string(buf[:n]), err)
	f.Close()
	s.Close()
}

func shutRead() {
	c, s := pair()
	defer c.Close()
	defer s.Close()
	if err := c.CloseRead(); err != nil {
		log.Panicln(err)
	}
	_, err := s.Write([]byte("to a reader that is shut"))
	fmt.Println("peer's write:", err)
	n, err := c.Read(make([]byte, 100))
	fmt.Println("own read:", n > 0 || err == io.EOF)
}

func wake() {
	c, s := pair()
	defer s.Close()
	type answer struct {
		n   int
		err error
	}
	got := make(chan answer)
	for i := 0; i < 2; i++ {
		go func() {
			n, err := c.Read(make([]byte, 1))
			got <- answer{n, err}
		}()
		if i == 0 {
			s.CloseWrite()
			a := <-got
			fmt.Println("woken by the peer:", a.n, a.err)
		}
	}
	a := <-got
	fmt.Println("and again:", a.n, a.err)
	c.Close()
	_, err := c.Read(make([]byte, 1))
	var op *net.OpError
	fmt.Println(errors.As(err, &op), op.Err == net.ErrClosed, errors.Is(err, os.ErrClosed), op.Unwrap() == net.ErrClosed)
	fmt.Println("CloseWrite:", errors.Is(c.CloseWrite(), net.ErrClosed))
}

func main() {
	for i, f := range []func(){sortRemotely, closeIsNotShutdown, shutRead, wake} {
		fmt.Println("--", i+1)
		f()
	}
}
