package inetdiag

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"

	"sockbook/runtime/wire"
)

func open(t *testing.T) *Conn {
	c, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func addr(a net.Addr) netip.AddrPort { return a.(*net.TCPAddr).AddrPort() }

// The sockets are this process's own, on loopback.
func TestState(t *testing.T) {
	for _, network := range []string{"127.0.0.1:0", "[::1]:0"} {
		l, err := net.Listen("tcp", network)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		d := net.Dialer{}
		c, err := d.DialContext(t.Context(), "tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		diag, local, remote := open(t), addr(c.LocalAddr()), addr(c.RemoteAddr())
		check := func(what string, local, remote netip.AddrPort, want wire.State) {
			t.Helper()
			got, err := diag.State(local, remote, 1)
			if err != nil || got != want {
				t.Errorf("%s: %v %v, want %v", what, got, err, want)
			}
		}
		check("client", local, remote, wire.Established)
		check("server", remote, local, wire.Established)
		other := netip.AddrPortFrom(local.Addr(), local.Port()^1)
		check("listener", remote, other, wire.Listen)
		check("nobody", local, netip.AddrPortFrom(remote.Addr(), remote.Port()^1), wire.Closed)
		if err := c.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		check("server after FIN", remote, local, wire.CloseWait)
	}
}

func TestDump(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	u, err := net.ListenPacket("udp6", "[::1]:0")
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	find := func(proto Protocol, local netip.AddrPort) Socket {
		t.Helper()
		all, err := open(t).Dump(proto)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			if s.Local == local {
				return s
			}
		}
		t.Fatalf("no %v socket %v among %d", proto, local, len(all))
		panic("not reached")
	}
	s := find(TCP, addr(l.Addr()))
	if s.State != wire.Listen || s.IPv6 || s.Inode == 0 || s.SendQueue == 0 || s.Memory == nil || len(s.Info) < 100 {
		t.Errorf("listener: %+v", s)
	}
	s = find(UDP, u.LocalAddr().(*net.UDPAddr).AddrPort())
	if !s.IPv6 || s.Memory == nil || s.Memory.ReceiveBuffer == 0 {
		t.Errorf("UDP socket: %+v", s)
	}
}

func TestClosedConn(t *testing.T) {
	c := open(t)
	for range 2 {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Dump(TCP); err == nil {
		t.Error("a closed Conn answers")
	}
}

func FuzzAnswers(f *testing.F) {
	message := make([]byte, headerSize+messageSize+8)
	binary.NativeEndian.PutUint32(message, uint32(len(message)))
	binary.NativeEndian.PutUint16(message[4:], sockDiagByFamily)
	message[headerSize] = familyIPv6
	binary.NativeEndian.PutUint16(message[headerSize+messageSize:], 5)
	binary.NativeEndian.PutUint16(message[headerSize+messageSize+2:], extShutdown)
	f.Add(message)
	f.Add(append(message, 20, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := answers(b, func(b []byte) {
			for _, p := range []Protocol{TCP, UDP} {
				s, err := decodeSocket(b, p)
				if err == nil && s.IPv6 != s.Local.Addr().Is6() {
					t.Errorf("family of %+v", s)
				}
			}
		})
		_ = err
	})
}
