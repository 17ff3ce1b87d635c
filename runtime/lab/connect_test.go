package lab

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/wire"
)

func TestConnectSucceeds(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	l := server.listen(7777, 5)
	c := client.socket()
	is(t, "connect", client.connect(c, "10.0.0.1:7777"), "ok")
	s := server.accept(l)
	is(t, "write", client.write(c, "hello"), "ok")
	is(t, "read", server.read1(s), "hello")
	is(t, "close", client.close(c), "ok")
	is(t, "read", server.read1(s), "EOF")
	x.expect("client SYN", "server SYN-ACK", "client data 5", "client FIN")

	// The states beside the frames, before and after.
	var got []string
	for _, f := range x.frames {
		if tcpOf(f) == nil {
			continue
		}
		line := segment(f) + ":"
		for _, s := range append(f.Before, f.After...) {
			line += " " + s.State.String()
		}
		got = append(got, line)
	}
	want := []string{
		"client SYN: SYN_SENT LISTEN SYN_RECV",
		"server SYN-ACK: SYN_RECV SYN_SENT ESTABLISHED",
		"client ACK: ESTABLISHED SYN_RECV ESTABLISHED",
		"client data 5: ESTABLISHED ESTABLISHED ESTABLISHED",
		"client FIN: FIN_WAIT1 ESTABLISHED CLOSE_WAIT",
	}
	for _, w := range want {
		if !strings.Contains(strings.Join(got, "\n"), w) {
			t.Errorf("no %q among\n%s", w, strings.Join(got, "\n"))
		}
	}
}

func TestConnectIPv6(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	socket6 := func(a *agent) int {
		return a.must(agentCall{Call: "socket", Args: []int{unix.AF_INET6, unix.SOCK_STREAM}}).N
	}
	l := socket6(server)
	is(t, "bind", server.bind(l, "[::]:7777"), "ok")
	is(t, "listen", server.listenOn(l, 5), "ok")
	c := socket6(client)
	is(t, "connect", client.connect(c, "[fd00::1]:7777"), "ok")
	s := server.must(agentCall{Call: "accept", FD: l})
	is(t, "peer", s.Addr.Addr().String(), "fd00::2")
	x.expect("client SYN", "server SYN-ACK")
	for _, f := range x.frames {
		if f.From == "server" && tcpOf(f) != nil && f.After[0].State != wire.Established {
			t.Errorf("%s: %v", segment(f), f.After)
		}
	}
	// The same listener serves IPv4.
	c = client.socket()
	is(t, "connect by IPv4", client.connect(c, "10.0.0.1:7777"), "ok")
	s = server.must(agentCall{Call: "accept", FD: l})
	is(t, "peer", s.Addr.Addr().String(), "::ffff:10.0.0.2")
}

func TestConnectRefused(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	c := client.socket()
	is(t, "connect", client.connect(c, "10.0.0.1:7777"), "ECONNREFUSED")
	x.expect("client SYN", "server RST")
	// The books say that the socket is of no use now. Linux takes it again.
	server.listen(7777, 5)
	is(t, "connect again", client.connect(c, "10.0.0.1:7777"), "ok")
}

func TestConnectTimesOut(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	server.listen(7777, 5)
	x.setSysctl("client", "tcp_syn_retries", "1")
	x.setSysctl("client", "tcp_syn_linear_timeouts", "0")
	x.rule("drop client server every SYN")
	c := client.socket()
	is(t, "connect", client.connect(c, "10.0.0.1:7777"), "ETIMEDOUT")
	x.expect("client SYN x", "client SYN x")
}

