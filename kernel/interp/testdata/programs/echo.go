package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strings"
	"sync"
)

type Server struct {
	ln    net.Listener
	wg    sync.WaitGroup
	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

func NewServer(addr string) (*Server, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return &Server{ln: ln, conns: make(map[net.Conn]struct{})}, nil
}

func (s *Server) Serve() {
	for {
		c, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[c] = struct{}{}
		s.mu.Unlock()
		s.wg.Add(1)
		go s.handle(c)
	}
}

func (s *Server) handle(c net.Conn) {
	defer s.wg.Done()
	defer func() {
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
		c.Close()
	}()
	sc := bufio.NewScanner(c)
	for sc.Scan() {
		line := sc.Text()
		if line == "quit" {
			fmt.Fprintln(c, "bye")
			return
		}
		if _, err := fmt.Fprintf(c, "echo: %s\n", strings.ToUpper(line)); err != nil {
			log.Println(err)
			return
		}
	}
}

func (s *Server) Close() error {
	err := s.ln.Close()
	s.wg.Wait()
	return err
}

func main() {
	log.SetOutput(os.Stdout)
	log.SetFlags(0)
	s, err := NewServer("127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go s.Serve()
	c, err := net.Dial("tcp", s.ln.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	r := bufio.NewReader(c)
	for _, w := range []string{"hello", "world", "quit"} {
		fmt.Fprintln(c, w)
		line, err := r.ReadString('\n')
		fmt.Printf("%q %v\n", line, err)
	}
	_, err = r.ReadByte()
	fmt.Println(err == io.EOF, err)
	fmt.Println(s.Close())
	_, err = net.Dial("tcp", s.ln.Addr().String())
	if oe, ok := err.(*net.OpError); ok {
		fmt.Println(oe.Op, oe.Net)
	}
}
