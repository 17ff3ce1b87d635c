package sock

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"reflect"
	"syscall"
)

// What package net's connections and listeners do, told. Each function does
// what the method does in whose place it stands (see hooks); while nobody
// records it costs two loads.

// endpoint is a connection or listener with a descriptor.
type endpoint interface {
	syscall.Conn
	Close() error
}

func tcpRead(c *net.TCPConn, p []byte) (int, error)   { return told(c, p, (*net.TCPConn).Read, reads) }
func tcpWrite(c *net.TCPConn, p []byte) (int, error)  { return told(c, p, (*net.TCPConn).Write, writes) }
func tcpClose(c *net.TCPConn) error                   { return toldClose(c, (*net.TCPConn).Close) }
func udpRead(c *net.UDPConn, p []byte) (int, error)   { return told(c, p, (*net.UDPConn).Read, reads) }
func udpWrite(c *net.UDPConn, p []byte) (int, error)  { return told(c, p, (*net.UDPConn).Write, writes) }
func udpClose(c *net.UDPConn) error                   { return toldClose(c, (*net.UDPConn).Close) }
func unixRead(c *net.UnixConn, p []byte) (int, error) { return told(c, p, (*net.UnixConn).Read, reads) }
func unixWrite(c *net.UnixConn, p []byte) (int, error) {
	return told(c, p, (*net.UnixConn).Write, writes)
}
func unixClose(c *net.UnixConn) error                { return toldClose(c, (*net.UnixConn).Close) }
func tcpListenerClose(l *net.TCPListener) error      { return toldClose(l, (*net.TCPListener).Close) }
func unixListenerClose(l *net.UnixListener) error    { return toldClose(l, (*net.UnixListener).Close) }
func tcpAccept(l *net.TCPListener) (net.Conn, error) { return toldAccept(l, (*net.TCPListener).Accept) }
func unixAccept(l *net.UnixListener) (net.Conn, error) {
	return toldAccept(l, (*net.UnixListener).Accept)
}
func fileRead(f *os.File, p []byte) (int, error)  { return told(f, p, (*os.File).Read, reads) }
func fileWrite(f *os.File, p []byte) (int, error) { return told(f, p, (*os.File).Write, writes) }
func fileClose(f *os.File) error                  { return toldClose(f, (*os.File).Close) }
func fileWriteString(f *os.File, s string) (int, error) {
	return told(f, s, (*os.File).WriteString, transfer{"WriteString", Sending})
}
func fileReadFrom(f *os.File, from io.Reader) (int64, error) {
	return toldCopy(f, from, (*os.File).ReadFrom, transfer{"ReadFrom", Sending})
}
func fileWriteTo(f *os.File, to io.Writer) (int64, error) {
	return toldCopy(f, to, (*os.File).WriteTo, transfer{"WriteTo", Receiving})
}

func udpReadFrom(c *net.UDPConn, p []byte) (int, net.Addr, error) {
	return toldReadFrom(c, p, (*net.UDPConn).ReadFrom)
}
func udpWriteTo(c *net.UDPConn, p []byte, to net.Addr) (int, error) {
	return toldWriteTo(c, p, to, (*net.UDPConn).WriteTo)
}
func unixReadFrom(c *net.UnixConn, p []byte) (int, net.Addr, error) {
	return toldReadFrom(c, p, (*net.UnixConn).ReadFrom)
}
func unixWriteTo(c *net.UnixConn, p []byte, to net.Addr) (int, error) {
	return toldWriteTo(c, p, to, (*net.UnixConn).WriteTo)
}

// A transfer is a call that reads or writes bytes, by a connection's method or
// by a system call.
type transfer struct {
	name string
	kind Kind // Receiving or Sending
}

var (
	reads     = transfer{"Read", Receiving}
	writes    = transfer{"Write", Sending}
	rawReads  = transfer{"read", Receiving}
	rawWrites = transfer{"write", Sending}
)

// told does and tells a transfer of x, which is an endpoint or a descriptor.
// While nobody records it allocates nothing.
func told[X any, P []byte | string](x X, p P, do func(X, P) (int, error), t transfer) (int, error) {
	if current.Load() == nil {
		n, err := do(x, p)
		if current.Load() != nil {
			t.end(record{}, x, len(p), n, err)
		}
		return n, err
	}
	r := start(func(e *Entry) { t.fill(e, x, len(p)) })
	n, err := do(x, p)
	t.end(r, x, len(p), n, err)
	return n, err
}

