package inetdiag

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync"

	"golang.org/x/sys/unix"

	"sockbook/runtime/wire"
)

// Conn is a netlink socket of one network namespace. Its methods may be called
// from anywhere and by several at a time.
type Conn struct {
	mu  sync.Mutex // one question and its answers at a time
	fd  int        // -1 after Close
	buf []byte
}

// Open opens a Conn in the network namespace of the calling thread.
func Open() (*Conn, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, fmt.Errorf("open sock_diag: %w", os.NewSyscallError("socket", err))
	}
	// The kernel answers while it is asked: waiting longer means a lost answer.
	tv := unix.Timeval{Sec: 2}
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &tv); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("open sock_diag: %w", os.NewSyscallError("setsockopt", err))
	}
	return &Conn{fd: fd, buf: make([]byte, 64<<10)}, nil
}

// Close closes the socket.
func (c *Conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fd < 0 {
		return nil
	}
	err := unix.Close(c.fd)
	c.fd = -1
	return err
}

// State returns the state of the TCP socket that a segment from remote to
// local would reach on the interface: a connection's, or a listener's, or
// wire.Closed if there is none.
func (c *Conn) State(local, remote netip.AddrPort, ifindex uint32) (wire.State, error) {
	family := uint8(familyIPv6)
	if local.Addr().Is4() {
		family = familyIPv4
	}
	nobody := [2]uint32{^uint32(0), ^uint32(0)} // INET_DIAG_NOCOOKIE
	id := socketID(local, remote, ifindex, nobody)
	st := wire.Closed
	err := c.ask(sockDiagByFamily, unix.NLM_F_REQUEST, family, TCP, 0, id, func(b []byte) error {
		if len(b) < messageSize {
			return ErrMessage
		}
		st = state(b[1])
		return nil
	})
	if err != nil && !errors.Is(err, unix.ENOENT) {
		return 0, err
	}
	return st, nil
}

// Dump returns all sockets of a protocol, IPv4 and IPv6.
func (c *Conn) Dump(proto Protocol) ([]Socket, error) {
	var all []Socket
	const ext = 1<<(extInfo-1) | 1<<(extCongestion-1) | 1<<(extMemory-1) | 1<<(extShutdown-1)
	for _, family := range []uint8{familyIPv4, familyIPv6} {
		err := c.ask(sockDiagByFamily, unix.NLM_F_REQUEST|unix.NLM_F_DUMP, family, proto, ext, make([]byte, idSize), func(b []byte) error {
			s, err := decodeSocket(append([]byte(nil), b...), proto)
			if err == nil {
				all = append(all, s)
			}
			return err
		})
		if err != nil && !(family == familyIPv6 && errors.Is(err, unix.ENOENT)) { // no IPv6 here
			return all, fmt.Errorf("dump %v sockets: %w", proto, err)
		}
	}
	return all, nil
}

// Destroy ends a socket at once: whoever has it gets ECONNABORTED. A
// connection's peer is sent an RST. It needs CAP_NET_ADMIN. A socket that is
// gone is no error.
func (c *Conn) Destroy(s Socket) error {
	family := uint8(familyIPv4)
	if s.IPv6 {
		family = familyIPv6
	}
	id := socketID(s.Local, s.Remote, s.Interface, s.cookie)
	err := c.ask(sockDestroy, unix.NLM_F_REQUEST|unix.NLM_F_ACK, family, s.Protocol, 0, id, func([]byte) error { return nil })
	if err != nil && !errors.Is(err, unix.ENOENT) {
		return fmt.Errorf("destroy socket %v: %w", s.Local, err)
	}
	return nil
}

// ask sends a request and gives each answer to f.
func (c *Conn) ask(typ, flags uint16, family uint8, proto Protocol, ext uint8, id []byte, f func([]byte) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fd < 0 {
		return os.ErrClosed
	}
	var room [headerSize + requestSize]byte
	req := appendRequest(room[:0], typ, flags, family, proto, ext, id)
	if err := retry(func() error { return unix.Sendto(c.fd, req, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}) }); err != nil {
		return os.NewSyscallError("sendto", err)
	}
	var failed error // f's error does not end the reading, or the rest would answer the next question
	for {
		var n int
		err := retry(func() (err error) { n, _, err = unix.Recvfrom(c.fd, c.buf, 0); return err })
		if err != nil {
			return os.NewSyscallError("recvfrom", err)
		}
		done, err := answers(c.buf[:n], func(b []byte) {
			if err := f(b); err != nil && failed == nil {
				failed = err
			}
		})
		if err != nil {
			return err
		}
		if done || flags&unix.NLM_F_DUMP == 0 {
			return failed
		}
	}
}

func retry(f func() error) error {
	for {
		if err := f(); err != unix.EINTR {
			return err
		}
	}
}

// answers gives each socket's message in what was received to f. It is done
// after the last part of a dump.
func answers(b []byte, f func([]byte)) (done bool, err error) {
	for len(b) >= headerSize {
		n, typ := int(binary.NativeEndian.Uint32(b)), binary.NativeEndian.Uint16(b[4:])
		if n < headerSize || n > len(b) {
			return false, ErrMessage
		}
		body := b[headerSize:n]
		switch typ {
		case unix.NLMSG_DONE:
			return true, nil
		case unix.NLMSG_ERROR:
			if len(body) < 4 {
				return false, ErrMessage
			}
			if errno := -int32(binary.NativeEndian.Uint32(body)); errno != 0 {
				return true, unix.Errno(errno)
			}
		case sockDiagByFamily:
			f(body)
		}
		b = b[min((n+3)&^3, len(b)):]
	}
	return false, nil
}
