package lab

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"sockbook/runtime/wire"
)

// bound makes a socket with options and binds it.
func (a *agent) bound(addr string, options ...int) (fd int, e string) {
	a.t.Helper()
	fd = a.socket()
	for _, o := range options {
		a.set(fd, unix.SOL_SOCKET, o, 1)
	}
	return fd, a.bind(fd, addr)
}

// Who may bind to the port that another socket of the server has? SO_REUSEADDR
// must be set by both, also where the first is only in TIME_WAIT.
func TestBindMatrix(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	const (
		ra = unix.SO_REUSEADDR
		rp = unix.SO_REUSEPORT
	)
	options := map[string][2][]int{"none": {}, "second": {{}, {ra}}, "both": {{ra}, {ra}}, "port": {{rp}, {rp}}}
	// For the first's state, the options, and whether the addresses overlap:
	// does the second bind, and listen?
	for i, c := range []struct {
		state, options, first, second, want string
	}{
		{"bound", "none", "0.0.0.0", "0.0.0.0", "EADDRINUSE"},
		{"bound", "none", "0.0.0.0", "10.0.0.1", "EADDRINUSE"},
		{"bound", "none", "10.0.0.1", "127.0.0.1", "ok"},
		{"bound", "second", "0.0.0.0", "0.0.0.0", "EADDRINUSE"},
		{"bound", "both", "0.0.0.0", "0.0.0.0", "ok"},
		{"bound", "both", "0.0.0.0", "10.0.0.1", "ok"},
		{"LISTEN", "none", "0.0.0.0", "10.0.0.1", "EADDRINUSE"},
		{"LISTEN", "both", "0.0.0.0", "0.0.0.0", "EADDRINUSE"},
		{"LISTEN", "both", "0.0.0.0", "10.0.0.1", "EADDRINUSE"}, // several instances, with one on all addresses: not on Linux
		{"LISTEN", "both", "10.0.0.1", "127.0.0.1", "ok"},
		{"LISTEN", "port", "0.0.0.0", "0.0.0.0", "ok"},
		{"LISTEN", "port", "0.0.0.0", "10.0.0.1", "ok"},
		{"ESTABLISHED", "none", "0.0.0.0", "0.0.0.0", "EADDRINUSE"}, // restart while a child serves
		{"ESTABLISHED", "second", "0.0.0.0", "0.0.0.0", "EADDRINUSE"},
		{"ESTABLISHED", "both", "0.0.0.0", "0.0.0.0", "ok"},
		{"TIME_WAIT", "none", "0.0.0.0", "0.0.0.0", "EADDRINUSE"},
		{"TIME_WAIT", "second", "0.0.0.0", "0.0.0.0", "EADDRINUSE"},
		{"TIME_WAIT", "both", "0.0.0.0", "0.0.0.0", "ok"},
	} {
		port := 20000 + i
		addr := func(ip string) string { return fmt.Sprintf("%s:%d", ip, port) }
		what := fmt.Sprintf("%s %s, %s then %s", c.state, c.options, c.first, c.second)
		first, e := server.bound(addr(c.first), options[c.options][0]...)
		is(t, what+": first", e, "ok")
		if c.state != "bound" {
			is(t, what+": listen", server.listenOn(first, 5), "ok")
		}
		if c.state == "ESTABLISHED" || c.state == "TIME_WAIT" {
			fd := client.socket()
			is(t, what+": connect", client.connect(fd, addr("10.0.0.1")), "ok")
			s := server.accept(first)
			server.close(first)
			if c.state == "TIME_WAIT" {
				server.close(s)
				is(t, what+": read", client.read1(fd), "EOF")
				client.close(fd)
				x.until("TIME_WAIT", func() bool { return x.has("server", port, wire.TimeWait) })
			}
		}
		second, e := server.bound(addr(c.second), options[c.options][1]...)
		if e == "ok" && c.state != "bound" {
			e = server.listenOn(second, 5)
		}
		is(t, what, e, c.want)
		server.close(second)
		server.close(first)
	}
}

func (x *rig) has(host string, port int, s wire.State) bool {
	x.t.Helper()
	all, err := x.Sockets(x.ctx, host)
	x.ok(err)
	for _, k := range all {
		if int(k.Local.Port()) == port && k.State == s.String() {
			return true
		}
	}
	return false
}

func TestBindErrors(t *testing.T) {
	t.Parallel()
	_, client, server := pair(t)
	_, e := server.bound("10.0.0.2:7777")
	is(t, "another host's address", e, "EADDRNOTAVAIL")
	fd, e := server.bound("0.0.0.0:0")
	is(t, "port 0", e, "ok")
	is(t, "again", server.bind(fd, "0.0.0.0:7777"), "EINVAL")
	if p := server.must(agentCall{Call: "name", FD: fd}).Addr.Port(); p < 1024 {
		t.Errorf("port 0 became %d", p)
	}
	_ = client
}

// Running out of ephemeral ports, all of them towards one server.
func TestPortsRunOut(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	x.setSysctl("client", "ip_local_port_range", "40000 40003")
	server.listen(7777, 20)
	for range 4 {
		is(t, "connect", client.connect(client.socket(), "10.0.0.1:7777"), "ok")
	}
	is(t, "connect", client.connect(client.socket(), "10.0.0.1:7777"), "EADDRNOTAVAIL")
	server.listen(7778, 20)
	is(t, "connect to another port", client.connect(client.socket(), "10.0.0.1:7778"), "ok")
}

