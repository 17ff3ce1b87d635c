package sock

import (
	"context"
	"net"

	"golang.org/x/sys/unix"
)

// An Engine is what the socket calls of cells end at. [Linux] is the one in
// use; another, such as a network stack in this process, can take its place
// (see [Calls]). Around it, in one place, are what ends a waiting call and what
// writes calls down, so that an engine needs neither.
type Engine struct {
	Raw
	Net
}

// Raw is the socket calls by descriptor, with the signatures of package unix.
// Methods block as the calls of their names do (see the man pages), and fail
// with a unix.Errno.
type Raw interface {
	Socket(domain, typ, proto int) (fd int, err error)
	Socketpair(domain, typ, proto int) (fd [2]int, err error)
	Bind(fd int, sa unix.Sockaddr) error
	Listen(fd, backlog int) error
	Connect(fd int, sa unix.Sockaddr) error
	Accept(fd int) (nfd int, sa unix.Sockaddr, err error)
	Accept4(fd, flags int) (nfd int, sa unix.Sockaddr, err error)
	Read(fd int, p []byte) (n int, err error)
	Write(fd int, p []byte) (n int, err error)
	Recvfrom(fd int, p []byte, flags int) (n int, from unix.Sockaddr, err error)
	Sendto(fd int, p []byte, flags int, to unix.Sockaddr) error
	Shutdown(fd, how int) error
	Close(fd int) error
	Getsockname(fd int) (unix.Sockaddr, error)
	Getpeername(fd int) (unix.Sockaddr, error)
	GetsockoptInt(fd, level, opt int) (value int, err error)
	SetsockoptInt(fd, level, opt, value int) error
}

// Net is what package net's functions do.
type Net interface {
	Dial(ctx context.Context, network, address string) (net.Conn, error)
	Listen(ctx context.Context, network, address string) (net.Listener, error)
	ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error)
	LookupHost(ctx context.Context, host string) (addrs []string, err error)
}

// Linux is the engine that is the machine's own network.
var Linux = Engine{linuxRaw{}, linuxNet{}}

type (
	linuxRaw struct{}
	linuxNet struct{}
)

func (linuxRaw) Socket(domain, typ, proto int) (int, error) { return unix.Socket(domain, typ, proto) }
func (linuxRaw) Socketpair(domain, typ, proto int) ([2]int, error) {
	return unix.Socketpair(domain, typ, proto)
}
func (linuxRaw) Bind(fd int, sa unix.Sockaddr) error            { return unix.Bind(fd, sa) }
func (linuxRaw) Listen(fd, backlog int) error                   { return unix.Listen(fd, backlog) }
func (linuxRaw) Connect(fd int, sa unix.Sockaddr) error         { return unix.Connect(fd, sa) }
func (linuxRaw) Accept(fd int) (int, unix.Sockaddr, error)      { return unix.Accept(fd) }
func (linuxRaw) Accept4(fd, fl int) (int, unix.Sockaddr, error) { return unix.Accept4(fd, fl) }
func (linuxRaw) Read(fd int, p []byte) (int, error)             { return unix.Read(fd, p) }
func (linuxRaw) Write(fd int, p []byte) (int, error)            { return unix.Write(fd, p) }
func (linuxRaw) Shutdown(fd, how int) error                     { return unix.Shutdown(fd, how) }
func (linuxRaw) Close(fd int) error                             { return unix.Close(fd) }
func (linuxRaw) Getsockname(fd int) (unix.Sockaddr, error)      { return unix.Getsockname(fd) }
func (linuxRaw) Getpeername(fd int) (unix.Sockaddr, error)      { return unix.Getpeername(fd) }
func (linuxRaw) GetsockoptInt(fd, level, opt int) (int, error) {
	return unix.GetsockoptInt(fd, level, opt)
}
func (linuxRaw) SetsockoptInt(fd, level, opt, value int) error {
	return unix.SetsockoptInt(fd, level, opt, value)
}
func (linuxRaw) Recvfrom(fd int, p []byte, flags int) (int, unix.Sockaddr, error) {
	return unix.Recvfrom(fd, p, flags)
}
func (linuxRaw) Sendto(fd int, p []byte, flags int, to unix.Sockaddr) error {
	return unix.Sendto(fd, p, flags, to)
}

func (linuxNet) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}
func (linuxNet) Listen(ctx context.Context, network, address string) (net.Listener, error) {
	var c net.ListenConfig
	return c.Listen(ctx, network, address)
}
func (linuxNet) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	var c net.ListenConfig
	return c.ListenPacket(ctx, network, address)
}
func (linuxNet) LookupHost(ctx context.Context, host string) ([]string, error) {
	return net.DefaultResolver.LookupHost(ctx, host)
}