func TestConnectUnreachable(t *testing.T) {
	for _, c := range []struct {
		name, addr, errno string
		prepare           func(x *rig)
		wire              []string
	}{
		{"host", "10.0.0.1:7777", "EHOSTUNREACH",
			func(x *rig) { x.ok(x.Unreachable(x.ctx, "client", "server", wire.HostUnreachable)) },
			[]string{"client SYN x", "router DestinationUnreachable(Host)"}},
		{"net by rule", "10.0.0.1:7777", "ENETUNREACH", func(x *rig) { x.rule("unreachable client server net every SYN") },
			[]string{"client SYN x", "router DestinationUnreachable(Net)"}},
		{"port by rule", "10.0.0.1:7777", "ECONNREFUSED", func(x *rig) { x.rule("unreachable client server port-closed") },
			[]string{"client SYN x", "router DestinationUnreachable(Port)"}},
		{"no such network", "192.0.2.1:80", "ENETUNREACH", nil, []string{"router DestinationUnreachable(Net)"}},
		{"no such network, IPv6", "[2001:db8::1]:80", "ENETUNREACH", nil, []string{"router DestinationUnreachable(NoRouteToDst)"}},
		{"no such host", "10.0.0.77:80", "EHOSTUNREACH",
			func(x *rig) { x.setSysctl("client", "neigh.eth0.retrans_time_ms", "50") }, nil},
		{"ARP fails", "10.0.0.1:7777", "EHOSTUNREACH", func(x *rig) {
			x.setSysctl("client", "neigh.eth0.retrans_time_ms", "50")
			x.ok(x.NoARP(x.ctx, "client", "server"))
		}, nil},
		{"ARP fails, IPv6", "[fd00::1]:7777", "EHOSTUNREACH", func(x *rig) {
			x.setSysctl("client", "net.ipv6.neigh.eth0.retrans_time_ms", "50")
			x.ok(x.NoARP(x.ctx, "client", "server"))
		}, nil},
		{"no host has it, IPv6", "[fd00::4d]:7777", "EHOSTUNREACH",
			func(x *rig) { x.setSysctl("client", "net.ipv6.neigh.eth0.retrans_time_ms", "50") }, nil},
		{"by a router, IPv6", "[fd00::1]:7777", "EHOSTUNREACH",
			func(x *rig) { x.rule("unreachable client server every SYN") }, []string{"client SYN x", "router DestinationUnreachable(AddressUnreachable)"}},
		{"prohibited, IPv6", "[fd00::1]:7777", "EACCES",
			func(x *rig) { x.rule("unreachable client server prohibited every SYN") }, []string{"client SYN x", "router DestinationUnreachable(AdminProhibited)"}},
		{"prohibited", "10.0.0.1:7777", "EHOSTUNREACH",
			func(x *rig) { x.rule("unreachable client server prohibited every SYN") }, []string{"client SYN x", "router DestinationUnreachable(CommAdminProhibited)"}},
		{"own loopback", "127.0.0.1:7777", "ECONNREFUSED", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := up(t, hosts("server", "client"))
			client := x.agent("client")
			family := unix.AF_INET
			if strings.HasPrefix(c.addr, "[") {
				family = unix.AF_INET6
			}
			fd := client.must(agentCall{Call: "socket", Args: []int{family, unix.SOCK_STREAM}}).N
			if c.prepare != nil {
				c.prepare(x)
			}
			is(t, "connect", client.connect(fd, c.addr), c.errno)
			if c.wire != nil {
				x.expect(c.wire...)
			}
		})
	}
}

func TestConnectNonblocking(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	server.listen(7777, 5)
	x.ok(x.Delay(x.ctx, "client", "server", 20*time.Millisecond))
	for port, want := range map[int]string{7777: "ok", 7778: "ECONNREFUSED"} {
		fd := client.must(agentCall{Call: "socket", Args: []int{unix.AF_INET, unix.SOCK_STREAM | unix.SOCK_NONBLOCK}}).N
		addr := fmt.Sprintf("10.0.0.1:%d", port)
		is(t, "connect", client.connect(fd, addr), "EINPROGRESS")
		is(t, "connect again", client.connect(fd, addr), "EALREADY")
		if r := client.must(agentCall{Call: "poll", FD: fd, Args: []int{unix.POLLOUT, 60_000}}); r.N&unix.POLLOUT == 0 {
			t.Errorf("poll: %#x", r.N)
		}
		is(t, "SO_ERROR", client.soError(fd), want)
	}
}

func TestSelfConnect(t *testing.T) {
	t.Parallel()
	x := up(t, hosts("client"))
	client := x.agent("client")
	fd := client.socket()
	is(t, "bind", client.bind(fd, "10.0.0.1:7777"), "ok")
	is(t, "connect", client.connect(fd, "10.0.0.1:7777"), "ok")
	is(t, "states", x.states("client"), "ESTABLISHED") // one socket
	is(t, "write", client.write(fd, "echo"), "ok")
	is(t, "read", client.read1(fd), "echo")
	if got := x.segments(); got != nil {
		t.Errorf("on the wire: %q", got)
	}
}

