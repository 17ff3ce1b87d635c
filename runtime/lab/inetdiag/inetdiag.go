// Package inetdiag asks a network namespace's kernel about its TCP and UDP
// sockets, by sock_diag(7).
//
// Open a Conn inside the namespace; then State is for one connection, Dump for
// all sockets, and Destroy ends one as if its machine had lost it. The package
// does not find out which process has a socket.
package inetdiag

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"sockbook/runtime/wire"
)

// Protocol is TCP or UDP.
type Protocol uint8

// The protocols, by their IANA numbers.
const (
	TCP Protocol = 6
	UDP Protocol = 17
)

// String returns the name in small letters.
func (p Protocol) String() string {
	switch p {
	case TCP:
		return "tcp"
	case UDP:
		return "udp"
	}
	return fmt.Sprintf("protocol %d", uint8(p))
}

// Timer is what a TCP socket waits for.
type Timer uint8

// The timers (inet_diag_msg.idiag_timer).
const (
	NoTimer Timer = iota
	Retransmit
	Keepalive
	TimeWait
	ZeroWindowProbe
)

// Socket is what the kernel tells of one socket.
type Socket struct {
	Protocol      Protocol
	IPv6          bool // the socket is of AF_INET6; it may serve IPv4 too
	State         wire.State
	Local, Remote netip.AddrPort
	// Interface is the index of the device that the socket is bound to.
	Interface uint32
	// Timer runs out after Expires; Retries counts what was already sent again
	// or probed.
	Timer   Timer
	Retries int
	Expires time.Duration
	// ReceiveQueue and SendQueue are in bytes. For a listener they are the
	// connections that wait for accept, and the most that may.
	ReceiveQueue, SendQueue uint32
	UID                     uint32
	Inode                   uint32 // zero if no descriptor refers to the socket
	// Memory has the socket's buffers; nil for TIME_WAIT and SYN_RECV.
	Memory *Memory
	// Drops counts the packets that did not fit into the receive buffer.
	Drops uint32
	// Shutdown tells which directions were shut down (bit 0 reading, 1 writing).
	Shutdown uint8
	// Info is the kernel's struct tcp_info as far as it goes, nil for UDP.
	Info []byte
	// Congestion is the name of the congestion control.
	Congestion string

	cookie [2]uint32
}

// Memory is a part of SO_MEMINFO (sk_meminfo), in bytes.
type Memory struct {
	ReceiveBuffer, SendBuffer uint32 // the limits: SO_RCVBUF, SO_SNDBUF
	ReceiveUsed, SendUsed     uint32
}

const (
	headerSize  = 16 // nlmsghdr
	requestSize = 56 // inet_diag_req_v2
	idSize      = 48 // inet_diag_sockid
	messageSize = 72 // inet_diag_msg

	sockDiagByFamily = 20
	sockDestroy      = 21

	familyIPv4 = 2
	familyIPv6 = 10

	extInfo       = 2
	extCongestion = 4
	extMemory     = 7
	extShutdown   = 8
)

// ErrMessage is what an undecodable message from the kernel gives.
var ErrMessage = errors.New("inetdiag: bad message")

// appendRequest builds a message of the given type about one socket, or, with a
// zero socket and the dump flag, about all.
func appendRequest(b []byte, typ, flags uint16, family uint8, proto Protocol, ext uint8, id []byte) []byte {
	b = binary.NativeEndian.AppendUint32(b, headerSize+requestSize)
	b = binary.NativeEndian.AppendUint16(b, typ)
	b = binary.NativeEndian.AppendUint16(b, flags)
	b = append(b, 1, 0, 0, 0, 0, 0, 0, 0) // sequence and port: the socket is used by one at a time
	b = append(b, family, uint8(proto), ext, 0, 0xff, 0xff, 0xff, 0xff)
	return append(b, id[:idSize]...)
}

// socketID builds an inet_diag_sockid.
func socketID(local, remote netip.AddrPort, ifindex uint32, cookie [2]uint32) []byte {
	id := make([]byte, 0, idSize)
	id = binary.BigEndian.AppendUint16(id, local.Port())
	id = binary.BigEndian.AppendUint16(id, remote.Port())
	var a [32]byte
	copy(a[:16], local.Addr().AsSlice())
	copy(a[16:], remote.Addr().AsSlice())
	id = append(id, a[:]...)
	id = binary.NativeEndian.AppendUint32(id, ifindex)
	id = binary.NativeEndian.AppendUint32(id, cookie[0])
	return binary.NativeEndian.AppendUint32(id, cookie[1])
}

// decodeSocket reads an inet_diag_msg and the attributes after it.
func decodeSocket(b []byte, proto Protocol) (Socket, error) {
	if len(b) < messageSize {
		return Socket{}, ErrMessage
	}
	s := Socket{Protocol: proto, IPv6: b[0] == familyIPv6, State: state(b[1]), Timer: Timer(b[2]), Retries: int(b[3])}
	local, remote := b[8:24], b[24:40]
	if !s.IPv6 {
		local, remote = local[:4], remote[:4]
	}
	s.Local = netip.AddrPortFrom(address(local), binary.BigEndian.Uint16(b[4:]))
	s.Remote = netip.AddrPortFrom(address(remote), binary.BigEndian.Uint16(b[6:]))
	u32 := func(at int) uint32 { return binary.NativeEndian.Uint32(b[at:]) }
	s.Interface, s.cookie = u32(40), [2]uint32{u32(44), u32(48)}
	s.Expires = time.Duration(u32(52)) * time.Millisecond
	s.ReceiveQueue, s.SendQueue, s.UID, s.Inode = u32(56), u32(60), u32(64), u32(68)
	if s.Timer == NoTimer {
		s.Expires = 0
	}
	return s, s.decodeAttributes(b[messageSize:])
}

func state(n byte) wire.State {
	if n == 12 { // NEW_SYN_RECV, the same to everybody else
		return wire.SynRecv
	}
	return wire.State(n)
}

func address(b []byte) netip.Addr {
	a, _ := netip.AddrFromSlice(b)
	return a
}

func (s *Socket) decodeAttributes(b []byte) error {
	for len(b) >= 4 {
		n, typ := int(binary.NativeEndian.Uint16(b)), binary.NativeEndian.Uint16(b[2:])
		if n < 4 || n > len(b) {
			return ErrMessage
		}
		v := b[4:n]
		switch {
		case typ == extInfo && s.Protocol == TCP:
			s.Info = v
		case typ == extCongestion && len(v) > 1:
			s.Congestion = string(v[:len(v)-1])
		case typ == extShutdown && len(v) == 1:
			s.Shutdown = v[0]
		case typ == extMemory && len(v) >= 36:
			u32 := func(i int) uint32 { return binary.NativeEndian.Uint32(v[4*i:]) }
			s.Memory = &Memory{ReceiveUsed: u32(0), ReceiveBuffer: u32(1), SendUsed: u32(2), SendBuffer: u32(3)}
			s.Drops = u32(8)
		}
		b = b[min((n+3)&^3, len(b)):]
	}
	return nil
}
