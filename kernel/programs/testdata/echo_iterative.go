// An iterative echo server: one client after the other, as in UNP chapter 5.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strings"
)

const clients = 3

// EchoServer serves one connection at a time.
type EchoServer struct {
	ln     net.Listener
	served int
	bytes  int64
}

func NewEchoServer(addr string) (*EchoServer, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("echo server: %w", err)
	}
	return &EchoServer{ln: ln}, nil
}

func (s *EchoServer) Addr() string { return s.ln.Addr().String() }

func (s *EchoServer) Serve(max int) error {
	defer s.ln.Close()
	for s.served < max {
		conn, err := s.ln.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		n, err := s.handle(conn)
		s.bytes += n
		s.served++
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *EchoServer) handle(conn net.Conn) (n int64, err error) {
	defer func() {
		if cerr := conn.Close(); err == nil {
			err = cerr
		}
	}()
	buf := make([]byte, 16)
	for {
		r, rerr := conn.Read(buf)
		if r > 0 {
			w, werr := conn.Write(buf[:r])
			n += int64(w)
			if werr != nil {
				return n, werr
			}
		}
		if rerr == io.EOF {
			return n, nil
		}
		if rerr != nil {
			return n, rerr
		}
	}
}

func client(id int, addr string, lines ...string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for _, line := range lines {
		if _, err := fmt.Fprintf(conn, "%s\n", line); err != nil {
			return err
		}
		answer, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		answer = strings.TrimRight(answer, "\n")
		fmt.Printf("client %d: sent %q, got %q, same: %t\n", id, line, answer, answer == line)
	}
	return nil
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("echo: ")
	srv, err := NewEchoServer("127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(clients) }()
	for i := 1; i <= clients; i++ {
		lines := []string{"hello", strings.Repeat("x", i*20), "bye " + fmt.Sprint(i)}
		if err := client(i, srv.Addr(), lines...); err != nil {
			log.Println("client", i, "failed:", err)
			os.Exit(1)
		}
	}
	if err := <-done; err != nil {
		log.Fatal(err)
	}
	fmt.Println("served", srv.served, "clients,", srv.bytes, "bytes")
	_, err = net.Dial("tcp", srv.Addr())
	var op *net.OpError
	if errors.As(err, &op) {
		fmt.Println("after close:", op.Op, op.Net, op.Err)
	}
}
