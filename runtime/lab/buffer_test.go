package lab

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"github.com/gopacket/gopacket/layers"
	"golang.org/x/sys/unix"
)

// windowScale returns the option of a host's SYN or SYN-ACK, -1 if there is none.
func (x *rig) windowScale(host string) int {
	x.t.Helper()
	x.seeCount(1, host+" SYN")
	for _, f := range x.frames {
		tcp := tcpOf(f)
		if tcp == nil || f.From != host || !tcp.SYN {
			continue
		}
		for _, o := range tcp.Options {
			if o.OptionType == layers.TCPOptionKindWindowScale {
				return int(o.OptionData[0])
			}
		}
	}
	return -1
}

// The receive buffer decides the window scale, which only the SYN carries: set
// after connect it cannot.
func TestReceiveBuffer(t *testing.T) {
	for _, c := range []struct {
		name          string
		before, after int // SO_RCVBUF set; 0: not
		got           int // what Linux makes of it
		scale         int
	}{
		{"before", 4096, 0, 8192, 0},
		{"large before", 100_000, 0, 200_000, 1},
		{"after", 0, 4096, 8192, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x, client, server := pair(t)
			l := server.listen(7777, 5)
			usual := client.socket()
			is(t, "connect", client.connect(usual, "10.0.0.1:7777"), "ok")
			want := x.windowScale("client")
			if c.scale >= 0 {
				want = c.scale
			}
			x.forget()
			fd := client.socket()
			if c.before > 0 {
				client.set(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, c.before)
			}
			is(t, "connect", client.connect(fd, "10.0.0.1:7777"), "ok")
			if c.after > 0 {
				client.set(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, c.after)
			}
			if got := client.get(fd, unix.SOL_SOCKET, unix.SO_RCVBUF); got != c.got {
				t.Errorf("SO_RCVBUF is %d, want %d", got, c.got)
			}
			if got := x.windowScale("client"); got != want {
				t.Errorf("window scale %d, want %d", got, want)
			}
			server.accept(l)
		})
	}
}

func TestReceiveBufferOfListener(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	l := server.socket()
	server.set(l, unix.SOL_SOCKET, unix.SO_RCVBUF, 5000)
	is(t, "bind", server.bind(l, "0.0.0.0:7777"), "ok")
	is(t, "listen", server.listenOn(l, 5), "ok")
	is(t, "connect", client.connect(client.socket(), "10.0.0.1:7777"), "ok")
	s := server.accept(l)
	if got := server.get(s, unix.SOL_SOCKET, unix.SO_RCVBUF); got != 10000 {
		t.Errorf("SO_RCVBUF of the accepted socket: %d, want 10000", got)
	}
	if got := x.windowScale("server"); got != 0 {
		t.Errorf("window scale %d, want 0", got)
	}
}

// A receiver that does not read closes its window; the sender probes it, and
// goes on when it opens.
func TestZeroWindow(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	l := server.socket()
	server.set(l, unix.SOL_SOCKET, unix.SO_RCVBUF, 4096)
	is(t, "bind", server.bind(l, "0.0.0.0:7777"), "ok")
	is(t, "listen", server.listenOn(l, 5), "ok")
	c := client.socket()
	is(t, "connect", client.connect(c, "10.0.0.1:7777"), "ok")
	s := server.accept(l)
	client.must(agentCall{Call: "nonblock", FD: c, Args: []int{1}})
	sent := 0
	for {
		r := client.call(agentCall{Call: "write", FD: c, Data: make([]byte, 100_000)})
		if r.Errno != 0 {
			is(t, "write", errno(r.Errno), "EAGAIN")
			break
		}
		sent += r.N
	}
	x.see("the window to close", func() bool { return x.zeroWindows() > 0 })
	x.until("the sender to probe", func() bool {
		all, err := x.Sockets(x.ctx, "client")
		x.ok(err)
		return len(all) == 1 && all[0].Timer == "zero window probe" && all[0].SendQueue > 0
	})
	for got := 0; got < sent; {
		r := server.must(agentCall{Call: "read", FD: s, Args: []int{1 << 16}})
		if r.N == 0 {
			t.Fatalf("EOF after %d of %d", got, sent)
		}
		got += r.N
	}
}