func (t transfer) fill(e *Entry, x any, size int) {
	e.Name, e.Kind = t.name, t.kind
	switch x := x.(type) {
	case int:
		e.Socket = lookAt(x)
	case endpoint:
		e.Socket = socketOf(x)
	}
	if t.kind == Sending {
		e.Args, e.Bytes = sizeWord(size), size
	}
}

func (t transfer) end(r record, x any, size, n int, err error) {
	r.finish(func(e *Entry) { t.fill(e, x, size) }, func(e *Entry) {
		if t.kind == Sending {
			e.gave(n, size, err)
		} else {
			e.took(n, err, size > 0 && e.Socket.Network != "udp")
		}
	})
}

// toldCopy does and tells a transfer of all that another has or takes, as one
// call: what the original does inside, it does where nobody sees it.
func toldCopy[C endpoint, O any](c C, other O, do func(C, O) (int64, error), t transfer) (int64, error) {
	fill := func(e *Entry) { fillConn(e, t.name, t.kind, c) }
	r := start(fill)
	n, err := do(c, other)
	if r.wanted() {
		r.finish(fill, func(e *Entry) {
			e.Bytes, e.Result = int(n), sizeWord(int(n))
			e.fail(err)
		})
	}
	return n, err
}

func toldClose[C endpoint](c C, do func(C) error) error {
	if current.Load() == nil {
		return do(c)
	}
	r := start(func(e *Entry) { fillConn(e, "Close", ClosingDown, c) })
	err := do(c)
	r.finish(func(*Entry) {}, func(e *Entry) { e.fail(err) })
	return err
}

func toldAccept[L endpoint](l L, do func(L) (net.Conn, error)) (net.Conn, error) {
	fill := func(e *Entry) { fillConn(e, "Accept", Accepting, l) }
	r := start(fill)
	c, err := do(l)
	if r.wanted() {
		r.finish(fill, func(e *Entry) { tellAccepted(e, c, err) })
	}
	return c, err
}

func tellAccepted(e *Entry, c any, err error) {
	e.fail(err)
	if x, ok := c.(endpoint); ok && err == nil {
		e.Socket = socketOf(x)
		if e.Socket.Remote.IsValid() {
			e.Result = "from " + e.Socket.Remote.String()
		}
	}
}

func toldReadFrom[C endpoint](c C, p []byte, do func(C, []byte) (int, net.Addr, error)) (int, net.Addr, error) {
	fill := func(e *Entry) { fillConn(e, "ReadFrom", Receiving, c) }
	r := start(fill)
	n, from, err := do(c, p)
	if r.wanted() {
		r.finish(fill, func(e *Entry) { e.took(n, err, false); e.peer(from) })
	}
	return n, from, err
}

func toldWriteTo[C endpoint](c C, p []byte, to net.Addr, do func(C, []byte, net.Addr) (int, error)) (int, error) {
	fill := func(e *Entry) {
		fillConn(e, "WriteTo", Sending, c)
		e.Args, e.Bytes = sizeWord(len(p)), len(p)
		e.peer(to)
	}
	r := start(fill)
	n, err := do(c, p, to)
	if r.wanted() {
		r.finish(fill, func(e *Entry) { e.gave(n, len(p), err) })
	}
	return n, err
}

// tcpReadFrom and tcpWriteTo are what io.Copy uses. Between two connections the
// originals move the bytes inside the kernel (splice(2)), where nobody sees
// them pass: these read and write. Errors are the originals'.

func tcpReadFrom(c *net.TCPConn, from io.Reader) (int64, error) {
	if c == nil || c.RemoteAddr() == nil {
		return c.ReadFrom(from)
	}
	spliced := false
	switch r := inner(from).(type) {
	case *os.File: // sendfile(2)
		return toldCopy(c, from, (*net.TCPConn).ReadFrom, transfer{"ReadFrom", Sending})
	case *net.TCPConn:
		if spliced = true; from == io.Reader(r) {
			from = plainReader{r}
		}
	case plainReader:
		spliced = true
	case *net.UnixConn:
		spliced = network(r) == "unix"
	}
	n, err := io.Copy(plainWriter{c}, from)
	return n, copyError(c, "readfrom", err, spliced)
}

func tcpWriteTo(c *net.TCPConn, to io.Writer) (int64, error) {
	if c == nil || c.RemoteAddr() == nil {
		return c.WriteTo(to)
	}
	u, ok := to.(*net.UnixConn)
	n, err := io.Copy(to, plainReader{c})
	return n, copyError(c, "writeto", err, ok && network(u) == "unix")
}

