package lab

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/wire"
)

// passed tells whether a host's end of some connection was seen in a state.
func (x *rig) passed(host string, s wire.State) bool {
	for _, f := range x.frames {
		for _, sample := range append(f.Before, f.After...) {
			if sample.Host == host && sample.State == s {
				return true
			}
		}
	}
	return false
}

func TestClose(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	is(t, "close", client.close(c), "ok")
	is(t, "read", server.read1(s), "EOF")
	x.untilStates("client", "FIN_WAIT2")
	is(t, "server", x.states("server"), "CLOSE_WAIT")
	is(t, "close", server.close(s), "ok")
	x.untilStates("server", "")
	is(t, "client", x.states("client"), "TIME_WAIT") // with who closed first
	x.expect("client FIN", "server ACK", "server FIN", "client ACK")
	for _, want := range []struct {
		host string
		s    wire.State
	}{{"client", wire.FinWait1}, {"client", wire.FinWait2}, {"server", wire.LastAck}, {"client", wire.TimeWait}} {
		if !x.passed(want.host, want.s) {
			t.Errorf("%s was not seen in %v", want.host, want.s)
		}
	}
	all, err := x.Sockets(x.ctx, "client")
	x.ok(err)
	if len(all) != 1 || all[0].Timer != "TIME_WAIT" || all[0].Expires > time.Minute || all[0].Expires < 30*time.Second {
		t.Errorf("sockets: %+v", all)
	}
}

func TestSimultaneousClose(t *testing.T) {
	t.Parallel()
	// Without retransmissions, which would make it hard to read.
	x := up(t, Config{Hosts: hosts("server", "client").Hosts, Sysctl: map[string]string{"tcp_rto_min_us": "5000000"}})
	client, server := x.agent("client"), x.agent("server")
	c, s := x.connection(client, server)
	x.ok(x.Delay(x.ctx, "client", "server", time.Second))
	is(t, "close", client.close(c), "ok")
	x.seeCount(1, "client FIN") // or the hub may get the other one first
	is(t, "close", server.close(s), "ok")
	x.untilStates("", "TIME_WAIT TIME_WAIT")
	x.seeCount(2, " ACK")
	x.expect("client FIN", "server FIN")
	for _, host := range []string{"client", "server"} {
		if !x.passed(host, wire.Closing) {
			t.Errorf("%s was not seen in CLOSING", host)
		}
	}
}

// close returns at once, and what was written still goes.
func TestCloseWithUnsentData(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	x.ok(x.Cut(x.ctx, "client", "server"))
	is(t, "write", client.write(c, "hello"), "ok")
	is(t, "close", client.close(c), "ok")
	is(t, "client", x.states("client"), "FIN_WAIT1")
	if _, err := x.HealAll(x.ctx); err != nil {
		t.Fatal(err)
	}
	is(t, "read", server.read1(s), "hello")
	is(t, "read", server.read1(s), "EOF")
}

func TestCloseWithUnreadData(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	is(t, "write", server.write(s, "never read"), "ok")
	x.expect("server data 10", "client ACK")
	x.forget()
	is(t, "close", client.close(c), "ok")
	x.expect("client RST")
	is(t, "read", server.read1(s), "ECONNRESET")
	is(t, "write", server.write(s, "x"), "EPIPE")
	is(t, "states", x.states(""), "")
}

// After close nobody can read: data is answered by RST.
func TestCloseThenData(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	is(t, "close", client.close(c), "ok")
	is(t, "read", server.read1(s), "EOF")
	is(t, "write", server.write(s, "late"), "ok")
	x.expect("client FIN", "server data 4", "client RST")
	is(t, "write again", server.write(s, "later"), "EPIPE")
	is(t, "states", x.states(""), "")
}

