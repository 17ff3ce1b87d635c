// Datagrams over UDP and Unix sockets, connected and not, with deadlines.
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

func main() {
	server, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	check(err)
	defer server.Close()
	done := make(chan int)
	go func() {
		buf := make([]byte, 100)
		n := 0
		for {
			k, from, err := server.ReadFromUDP(buf)
			if errors.Is(err, net.ErrClosed) {
				done <- n
				return
			}
			check(err)
			n += k
			_, err = server.WriteToUDP(append([]byte("echo "), buf[:k]...), from)
			check(err)
		}
	}()
	c, err := net.Dial("udp", server.LocalAddr().String())
	check(err)
	for _, s := range []string{"one", "", "three"} {
		_, err = c.Write([]byte(s))
		check(err)
		buf := make([]byte, 100)
		n, err := c.Read(buf)
		check(err)
		fmt.Printf("%q\n", buf[:n])
	}
	short := make([]byte, 3)
	c.Write([]byte("cut me"))
	n, err := c.Read(short)
	fmt.Println(n, string(short), err)
	c.SetReadDeadline(time.Now().Add(-time.Second))
	_, err = c.Read(short)
	var ne net.Error
	fmt.Println(errors.As(err, &ne) && ne.Timeout(), errors.Is(err, os.ErrDeadlineExceeded))
	server.Close()
	fmt.Println(<-done)
	dir, err := os.MkdirTemp("", "socks")
	check(err)
	defer os.RemoveAll(dir)
	addr := &net.UnixAddr{Name: filepath.Join(dir, "s"), Net: "unix"}
	l, err := net.ListenUnix("unix", addr)
	check(err)
	go func() {
		c, err := l.AcceptUnix()
		check(err)
		buf := make([]byte, 10)
		n, _ := c.Read(buf)
		c.Write(buf[:n])
		c.CloseWrite()
	}()
	u, err := net.DialUnix("unix", nil, addr)
	check(err)
	u.Write([]byte("unix"))
	buf := make([]byte, 10)
	n, _ = u.Read(buf)
	m, err := u.Read(buf[n:])
	fmt.Println(string(buf[:n]), m, err, l.Addr().Network())
	l.Close()
	_, err = os.Stat(addr.Name)
	fmt.Println(errors.Is(err, os.ErrNotExist))
}
