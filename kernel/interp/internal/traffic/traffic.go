// Package traffic sends bytes over loopback, through raw calls and through
// package net. It is compiled, and its text is also run as a cell, to compare
// the two.
package traffic

import (
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// RawStream writes n times size bytes to a socket that a goroutine reads.
func RawStream(n, size int) time.Duration {
	a, b := rawPair()
	defer unix.Close(a)
	done := make(chan bool)
	go func() {
		buf := make([]byte, 64<<10)
		for {
			k, err := unix.Read(b, buf)
			if err != nil {
				panic(err)
			}
			if k == 0 {
				break
			}
		}
		unix.Close(b)
		done <- true
	}()
	data := make([]byte, size)
	begin := time.Now()
	for range n {
		if _, err := unix.Write(a, data); err != nil { // a signal may cut one short: that is rare
			panic(err)
		}
	}
	unix.Shutdown(a, unix.SHUT_WR)
	<-done
	return time.Since(begin)
}

// RawPing sends a byte back and forth n times.
func RawPing(n int) time.Duration {
	a, b := rawPair()
	defer unix.Close(a)
	go func() {
		defer unix.Close(b)
		buf := make([]byte, 1)
		for range n {
			if k, err := unix.Read(b, buf); k != 1 {
				panic(err)
			}
			if _, err := unix.Write(b, buf); err != nil {
				panic(err)
			}
		}
	}()
	buf := make([]byte, 1)
	begin := time.Now()
	for range n {
		if _, err := unix.Write(a, buf); err != nil {
			panic(err)
		}
		if k, err := unix.Read(a, buf); k != 1 {
			panic(err)
		}
	}
	return time.Since(begin)
}

// NetStream is RawStream with package net.
func NetStream(n, size int) time.Duration {
	a, b := netPair()
	defer a.Close()
	done := make(chan bool)
	go func() {
		buf := make([]byte, 64<<10)
		for left := n * size; left > 0; {
			k, err := b.Read(buf)
			if err != nil {
				panic(err)
			}
			left -= k
		}
		b.Close()
		done <- true
	}()
	data := make([]byte, size)
	begin := time.Now()
	for range n {
		if _, err := a.Write(data); err != nil {
			panic(err)
		}
	}
	<-done
	return time.Since(begin)
}

// NetPing is RawPing with package net.
func NetPing(n int) time.Duration {
	a, b := netPair()
	defer a.Close()
	go func() {
		defer b.Close()
		buf := make([]byte, 1)
		for range n {
			if _, err := b.Read(buf); err != nil {
				panic(err)
			}
			if _, err := b.Write(buf); err != nil {
				panic(err)
			}
		}
	}()
	buf := make([]byte, 1)
	begin := time.Now()
	for range n {
		if _, err := a.Write(buf); err != nil {
			panic(err)
		}
		if _, err := a.Read(buf); err != nil {
			panic(err)
		}
	}
	return time.Since(begin)
}

func rawPair() (a, b int) {
	l := must(unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0))
	defer unix.Close(l)
	if err := unix.Bind(l, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		panic(err)
	}
	if err := unix.Listen(l, 1); err != nil {
		panic(err)
	}
	name, err := unix.Getsockname(l)
	if err != nil {
		panic(err)
	}
	a = must(unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0))
	if err := unix.Connect(a, name); err != nil {
		panic(err)
	}
	b, _, err = unix.Accept(l)
	if err != nil {
		panic(err)
	}
	unix.SetsockoptInt(a, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	unix.SetsockoptInt(b, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	return a, b
}

func must(fd int, err error) int {
	if err != nil {
		panic(err)
	}
	return fd
}

func netPair() (a, b net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	if a, err = net.Dial("tcp", l.Addr().String()); err != nil {
		panic(err)
	}
	if b, err = l.Accept(); err != nil {
		panic(err)
	}
	return a, b
}
