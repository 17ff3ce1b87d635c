// An event loop on epoll(7), edge-triggered, with callbacks; and an eventfd
// that ends it.
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"net"
	"strings"

	"golang.org/x/sys/unix"
)

type handler func(events uint32) error

type Loop struct {
	epfd     int
	wake     int
	handlers map[int]handler
	stopped  bool
}

type opError struct {
	op  string
	err error
}

func (e *opError) Error() string { return e.op + ": " + e.err.Error() }
func (e *opError) Unwrap() error { return e.err }

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return &opError{op, err}
}

func NewLoop() (*Loop, error) {
	epfd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, wrap("epoll_create1", err)
	}
	wake, err := unix.Eventfd(0, unix.EFD_NONBLOCK)
	if err != nil {
		return nil, wrap("eventfd", err)
	}
	l := &Loop{epfd: epfd, wake: wake, handlers: make(map[int]handler)}
	return l, l.Add(wake, unix.EPOLLIN, func(uint32) error {
		var b [8]byte
		if _, err := unix.Read(wake, b[:]); err != nil {
			return err
		}
		fmt.Println("woken with", binary.NativeEndian.Uint64(b[:]))
		l.stopped = true
		return nil
	})
}

func (l *Loop) Add(fd int, events uint32, h handler) error {
	l.handlers[fd] = h
	return wrap("epoll_ctl add", unix.EpollCtl(l.epfd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: events, Fd: int32(fd)}))
}

func (l *Loop) Remove(fd int) error {
	delete(l.handlers, fd)
	return wrap("epoll_ctl del", unix.EpollCtl(l.epfd, unix.EPOLL_CTL_DEL, fd, nil))
}

func (l *Loop) Run() error {
	events := make([]unix.EpollEvent, 8)
	for !l.stopped {
		n, err := unix.EpollWait(l.epfd, events, -1)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return wrap("epoll_wait", err)
		}
		for _, ev := range events[:n] {
			if h, ok := l.handlers[int(ev.Fd)]; ok {
				if err := h(ev.Events); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (l *Loop) Stop(n uint64) error {
	_, err := unix.Write(l.wake, binary.NativeEndian.AppendUint64(nil, n))
	return wrap("write eventfd", err)
}

type conn struct {
	fd   int
	loop *Loop
	in   strings.Builder
}

func (c *conn) event(events uint32) error {
	buf := make([]byte, 5)
	for {
		n, err := unix.Read(c.fd, buf)
		if err == unix.EAGAIN {
			break
		} else if err != nil {
			return wrap("read", err)
		}
		if n == 0 {
			out := fmt.Sprintf("you said %d bytes: %s", c.in.Len(), strings.ToUpper(c.in.String()))
			for p := []byte(out); len(p) > 0; {
				n, err := unix.Write(c.fd, p)
				if err != nil {
					return wrap("write", err)
				}
				p = p[n:]
			}
			c.loop.Remove(c.fd)
			return wrap("close", unix.Close(c.fd))
		}
		c.in.Write(buf[:n])
	}
	return nil
}

func main() {
	loop, err := NewLoop()
	if err != nil {
		log.Fatal(err)
	}
	lfd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, unix.IPPROTO_TCP)
	if err != nil {
		log.Fatal(err)
	}
	if err := unix.Bind(lfd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		log.Fatal(err)
	}
	if err := unix.Listen(lfd, 5); err != nil {
		log.Fatal(err)
	}
	sa, _ := unix.Getsockname(lfd)
	addr := fmt.Sprintf("127.0.0.1:%d", sa.(*unix.SockaddrInet4).Port)
	err = loop.Add(lfd, unix.EPOLLIN|unix.EPOLLET, func(events uint32) error {
		for {
			fd, _, err := unix.Accept4(lfd, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
			if err == unix.EAGAIN {
				return nil
			} else if err != nil {
				return wrap("accept4", err)
			}
			c := &conn{fd: fd, loop: loop}
			if err := loop.Add(fd, unix.EPOLLIN|unix.EPOLLRDHUP|unix.EPOLLET, c.event); err != nil {
				return err
			}
		}
	})
	if err != nil {
		log.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- loop.Run() }()

	for _, text := range []string{"hello", "", "a longer text that needs many reads"} {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Fprint(c, text)
		c.(*net.TCPConn).CloseWrite()
		var b [200]byte
		n := 0
		for {
			m, err := c.Read(b[n:])
			n += m
			if err != nil {
				break
			}
		}
		fmt.Println(string(b[:n]))
		c.Close()
	}
	if err := loop.Stop(42); err != nil {
		log.Fatal(err)
	}
	fmt.Println("loop ended:", <-done, "handlers left:", len(loop.handlers))
	err = loop.Add(lfd, unix.EPOLLIN, nil)
	var oe *opError
	if e, ok := err.(*opError); ok {
		oe = e
	}
	fmt.Println(oe, oe.err == unix.EEXIST)
}