// After shutdown of the sending direction the other one works on.
func TestHalfClose(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	is(t, "write", client.write(c, "request"), "ok")
	is(t, "shutdown", client.shutdown(c, unix.SHUT_WR), "ok")
	is(t, "read", server.read1(s), "request")
	is(t, "read", server.read1(s), "EOF")
	is(t, "server", x.states("server"), "CLOSE_WAIT")
	is(t, "write", server.write(s, "answer"), "ok")
	is(t, "read", client.read1(c), "answer")
	is(t, "client", x.states("client"), "FIN_WAIT2")
	is(t, "write", client.write(c, "more"), "EPIPE")
	is(t, "close", server.close(s), "ok")
	is(t, "read", client.read1(c), "EOF")
	x.expect("client data 7", "client FIN", "server data 6", "server FIN")
	is(t, "client", x.states("client"), "TIME_WAIT")
}

// Linux's SHUT_RD: read gives EOF, yet data that comes is acknowledged and can
// be read. Nothing is sent.
func TestShutdownRead(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	blocked := client.beginRead(c)
	is(t, "shutdown", client.shutdown(c, unix.SHUT_RD), "ok")
	is(t, "blocked read", client.result(blocked), "EOF")
	is(t, "read", client.read1(c), "EOF")
	is(t, "write", server.write(s, "data"), "ok")
	x.expect("server data 4", "client ACK")
	is(t, "read", client.read1(c), "data")
	is(t, "states", x.states(""), "ESTABLISHED ESTABLISHED")
}

// A descriptor's copy keeps the connection open against close, not against
// shutdown.
func TestCloseAndShutdownOfCopies(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	d := client.must(agentCall{Call: "dup", FD: c}).N
	is(t, "close", client.close(c), "ok")
	is(t, "write by the copy", client.write(d, "hello"), "ok")
	is(t, "read", server.read1(s), "hello")
	is(t, "states", x.states(""), "ESTABLISHED ESTABLISHED")
	e := client.must(agentCall{Call: "dup", FD: d}).N
	is(t, "shutdown", client.shutdown(d, unix.SHUT_WR), "ok")
	is(t, "write by the other", client.write(e, "x"), "EPIPE")
	is(t, "read", server.read1(s), "EOF")
	x.expect("client data 5", "client FIN")
}

func TestFinWait2(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	x.setSysctl("client", "tcp_fin_timeout", "1")
	is(t, "close", client.close(c), "ok")
	x.untilStates("client", "FIN_WAIT2")
	x.untilStates("client", "") // not TIME_WAIT: it just forgets
	is(t, "server", x.states("server"), "CLOSE_WAIT")
	is(t, "write", server.write(s, "x"), "ok")
	x.expect("client FIN", "server data 1", "client RST")
}

func TestLingerZero(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	x.ok(x.Cut(x.ctx, "client", "server"))
	is(t, "write", client.write(c, "thrown away"), "ok")
	if _, err := x.HealAll(x.ctx); err != nil {
		t.Fatal(err)
	}
	client.must(agentCall{Call: "linger", FD: c, Args: []int{0}})
	is(t, "close", client.close(c), "ok")
	is(t, "read", server.read1(s), "ECONNRESET")
	is(t, "states", x.states("client"), "")
	x.seeCount(1, "client RST")
	if got := x.segments("FIN"); got != nil {
		t.Errorf("sent %q", got)
	}
}

// With a time, close waits for the acknowledgement of the FIN. It returns 0 also
// when the time is up.
func TestLingerTime(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	client.must(agentCall{Call: "linger", FD: c, Args: []int{30}})
	is(t, "write", client.write(c, "hello"), "ok")
	is(t, "close", client.close(c), "ok")
	// It has waited: both have been acknowledged.
	if got := x.states("client"); got != "FIN_WAIT2" {
		t.Errorf("client after close: %s", got)
	}
	server.close(s)

	c, _ = x.connection(client, server)
	client.must(agentCall{Call: "linger", FD: c, Args: []int{1}})
	x.ok(x.Cut(x.ctx, "client", "server"))
	is(t, "write", client.write(c, "hello"), "ok")
	is(t, "close", client.close(c), "ok")
	if got := x.count("client", wire.FinWait1); got != 1 {
		t.Errorf("client after a close that did not wait long enough: %s", x.states("client"))
	}
	x.seeCount(2, "data 5 x") // the time was long enough to send it again
}