// plainReader and plainWriter hide the other methods of a connection.
type plainReader struct{ c *net.TCPConn }

func (r plainReader) Read(p []byte) (int, error) { return tcpRead(r.c, p) }

type plainWriter struct{ c *net.TCPConn }

func (w plainWriter) Write(p []byte) (int, error) { return tcpWrite(w.c, p) }

func inner(r io.Reader) io.Reader {
	if l, ok := r.(*io.LimitedReader); ok {
		return l.R
	}
	return r
}

// copyError is the error as the original has it, which with splice(2) knows
// nothing of reads and writes.
func copyError(c *net.TCPConn, op string, err error, spliced bool) error {
	if err == nil || err == io.EOF {
		return err
	}
	var inside *net.OpError
	if spliced && errors.As(err, &inside) && (inside.Op == "read" || inside.Op == "write") {
		err = inside.Err
		var call *os.SyscallError
		if errors.As(err, &call) {
			err = os.NewSyscallError("splice", call.Err)
		}
	}
	return &net.OpError{Op: op, Net: network(c), Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}
}

// network is what the connection was dialled or listened as, "tcp4" or "unix".
func network(c net.Conn) string {
	if fd := reflect.ValueOf(c).Elem().FieldByName("fd"); fd.Kind() == reflect.Pointer && !fd.IsNil() {
		if n := fd.Elem().FieldByName("net"); n.Kind() == reflect.String {
			return n.String()
		}
	}
	return c.LocalAddr().Network()
}

// fillConn tells of a call on a connection.
func fillConn(e *Entry, name string, kind Kind, c endpoint) {
	e.Name, e.Kind, e.Socket = name, kind, socketOf(c)
}

// socketOf says what is known of a connection or listener.
func socketOf(c endpoint) (s Socket) {
	switch c := c.(type) {
	case *net.TCPConn:
		if c != nil && c.RemoteAddr() != nil {
			return Socket{Network: "tcp", Local: portOf(c.LocalAddr()), Remote: portOf(c.RemoteAddr())}
		}
		return s
	case *net.UDPConn:
		if c != nil && c.LocalAddr() != nil {
			return Socket{Network: "udp", Local: portOf(c.LocalAddr()), Remote: portOf(c.RemoteAddr())}
		}
		return s
	case *net.TCPListener:
		if c != nil {
			return Socket{Network: "tcp", Local: portOf(c.Addr())}
		}
		return s
	}
	if v := reflect.ValueOf(c); v.Kind() == reflect.Pointer && v.IsNil() {
		return s
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return s
	}
	raw.Control(func(fd uintptr) { s = lookAt(int(fd)) })
	return s
}

func portOf(a net.Addr) netip.AddrPort {
	var p netip.AddrPort
	switch a := a.(type) {
	case *net.TCPAddr:
		if a != nil {
			p = a.AddrPort()
		}
	case *net.UDPAddr:
		if a != nil {
			p = a.AddrPort()
		}
	}
	return netip.AddrPortFrom(p.Addr().Unmap(), p.Port())
}

// peer notes whom a datagram came from or goes to.
func (e *Entry) peer(a net.Addr) {
	if p := portOf(a); p.IsValid() {
		e.Socket.Remote = p
	}
	if u, ok := a.(*net.UnixAddr); ok && u != nil {
		e.Socket.PeerPath = u.Name
	}
}

// Read and Write do what the methods of their names do for a connection of
// package net, and tell it; ok is false for another value. They spare a caller
// that has an any the way by reflection.
func Read(x any, p []byte) (n int, err error, ok bool) {
	switch c := x.(type) {
	case *net.TCPConn:
		n, err = tcpRead(c, p)
	case *net.UDPConn:
		n, err = udpRead(c, p)
	case *net.UnixConn:
		n, err = unixRead(c, p)
	default:
		return 0, nil, false
	}
	return n, err, true
}

// Write is to Write what Read is to Read.
func Write(x any, p []byte) (n int, err error, ok bool) {
	switch c := x.(type) {
	case *net.TCPConn:
		n, err = tcpWrite(c, p)
	case *net.UDPConn:
		n, err = udpWrite(c, p)
	case *net.UnixConn:
		n, err = unixWrite(c, p)
	default:
		return 0, nil, false
	}
	return n, err, true
}
