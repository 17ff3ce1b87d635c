// connect(2) without waiting: EINPROGRESS, poll for writing, SO_ERROR.
package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type result struct {
	immediate error
	waited    bool
	soError   unix.Errno
}

func (r result) String() string {
	s := "connect: "
	if r.immediate == nil {
		s += "done at once"
	} else {
		s += unix.ErrnoName(r.immediate.(unix.Errno))
	}
	if r.waited {
		if r.soError == 0 {
			s += ", then connected"
		} else {
			s += ", then " + unix.ErrnoName(r.soError) + " (" + r.soError.Error() + ")"
		}
	}
	return s
}

func connect(sa unix.Sockaddr, timeout time.Duration) (fd int, r result, err error) {
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, r, os.NewSyscallError("socket", err)
	}
	defer func() {
		if err != nil {
			unix.Close(fd)
			fd = -1
		}
	}()
	r.immediate = unix.Connect(fd, sa)
	if r.immediate == nil {
		return fd, r, nil
	}
	if r.immediate != unix.EINPROGRESS {
		return fd, r, os.NewSyscallError("connect", r.immediate)
	}
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	for deadline := time.Now().Add(timeout); ; {
		n, err := unix.Poll(fds, int(time.Until(deadline).Milliseconds()))
		if err == unix.EINTR {
			continue
		} else if err != nil {
			return fd, r, err
		}
		if n == 0 {
			return fd, r, fmt.Errorf("connect: %w", os.ErrDeadlineExceeded)
		}
		break
	}
	r.waited = true
	v, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return fd, r, err
	}
	if r.soError = unix.Errno(v); v != 0 {
		return fd, r, &os.SyscallError{Syscall: "connect", Err: r.soError}
	}
	return fd, r, nil
}

func main() {
	l, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		panic(err)
	}
	if err := unix.Bind(l, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		panic(err)
	}
	name, err := unix.Getsockname(l)
	if err != nil {
		panic(err)
	}
	port := name.(*unix.SockaddrInet4).Port
	target := &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}

	_, r, err := connect(target, time.Second)
	fmt.Println(r)
	fmt.Printf("%v | %T | %t %t\n", err, err, errors.Is(err, unix.ECONNREFUSED), errors.Is(err, syscall.ECONNREFUSED))
	var se *os.SyscallError
	if errors.As(err, &se) {
		fmt.Println(se.Syscall, se.Err == unix.ECONNREFUSED, se.Timeout())
	}

	if err := unix.Listen(l, 1); err != nil {
		panic(err)
	}
	fd, r, err := connect(target, time.Second)
	fmt.Println(r, err)
	peer, err := unix.Getpeername(fd)
	fmt.Println(peer.(*unix.SockaddrInet4).Port == port, err)
	if err := unix.Connect(fd, target); err != nil {
		fmt.Println("connect again:", err, err == unix.EISCONN)
	}
	c, from, err := unix.Accept(l)
	fmt.Println(from.(*unix.SockaddrInet4).Addr, err)
	_, err = unix.Read(fd, make([]byte, 10))
	fmt.Println("read:", err, err == unix.EAGAIN, err == unix.EWOULDBLOCK, err.(unix.Errno).Temporary())
	unix.Close(c)
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	unix.Poll(fds, 1000)
	n, err := unix.Read(fd, make([]byte, 10))
	fmt.Println("read:", n, err)
	fmt.Println("close:", unix.Close(fd), unix.Close(l), unix.Close(fd))
	_, err = unix.Getpeername(fd)
	fmt.Println("getpeername:", err, unix.EBADF == err)
}