// Datagrams to a port that two sockets have: the last to bind gets them.
func TestReuseAddrUDP(t *testing.T) {
	t.Parallel()
	_, client, server := pair(t)
	udp := func(options ...int) int {
		fd := server.must(agentCall{Call: "socket", Args: []int{unix.AF_INET, unix.SOCK_DGRAM | unix.SOCK_NONBLOCK}}).N
		for _, o := range options {
			server.set(fd, unix.SOL_SOCKET, o, 1)
		}
		return fd
	}
	a, b, c := udp(unix.SO_REUSEADDR), udp(unix.SO_REUSEADDR), udp()
	is(t, "bind", server.bind(a, "0.0.0.0:7777"), "ok")
	is(t, "bind the same", server.bind(b, "0.0.0.0:7777"), "ok")
	is(t, "bind without the option", server.bind(c, "0.0.0.0:7777"), "EADDRINUSE")
	s := client.must(agentCall{Call: "socket", Args: []int{unix.AF_INET, unix.SOCK_DGRAM}}).N
	is(t, "connect", client.connect(s, "10.0.0.1:7777"), "ok")
	is(t, "write", client.write(s, "hello"), "ok")
	server.must(agentCall{Call: "poll", FD: b, Args: []int{unix.POLLIN, 60_000}})
	is(t, "second's read", server.read1(b), "hello")
	is(t, "first's read", server.read1(a), "EAGAIN")
}

// A datagram to a group reaches every socket that has joined and is bound.
func TestMulticast(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	group := netip.MustParseAddrPort("239.1.1.1:7777")
	var fds []int
	for range 2 {
		fd := udpSocket(server)
		server.set(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
		is(t, "bind", server.bind(fd, "0.0.0.0:7777"), "ok")
		server.must(agentCall{Call: "join", FD: fd, Addr: group})
		fds = append(fds, fd)
	}
	is(t, "sendto", errno(client.call(agentCall{Call: "sendto", FD: udpSocket(client), Addr: group, Data: []byte("all")}).Errno), "ok")
	for _, fd := range fds {
		is(t, "read", server.read1(fd), "all")
	}
	x.seeCount(1, "client UDP 3")
}

func TestReusePort(t *testing.T) {
	t.Parallel()
	x := up(t, hosts("server", "client"))
	client := x.agent("client")
	const connections = 200
	var listeners []*agent
	var fds []int
	for range 4 { // processes
		a := x.agent("server")
		fd, e := a.bound("0.0.0.0:7777", unix.SO_REUSEPORT)
		is(t, "bind", e, "ok")
		is(t, "listen", a.listenOn(fd, connections), "ok")
		listeners, fds = append(listeners, a), append(fds, fd)
	}
	_, e := listeners[0].bound("0.0.0.0:7777")
	is(t, "bind without the option", e, "EADDRINUSE")
	var conns []int
	for range connections {
		c := client.socket()
		if e := client.connect(c, "10.0.0.1:7777"); e != "ok" {
			t.Fatal(e)
		}
		conns = append(conns, c)
	}
	waiting := x.waiting()
	sum := 0
	for _, n := range waiting {
		if sum += n; n < connections/16 {
			t.Errorf("one of %v has too few", waiting)
		}
	}
	if len(waiting) != 4 || sum != connections {
		t.Fatalf("waiting: %v, want %d in all of 4", waiting, connections)
	}
	// A listener dies: those that waited with it are reset, not passed on.
	x.forget()
	listeners[3].kill(x.ctx, unix.SIGKILL)
	lost := connections
	for _, n := range x.waiting() {
		lost -= n
	}
	x.seeCount(lost, "server RST")
	reset := 0
	for _, c := range conns {
		if client.soError(c) == "ECONNRESET" {
			reset++
		}
	}
	if reset != lost || lost == 0 {
		t.Errorf("%d connections were reset, %d lost", reset, lost)
	}
	for range 20 { // new ones go to the others
		is(t, "connect", client.connect(client.socket(), "10.0.0.1:7777"), "ok")
	}
	_ = fds
}

// waiting returns the numbers of connections that wait for accept, by listener.
func (x *rig) waiting() (n []int) {
	x.t.Helper()
	all, err := x.Sockets(x.ctx, "server")
	x.ok(err)
	for _, s := range all {
		if s.State == "LISTEN" {
			n = append(n, s.Waiting)
		}
	}
	return n
}

func TestPrivilegedPort(t *testing.T) {
	t.Parallel()
	x := up(t, hosts("server"))
	got, err := x.Sysctl(x.ctx, "server", "ip_unprivileged_port_start")
	x.ok(err)
	is(t, "ip_unprivileged_port_start", got, "1024")
	_, err = x.Sysctl(x.ctx, "server", "tcp_retires2")
	if err == nil || !strings.Contains(err.(*Error).Hint, "tcp_retries2") {
		t.Errorf("a name misspelt: %v", err)
	}
}
