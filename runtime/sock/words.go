package sock

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// fail writes the error of a call in few words; nil leaves the entry as it is.
func (e *Entry) fail(err error) {
	if err == nil {
		return
	}
	e.Result, e.Failed = errorWord(err), true
	if errors.Is(err, io.EOF) {
		e.Failed = false
	}
}

// errorWord names an error: the errno's name if there is one.
func errorWord(err error) string {
	var errno syscall.Errno
	switch {
	case errors.Is(err, io.EOF):
		return "EOF"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "i/o timeout"
	case errors.Is(err, net.ErrClosed):
		return "closed"
	case errors.As(err, &errno):
		if name := unix.ErrnoName(errno); name != "" {
			return name
		}
	}
	text := err.Error()
	if i := strings.LastIndex(text, ": "); i >= 0 {
		text = text[i+2:]
	}
	return text
}

func sizeWord(n int) string { return strconv.Itoa(n) + " B" }

// took and gave write down how many bytes a call took or was given to send.
func (e *Entry) took(n int, err error, stream bool) {
	switch {
	case err != nil:
		if n > 0 {
			e.Bytes = n
		}
		e.fail(err)
	case n == 0 && stream:
		e.Result = "EOF"
	default:
		e.Bytes, e.Result = n, sizeWord(n)
	}
}

func (e *Entry) gave(n, of int, err error) {
	e.Bytes = max(n, 0)
	if n >= 0 && n < of && err == nil {
		e.Result = sizeWord(n)
	}
	e.fail(err)
}

// addrWord writes an address as few words.
func addrWord(sa unix.Sockaddr) string {
	switch a := sa.(type) {
	case *unix.SockaddrInet4, *unix.SockaddrInet6:
		return addrPort(sa).String()
	case *unix.SockaddrUnix:
		return pathOf(a)
	case nil:
		return ""
	}
	return strings.TrimPrefix(fmt.Sprintf("%T", sa), "*unix.Sockaddr")
}

// pathOf is empty for a socket without a name, which Go calls "@".
func pathOf(a *unix.SockaddrUnix) string {
	if a.Name == "@" {
		return ""
	}
	return a.Name
}

func addrPort(sa unix.Sockaddr) netip.AddrPort {
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		if a != nil {
			return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
		}
	case *unix.SockaddrInet6:
		if a != nil {
			return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port))
		}
	}
	return netip.AddrPort{}
}

func domainWord(d int) string {
	for v, name := range map[int]string{unix.AF_INET: "AF_INET", unix.AF_INET6: "AF_INET6", unix.AF_UNIX: "AF_UNIX", unix.AF_PACKET: "AF_PACKET", unix.AF_NETLINK: "AF_NETLINK"} {
		if v == d {
			return name
		}
	}
	return strconv.Itoa(d)
}

func typeWord(t int) string {
	names := map[int]string{unix.SOCK_STREAM: "SOCK_STREAM", unix.SOCK_DGRAM: "SOCK_DGRAM", unix.SOCK_RAW: "SOCK_RAW", unix.SOCK_SEQPACKET: "SOCK_SEQPACKET"}
	name := names[t&0xf]
	if name == "" {
		name = strconv.Itoa(t & 0xf)
	}
	if t&unix.SOCK_NONBLOCK != 0 {
		name += "|SOCK_NONBLOCK"
	}
	return name
}

func howWord(how int) string {
	if names := []string{"SHUT_RD", "SHUT_WR", "SHUT_RDWR"}; how >= 0 && how < len(names) {
		return names[how]
	}
	return strconv.Itoa(how)
}

