// One thread, many clients: a server with poll(2) and raw sockets.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"sort"

	"golang.org/x/sys/unix"
)

type pollServer struct {
	lfd   int
	fds   []unix.PollFd
	buf   map[int32]*bytes.Buffer
	stats struct {
		accepted, closed, lines int
	}
}

func check(what string, err error) {
	if err != nil {
		log.Fatalf("%s: %v", what, os.NewSyscallError(what, err))
	}
}

func listen() (fd, port int) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	check("socket", err)
	check("setsockopt", unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1))
	sa := &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	check("bind", unix.Bind(fd, sa))
	check("listen", unix.Listen(fd, 16))
	name, err := unix.Getsockname(fd)
	check("getsockname", err)
	switch a := name.(type) {
	case *unix.SockaddrInet4:
		return fd, a.Port
	default:
		log.Fatalf("strange address %T", a)
	}
	return
}

func (s *pollServer) accept() {
	for {
		fd, _, err := unix.Accept4(s.lfd, unix.SOCK_NONBLOCK)
		if errors.Is(err, unix.EAGAIN) {
			return
		}
		check("accept", err)
		s.stats.accepted++
		s.fds = append(s.fds, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
		s.buf[int32(fd)] = new(bytes.Buffer)
	}
}

func (s *pollServer) read(fd int32) (open bool) {
	var b [8]byte
	for {
		n, err := unix.Read(int(fd), b[:])
		switch {
		case err == unix.EAGAIN:
			return true
		case err == unix.EINTR:
			continue
		case err != nil || n == 0:
			return false
		}
		buf := s.buf[fd]
		buf.Write(b[:n])
		for {
			line, err := buf.ReadBytes('\n')
			if err != nil {
				buf.Write(line)
				break
			}
			s.stats.lines++
			reverse(line[:len(line)-1])
			unix.Write(int(fd), line)
		}
	}
}

func reverse[E any](s []E) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

func (s *pollServer) run(until int) {
	s.buf = map[int32]*bytes.Buffer{}
	s.fds = []unix.PollFd{{Fd: int32(s.lfd), Events: unix.POLLIN}}
	for s.stats.closed < until {
		n, err := unix.Poll(s.fds, -1)
		if err == unix.EINTR {
			continue
		}
		check("poll", err)
		for i := len(s.fds) - 1; i >= 0 && n > 0; i-- {
			p := s.fds[i]
			if p.Revents == 0 {
				continue
			}
			n--
			if i == 0 {
				s.accept()
				continue
			}
			if p.Revents&(unix.POLLIN|unix.POLLHUP) != 0 && !s.read(p.Fd) {
				unix.Close(int(p.Fd))
				delete(s.buf, p.Fd)
				s.fds = append(s.fds[:i], s.fds[i+1:]...)
				s.stats.closed++
			}
		}
	}
	unix.Close(s.lfd)
}

func main() {
	fd, port := listen()
	s := &pollServer{lfd: fd}
	done := make(chan struct{})
	go func() { s.run(3); close(done) }()
	answers := make(chan string)
	for i := 0; i < 3; i++ {
		go func(id int) {
			c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
			if err != nil {
				log.Fatal(err)
			}
			defer c.Close()
			for j := 0; j < 2; j++ {
				fmt.Fprintf(c, "client-%d message-%d\n", id, j)
				var a, b string
				if _, err := fmt.Fscan(c, &a, &b); err != nil {
					log.Fatal(err)
				}
				answers <- a + " " + b
			}
		}(i)
	}
	var all []string
	for range 6 {
		all = append(all, <-answers)
	}
	<-done
	sort.Strings(all)
	for _, a := range all {
		fmt.Println(a)
	}
	fmt.Printf("%+v\n", s.stats)
}