func TestSimultaneousOpen(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	c, s := client.socket(), server.socket()
	is(t, "connect to learn the address", client.connect(client.socket(), "10.0.0.1:1"), "ECONNREFUSED")
	x.ok(x.Delay(x.ctx, "client", "server", 300*time.Millisecond))
	x.forget()
	is(t, "bind", client.bind(c, "10.0.0.2:7777"), "ok")
	is(t, "bind", server.bind(s, "10.0.0.1:8888"), "ok")
	a, b := client.beginConnect(c, "10.0.0.1:8888"), server.beginConnect(s, "10.0.0.2:7777")
	is(t, "connect", errno(client.end("connect", a).Errno), "ok")
	is(t, "connect", errno(server.end("connect", b).Errno), "ok")
	is(t, "states", x.states(""), "ESTABLISHED ESTABLISHED")
	x.seeCount(4, "SYN")
	seen := map[string]bool{}
	for _, f := range x.frames {
		for _, s := range append(f.Before, f.After...) {
			seen[s.Host+" "+s.State.String()] = true
		}
	}
	for _, want := range []string{"client SYN_SENT", "server SYN_SENT", "client SYN_RECV", "server SYN_RECV", "client ESTABLISHED", "server ESTABLISHED"} {
		if !seen[want] {
			t.Errorf("%s was not seen: %v", want, seen)
		}
	}
}

// nonblocking begins n connects without waiting for any.
func nonblocking(client *agent, n int, addr string) (fds []int) {
	client.t.Helper()
	for range n {
		fd := client.must(agentCall{Call: "socket", Args: []int{unix.AF_INET, unix.SOCK_STREAM | unix.SOCK_NONBLOCK}}).N
		is(client.t, "connect", client.connect(fd, addr), "EINPROGRESS")
		fds = append(fds, fd)
	}
	return fds
}

// count counts a host's sockets in a state.
func (x *rig) count(host string, s wire.State) int {
	n := 0
	for _, got := range strings.Fields(x.states(host)) {
		if got == s.String() {
			n++
		}
	}
	return n
}

// listen(fd, n) holds n+1 connections. More are not refused: their SYNs are
// ignored.
func TestAcceptQueue(t *testing.T) {
	for _, n := range []int{0, 1, 2, 5} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			x, client, server := pair(t)
			x.setSysctl("client", "tcp_syn_retries", "1")
			l := server.listen(7777, n)
			for range n + 1 { // one after the other
				is(t, "connect", client.connect(client.socket(), "10.0.0.1:7777"), "ok")
			}
			// The queue is full when the third packet of each has arrived.
			x.until("the queue to fill", func() bool { return x.count("server", wire.Established) == n+1 })
			fds := nonblocking(client, 2, "10.0.0.1:7777")
			x.seeCount(n+1+4, "client SYN") // two each, the second not answered either
			if got := x.segments("SYN-ACK"); len(got) != n+1 {
				t.Errorf("%d SYN-ACK, want %d", len(got), n+1)
			}
			if got := x.count("client", wire.SynSent); got != 2 {
				t.Errorf("client has %s", x.states("client"))
			}
			all, err := x.Sockets(x.ctx, "server")
			x.ok(err)
			for _, s := range all {
				if s.State == "LISTEN" && (s.Waiting != n+1 || s.Backlog != n) {
					t.Errorf("listener: %d wait, backlog %d", s.Waiting, s.Backlog)
				}
			}
			// Room in the queue would let them in with the next SYN: here there is none in time.
			for _, fd := range fds {
				client.must(agentCall{Call: "poll", FD: fd, Args: []int{unix.POLLOUT, 60_000}})
				is(t, "connect", client.soError(fd), "ETIMEDOUT")
			}
			for range n + 1 {
				server.accept(l)
			}
		})
	}
}