// optionNames are the socket options that lessons meet.
var optionNames = map[[2]int]string{
	{unix.SOL_SOCKET, unix.SO_REUSEADDR}: "SO_REUSEADDR", {unix.SOL_SOCKET, unix.SO_REUSEPORT}: "SO_REUSEPORT", {unix.SOL_SOCKET, unix.SO_KEEPALIVE}: "SO_KEEPALIVE",
	{unix.SOL_SOCKET, unix.SO_LINGER}: "SO_LINGER", {unix.SOL_SOCKET, unix.SO_RCVBUF}: "SO_RCVBUF", {unix.SOL_SOCKET, unix.SO_SNDBUF}: "SO_SNDBUF",
	{unix.SOL_SOCKET, unix.SO_ERROR}: "SO_ERROR", {unix.SOL_SOCKET, unix.SO_TYPE}: "SO_TYPE", {unix.SOL_SOCKET, unix.SO_BROADCAST}: "SO_BROADCAST",
	{unix.SOL_SOCKET, unix.SO_RCVTIMEO}: "SO_RCVTIMEO", {unix.SOL_SOCKET, unix.SO_SNDTIMEO}: "SO_SNDTIMEO", {unix.SOL_SOCKET, unix.SO_ACCEPTCONN}: "SO_ACCEPTCONN",
	{unix.SOL_SOCKET, unix.SO_OOBINLINE}: "SO_OOBINLINE", {unix.SOL_SOCKET, unix.SO_RCVLOWAT}: "SO_RCVLOWAT", {unix.SOL_SOCKET, unix.SO_PEERCRED}: "SO_PEERCRED",
	{unix.SOL_SOCKET, unix.SO_PASSCRED}: "SO_PASSCRED", {unix.SOL_SOCKET, unix.SO_BINDTODEVICE}: "SO_BINDTODEVICE",
	{unix.IPPROTO_TCP, unix.TCP_NODELAY}: "TCP_NODELAY", {unix.IPPROTO_TCP, unix.TCP_KEEPIDLE}: "TCP_KEEPIDLE", {unix.IPPROTO_TCP, unix.TCP_KEEPINTVL}: "TCP_KEEPINTVL",
	{unix.IPPROTO_TCP, unix.TCP_KEEPCNT}: "TCP_KEEPCNT", {unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT}: "TCP_USER_TIMEOUT", {unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT}: "TCP_DEFER_ACCEPT",
	{unix.IPPROTO_TCP, unix.TCP_SYNCNT}: "TCP_SYNCNT", {unix.IPPROTO_TCP, unix.TCP_MAXSEG}: "TCP_MAXSEG", {unix.IPPROTO_TCP, unix.TCP_CORK}: "TCP_CORK",
	{unix.IPPROTO_TCP, unix.TCP_QUICKACK}: "TCP_QUICKACK", {unix.IPPROTO_TCP, unix.TCP_LINGER2}: "TCP_LINGER2", {unix.IPPROTO_TCP, unix.TCP_INFO}: "TCP_INFO",
	{unix.IPPROTO_TCP, unix.TCP_FASTOPEN}: "TCP_FASTOPEN", {unix.IPPROTO_TCP, unix.TCP_CONGESTION}: "TCP_CONGESTION", {unix.IPPROTO_TCP, unix.TCP_WINDOW_CLAMP}: "TCP_WINDOW_CLAMP",
	{unix.IPPROTO_IP, unix.IP_TTL}: "IP_TTL", {unix.IPPROTO_IP, unix.IP_TOS}: "IP_TOS", {unix.IPPROTO_IP, unix.IP_MULTICAST_TTL}: "IP_MULTICAST_TTL",
	{unix.IPPROTO_IP, unix.IP_ADD_MEMBERSHIP}: "IP_ADD_MEMBERSHIP", {unix.IPPROTO_IP, unix.IP_DROP_MEMBERSHIP}: "IP_DROP_MEMBERSHIP", {unix.IPPROTO_IP, unix.IP_MULTICAST_LOOP}: "IP_MULTICAST_LOOP",
	{unix.IPPROTO_IP, unix.IP_RECVERR}: "IP_RECVERR", {unix.IPPROTO_IP, unix.IP_FREEBIND}: "IP_FREEBIND", {unix.IPPROTO_IPV6, unix.IPV6_V6ONLY}: "IPV6_V6ONLY",
}

func optionWord(level, opt int) string {
	if name := optionNames[[2]int{level, opt}]; name != "" {
		return name
	}
	return fmt.Sprintf("level %d option %d", level, opt)
}

// lookAt says what is known of a descriptor. It makes a few system calls.
func lookAt(fd int) Socket {
	s := Socket{FD: fd}
	var st unix.Stat_t
	if unix.Fstat(fd, &st) != nil {
		return s
	}
	s.file = fd <= 2 // what is printed is no story of sockets
	switch st.Mode & unix.S_IFMT {
	default:
		s.file = true
	case unix.S_IFIFO:
		s.Network, s.Inode = "pipe", st.Ino
	case unix.S_IFSOCK:
		s.Inode = st.Ino
		s.lookAtSocket(fd)
	}
	return s
}

func (s *Socket) lookAtSocket(fd int) {
	local, err := unix.Getsockname(fd)
	if err != nil {
		return
	}
	remote, _ := unix.Getpeername(fd)
	switch a := local.(type) {
	case *unix.SockaddrInet4, *unix.SockaddrInet6:
		s.Local, s.Remote = addrPort(local), addrPort(remote)
		switch t, _ := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE); t {
		case unix.SOCK_STREAM:
			s.Network = "tcp"
		case unix.SOCK_DGRAM:
			s.Network = "udp"
		}
	case *unix.SockaddrUnix:
		s.Network, s.Path = "unix", pathOf(a)
		if p, ok := remote.(*unix.SockaddrUnix); ok {
			s.PeerPath = pathOf(p)
		}
	}
}