func (x *rig) zeroWindows() (n int) {
	for _, f := range x.frames {
		if tcp := tcpOf(f); tcp != nil && f.From == "server" && tcp.Window == 0 && !tcp.RST {
			n++
		}
	}
	return n
}

func udpSocket(a *agent) int {
	a.t.Helper()
	return a.must(agentCall{Call: "socket", Args: []int{unix.AF_INET, unix.SOCK_DGRAM}}).N
}

// UDP keeps nothing back to send again: a datagram is gone when it is sent.
func TestUDPNobody(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	fd := udpSocket(client)
	to := netip.MustParseAddrPort("10.0.0.1:7777")
	x.rule("drop client server every UDP")
	is(t, "sendto, lost", errno(client.call(agentCall{Call: "sendto", FD: fd, Addr: to, Data: []byte("x")}).Errno), "ok")
	x.seeCount(1, "client UDP 1 x")
	if _, err := x.HealAll(x.ctx); err != nil {
		t.Fatal(err)
	}
	// Not connected: nothing is ever heard of the ICMP message.
	is(t, "sendto, nobody there", errno(client.call(agentCall{Call: "sendto", FD: fd, Addr: to, Data: []byte("x")}).Errno), "ok")
	x.seeCount(1, "server DestinationUnreachable(Port)")
	is(t, "SO_ERROR", client.soError(fd), "ok")
	// Connected: the next call reports it.
	is(t, "connect", client.connect(fd, "10.0.0.1:7777"), "ok")
	x.forget()
	is(t, "write", client.write(fd, "x"), "ok")
	x.seeCount(1, "server DestinationUnreachable(Port)")
	is(t, "read", client.read1(fd), "ECONNREFUSED")
	_ = server
}

func TestUDPTruncation(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	s, c := udpSocket(server), udpSocket(client)
	is(t, "bind", server.bind(s, "0.0.0.0:7777"), "ok")
	is(t, "connect", client.connect(c, "10.0.0.1:7777"), "ok")
	is(t, "write", client.write(c, "hello, world"), "ok")
	is(t, "write", client.write(c, "next"), "ok")
	r := server.must(agentCall{Call: "recvmsg", FD: s, Args: []int{5, 0}})
	is(t, "read of 5", string(r.Data), "hello<truncated>")
	is(t, "from", r.Addr.Addr().String(), "10.0.0.2")
	is(t, "the rest is gone", server.read1(s), "next")
	is(t, "an empty datagram", client.write(c, ""), "ok")
	is(t, "is no end", server.read1(s), "EOF")
	is(t, "write", client.write(c, "more"), "ok")
	is(t, "read", server.read1(s), "more")
	is(t, "too large", client.write(c, strings.Repeat("x", 65508)), "EMSGSIZE")
	is(t, "the largest", client.write(c, strings.Repeat("x", 65507)), "ok")
	r = server.must(agentCall{Call: "read", FD: s, Args: []int{1 << 16}})
	if !bytes.Equal(r.Data, bytes.Repeat([]byte("x"), 65507)) {
		t.Errorf("read %d B", r.N)
	}
	_ = x
}

// The send buffer bounds one datagram; it holds none back.
func TestUDPBuffers(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	s, c := udpSocket(server), udpSocket(client)
	is(t, "bind", server.bind(s, "0.0.0.0:7777"), "ok")
	is(t, "connect", client.connect(c, "10.0.0.1:7777"), "ok")
	client.set(c, unix.SOL_SOCKET, unix.SO_SNDBUF, 5000)                                    // 10000
	is(t, "write above SO_SNDBUF", client.write(c, strings.Repeat("x", 20_000)), "ENOBUFS") // the books have EMSGSIZE
	server.set(s, unix.SOL_SOCKET, unix.SO_RCVBUF, 2048)                                    // 4096: a few datagrams
	for range 50 {
		is(t, "write", client.write(c, strings.Repeat("x", 1000)), "ok")
	}
	x.seeCount(50, "client UDP 1000")
	all, err := x.Sockets(x.ctx, "server")
	x.ok(err)
	if len(all) != 1 || all[0].Drops < 40 || all[0].Drops >= 50 {
		t.Errorf("sockets: %+v", all)
	}
}