// Connections that overtake the filling of the queue: connect has succeeded,
// and what happens on the server is a setting.
func TestAcceptQueueOverflow(t *testing.T) {
	for _, abort := range []string{"0", "1"} {
		t.Run("abort="+abort, func(t *testing.T) {
			t.Parallel()
			x, client, server := pair(t)
			x.setSysctl("server", "tcp_syncookies", "0")
			x.setSysctl("server", "tcp_abort_on_overflow", abort)
			server.listen(7777, 2)
			for range 2 {
				is(t, "connect", client.connect(client.socket(), "10.0.0.1:7777"), "ok")
			}
			x.until("both to wait for accept", func() bool { return x.count("server", wire.Established) == 2 })
			x.ok(x.Delay(x.ctx, "client", "server", 50*time.Millisecond))
			fds := nonblocking(client, 3, "10.0.0.1:7777")
			for _, fd := range fds {
				client.must(agentCall{Call: "poll", FD: fd, Args: []int{unix.POLLOUT, 60_000}})
			}
			if abort == "1" {
				x.seeCount(2, "server RST")
				x.until("the reset connections to go", func() bool { return x.count("client", wire.Established) == 3 })
				is(t, "server", x.states("server"), "LISTEN ESTABLISHED ESTABLISHED ESTABLISHED")
				return
			}
			for _, fd := range fds {
				is(t, "connect", client.soError(fd), "ok")
			}
			is(t, "client", x.states("client"), strings.TrimSpace(strings.Repeat("ESTABLISHED ", 5)))
			x.until("the server to have both", func() bool {
				return x.count("server", wire.Established) == 3 && x.count("server", wire.SynRecv) == 2
			})
		})
	}
}

// The queue of half-open connections, filled as by a SYN flood: the client
// never sees a SYN-ACK.
func TestSYNQueue(t *testing.T) {
	for _, c := range []struct {
		cookies, max string
		synRecv      int
		answered     bool // every SYN
	}{
		{"0", "4", 4, false},
		{"0", "256", 9, false}, // backlog + 1
		{"1", "4", 9, true},
	} {
		t.Run("cookies="+c.cookies+" max="+c.max, func(t *testing.T) {
			t.Parallel()
			x, client, server := pair(t)
			x.setSysctl("server", "tcp_syncookies", c.cookies)
			x.setSysctl("server", "tcp_max_syn_backlog", c.max)
			x.setSysctl("client", "tcp_syn_retries", "1")
			server.listen(7777, 8)
			x.rule("drop client server every SYN-ACK")
			nonblocking(client, 20, "10.0.0.1:7777")
			x.seeCount(20, "client SYN")
			if got := x.count("server", wire.SynRecv); got != c.synRecv {
				t.Errorf("%d in SYN_RECV, want %d", got, c.synRecv)
			}
			want := c.synRecv
			if c.answered {
				want = 20
			}
			x.see("the answers", func() bool { return len(x.answered()) >= want })
			if n := len(x.answered()); n != want {
				t.Errorf("%d SYNs were answered, want %d", n, want)
			}
		})
	}
}

// answered returns the ports whose SYN was answered.
func (x *rig) answered() map[string]bool {
	ports := map[string]bool{}
	for _, f := range x.frames {
		if tcp := tcpOf(f); tcp != nil && tcp.SYN && tcp.ACK {
			ports[tcp.DstPort.String()] = true
		}
	}
	return ports
}

func TestSYNCookieConnects(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	x.setSysctl("server", "tcp_syncookies", "2")
	l := server.listen(7777, 5)
	x.ok(x.Delay(x.ctx, "client", "server", 30*time.Millisecond))
	c := client.socket()
	is(t, "connect", client.connect(c, "10.0.0.1:7777"), "ok")
	s := server.accept(l)
	is(t, "write", client.write(c, "hello"), "ok")
	is(t, "read", server.read1(s), "hello")
	for _, f := range x.frames {
		for _, s := range append(f.Before, f.After...) {
			if s.Host == "server" && s.State == wire.SynRecv {
				t.Errorf("%s: the server remembers it: %v", segment(f), s)
			}
		}
	}
}

func TestAcceptAfterReset(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	l := server.listen(7777, 5)
	c := client.socket()
	is(t, "connect", client.connect(c, "10.0.0.1:7777"), "ok")
	client.must(agentCall{Call: "linger", FD: c, Args: []int{0}})
	is(t, "close", client.close(c), "ok")
	x.seeCount(1, "client RST")
	s := server.accept(l) // POSIX would have ECONNABORTED here
	is(t, "peer", errno(server.call(agentCall{Call: "peer", FD: s}).Errno), "ENOTCONN")
	is(t, "read", server.read1(s), "ECONNRESET")
	is(t, "read again", server.read1(s), "EOF")
}
