// Socket options, as UNP's checkopts does it: a table of options and of
// functions that show them.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type sockOpt struct {
	name        string
	level, opt  int
	show        func(fd int, o sockOpt) (string, error)
	interesting bool
}

func flag(fd int, o sockOpt) (string, error) {
	v, err := unix.GetsockoptInt(fd, o.level, o.opt)
	if err != nil {
		return "", err
	}
	if v == 0 {
		return "off", nil
	}
	return "on", nil
}

func number(fd int, o sockOpt) (string, error) {
	v, err := unix.GetsockoptInt(fd, o.level, o.opt)
	return fmt.Sprint(v), err
}

func linger(fd int, o sockOpt) (string, error) {
	if o.opt != unix.SO_LINGER {
		return "", errors.New("not linger")
	}
	var buf [8]byte
	_ = buf
	return "see below", nil
}

var options = []sockOpt{
	{"SO_BROADCAST", unix.SOL_SOCKET, unix.SO_BROADCAST, flag, true},
	{"SO_KEEPALIVE", unix.SOL_SOCKET, unix.SO_KEEPALIVE, flag, true},
	{name: "SO_LINGER", level: unix.SOL_SOCKET, opt: unix.SO_LINGER, show: linger},
	{"SO_REUSEADDR", unix.SOL_SOCKET, unix.SO_REUSEADDR, flag, true},
	{"SO_REUSEPORT", unix.SOL_SOCKET, unix.SO_REUSEPORT, flag, true},
	{"SO_TYPE", unix.SOL_SOCKET, unix.SO_TYPE, number, true},
	{"SO_RCVBUF", unix.SOL_SOCKET, unix.SO_RCVBUF, number, false},
	{"TCP_NODELAY", unix.IPPROTO_TCP, unix.TCP_NODELAY, flag, true},
	{"TCP_KEEPIDLE", unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, number, true},
	{"IP_TTL", unix.IPPROTO_IP, unix.IP_TTL, number, true},
}

func showAll(c syscall.RawConn) {
	var lines []string
	err := c.Control(func(fd uintptr) {
		for _, o := range options {
			if !o.interesting {
				continue
			}
			s, err := o.show(int(fd), o)
			if err != nil {
				s = "error: " + err.Error()
			}
			lines = append(lines, fmt.Sprintf("%s=%s", o.name, s))
		}
	})
	fmt.Println(strings.Join(lines, " "), err)
}

func listenWith(opts ...int) (net.Listener, error) {
	return listenAt("127.0.0.1:0", opts...)
}

func listenAt(addr string, opts ...int) (net.Listener, error) {
	lc := net.ListenConfig{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 77 * time.Second},
		Control: func(network, address string, c syscall.RawConn) error {
			var serr error
			err := c.Control(func(fd uintptr) {
				for _, o := range opts {
					if serr = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, o, 1); serr != nil {
						return
					}
				}
			})
			return errors.Join(err, serr)
		},
	}
	lc.SetMultipathTCP(false)
	return lc.Listen(context.Background(), "tcp4", addr)
}

func main() {
	l, err := listenWith(unix.SO_REUSEPORT)
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	raw, err := l.(*net.TCPListener).SyscallConn()
	if err != nil {
		log.Fatal(err)
	}
	showAll(raw)

	second, err := listenAt(l.Addr().String(), unix.SO_REUSEPORT)
	fmt.Println("second with SO_REUSEPORT:", err)
	if err == nil {
		second.Close()
	}
	_, err = listenAt(l.Addr().String())
	fmt.Println("without:", errors.Is(err, unix.EADDRINUSE), errors.Is(err, syscall.EADDRINUSE))
	_, err = listenWith(unix.SO_REUSEPORT, 9999)
	fmt.Println("bad option:", errors.Is(err, unix.ENOPROTOOPT))
	var se syscall.Errno
	fmt.Println(errors.As(err, &se), se)

	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	s, err := l.Accept()
	if err != nil {
		log.Fatal(err)
	}
	tc := s.(*net.TCPConn)
	raw, _ = tc.SyscallConn()
	showAll(raw)
	fmt.Println(tc.SetNoDelay(false), tc.SetKeepAlive(false), tc.SetLinger(0), tc.SetReadBuffer(8192))
	showAll(raw)
	raw.Control(func(fd uintptr) {
		n, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF)
		fmt.Println("SO_RCVBUF", n, err)
		err = unix.SetsockoptLinger(int(fd), unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1, Linger: 0})
		fmt.Println("SO_LINGER", err)
		tv := unix.Timeval{Sec: 1, Usec: 500000}
		err = unix.SetsockoptTimeval(int(fd), unix.SOL_SOCKET, unix.SO_RCVTIMEO, &tv)
		fmt.Println("SO_RCVTIMEO", err)
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		fmt.Println("TCP_INFO state", info.State, "established:", info.State == 1, "retransmits", info.Retransmits, info.Snd_mss > 500, err)
	})
	s.Close() // with RST
	c.SetReadDeadline(time.Now().Add(time.Second))
	_, err = c.Read(make([]byte, 1))
	fmt.Println("read:", errors.Is(err, unix.ECONNRESET))
	_, err = c.Write([]byte("x"))
	fmt.Println("write:", errors.Is(err, syscall.EPIPE))
	c.Close()
	err = raw.Control(func(uintptr) { fmt.Println("not called") })
	fmt.Println("control after close:", errors.Is(err, net.ErrClosed))
}
