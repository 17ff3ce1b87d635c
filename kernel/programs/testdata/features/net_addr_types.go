// Addresses, type assertions on net types, errors from Dial.
package main

import (
	"errors"
	"fmt"
	"log"
	"net"
	"net/netip"
	"os"
	"syscall"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	a := l.Addr().(*net.TCPAddr)
	fmt.Println(a.IP, a.Port > 0, l.Addr().Network(), a.AddrPort().Addr())
	l.Close()
	_, err = net.Dial("tcp", l.Addr().String())
	var op *net.OpError
	var se *os.SyscallError
	fmt.Println(errors.As(err, &op), op.Op, op.Addr.String() == a.String(), errors.As(err, &se), se.Syscall, errors.Is(err, syscall.ECONNREFUSED), op.Timeout())
	_, err = net.Dial("tcp", "127.0.0.1:99999")
	var ae *net.AddrError
	fmt.Println(err, errors.As(err, &ae))
	_, err = net.Dial("nonet", "x")
	var ne net.UnknownNetworkError
	fmt.Println(err, errors.As(err, &ne))
	h, p, err := net.SplitHostPort("[::1]:80")
	fmt.Println(h, p, err)
	_, _, err = net.SplitHostPort("nope")
	fmt.Println(err)
	ip, err := netip.ParseAddr("::ffff:1.2.3.4")
	fmt.Println(ip, ip.Is4In6(), ip.Unmap(), err)
}
