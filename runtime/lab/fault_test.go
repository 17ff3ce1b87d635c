package lab

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/wire"
)

// What the tests of this and the next files assert is what the lessons teach:
// errors, states and packets, measured with this kernel's TCP.

func TestProcessKilled(t *testing.T) {
	t.Parallel()
	x, client, server, c, _ := connected(t)
	server.kill(x.ctx, unix.SIGKILL)
	is(t, "read", client.read1(c), "EOF")
	is(t, "client", x.states("client"), "CLOSE_WAIT")
	x.untilStates("server", "FIN_WAIT2")
	is(t, "first write", client.write(c, "hello"), "ok")
	x.expect("server FIN", "client ACK", "client data 5", "server RST")
	is(t, "second write", client.write(c, "hello"), "EPIPE")
	x.until("one SIGPIPE", func() bool { return client.must(agentCall{Call: "sigpipes"}).N == 1 })
	is(t, "states", x.states(""), "")
}

// Whether read gives EOF or ECONNRESET depends on what came first.
func TestProcessKilledThenReset(t *testing.T) {
	t.Parallel()
	x, client, server, c, _ := connected(t)
	server.kill(x.ctx, unix.SIGKILL)
	x.untilStates("client", "CLOSE_WAIT")
	is(t, "write", client.write(c, "hello"), "ok")
	x.seeCount(1, "server RST")
	is(t, "SO_ERROR", client.soError(c), "EPIPE")
	is(t, "read", client.read1(c), "EOF")
}

func TestProcessKilledWithUnreadData(t *testing.T) {
	t.Parallel()
	x, client, server, c, _ := connected(t)
	is(t, "write", client.write(c, "hello"), "ok")
	x.expect("client data 5", "server ACK")
	x.forget()
	server.kill(x.ctx, unix.SIGKILL)
	is(t, "read", client.read1(c), "ECONNRESET")
	x.expect("server RST")
}

// A process that has died leaves to its host's TCP what it has sent.
func TestProcessKilledWithUnsentData(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	x.ok(x.Cut(x.ctx, "server", "client"))
	is(t, "write", server.write(s, "last words"), "ok")
	server.kill(x.ctx, unix.SIGKILL)
	is(t, "server", x.states("server"), "FIN_WAIT1")
	if n, err := x.Heal(x.ctx, "client", "server"); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	is(t, "read", client.read1(c), "last words")
	is(t, "read", client.read1(c), "EOF")
}

func TestCrash(t *testing.T) {
	t.Parallel()
	x, client, server, c, _ := connected(t)
	x.setSysctl("client", "tcp_retries2", "2")
	x.ok(x.Crash(x.ctx, "server"))
	if e, err := server.proc.Wait(x.ctx); err != nil || e.Signal != unix.SIGKILL {
		t.Errorf("the server's process: %v %v", e, err)
	}
	is(t, "client", x.states("client"), "ESTABLISHED")
	is(t, "write", client.write(c, "anyone?"), "ok")
	is(t, "read", client.read1(c), "ETIMEDOUT")
	is(t, "client", x.states("client"), "")
	x.seeCount(3, "client data 7 x")
	if n := len(x.segments("server")); n > 0 {
		t.Errorf("the crashed host sent %q", x.segments("server"))
	}
	var sent []time.Time
	for _, f := range x.frames {
		if f.From == "client" && tcpOf(f) != nil {
			sent = append(sent, f.Time)
			if f.By != "crash server" || f.Fate != wire.Dropped {
				t.Errorf("%s: %v by %q", segment(f), f.Fate, f.By)
			}
		}
	}
	first, last := sent[1].Sub(sent[0]), sent[len(sent)-1].Sub(sent[len(sent)-2])
	if last <= first {
		t.Errorf("%d transmissions, the first two %v apart, the last two %v: want backoff", len(sent), first, last)
	}
}

// A router that says that it cannot reach the host changes only what the error
// is, not when: TCP takes the message as advice (RFC 1122, section 4.2.3.9).
func TestCrashBehindRouter(t *testing.T) {
	t.Parallel()
	x, client, _, c, _ := connected(t)
	x.setSysctl("client", "tcp_retries2", "2")
	x.ok(x.Unreachable(x.ctx, "client", "server", wire.HostUnreachable))
	is(t, "write", client.write(c, "anyone?"), "ok")
	is(t, "read", client.read1(c), "EHOSTUNREACH")
	x.seeCount(2, "router DestinationUnreachable(Host)")
	x.seeCount(2, "client data 7 x")
}

func TestCrashWithoutARP(t *testing.T) {
	t.Parallel()
	x, client, _, c, _ := connected(t)
	x.setSysctl("client", "neigh.eth0.retrans_time_ms", "100")
	x.setSysctl("client", "tcp_retries2", "2")
	x.ok(x.Crash(x.ctx, "server"))
	x.ok(x.NoARP(x.ctx, "client", "server"))
	is(t, "write", client.write(c, "anyone?"), "ok")
	is(t, "read", client.read1(c), "EHOSTUNREACH")
	x.seeCount(3, "client ARP request x")
	if got := x.segments("data"); got != nil {
		t.Errorf("without an address to send to, sent %q", got)
	}
}

func TestCutAndHealedInTime(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	x.ok(x.Cut(x.ctx, "client", "server"))
	is(t, "write", client.write(c, "hello"), "ok")
	x.seeCount(2, "client data 5 x")
	if _, err := x.Heal(x.ctx, "server", "client"); err != nil {
		t.Fatal(err)
	}
	is(t, "read", server.read1(s), "hello")
	for _, f := range x.frames {
		if f.Fate == wire.Dropped && f.By != "cut client server" {
			t.Errorf("%s: by %q", segment(f), f.By)
		}
	}
}

func TestReboot(t *testing.T) {
	t.Parallel()
	x, client, _, c, _ := connected(t)
	x.ok(x.Reboot(x.ctx, "server"))
	is(t, "server", x.states("server"), "")
	is(t, "client", x.states("client"), "ESTABLISHED") // nothing has told it
	if got := x.segments(); got != nil {
		t.Errorf("a rebooted host sent %q by itself", got)
	}
	is(t, "write", client.write(c, "hello"), "ok")
	is(t, "read", client.read1(c), "ECONNRESET")
	x.expect("client data 5", "server RST")
	// The host is whole again: the same address, and it takes processes.
	again := x.agent("server")
	l := again.listen(7777, 5)
	c = client.socket()
	is(t, "connect", client.connect(c, "10.0.0.1:7777"), "ok")
	again.accept(l)
	infos, err := x.Hosts(x.ctx)
	x.ok(err)
	if h := infos[0]; h.Boots != 2 || h.Power != On || len(h.Processes) != 1 {
		t.Errorf("after the reboot: %+v", h)
	}
}

func TestRebootKeepsSettings(t *testing.T) {
	t.Parallel()
	x := up(t, Config{Hosts: []Host{{Name: "server", Sysctl: map[string]string{"tcp_retries2": "4"}}}, Sysctl: map[string]string{"tcp_syncookies": "0", "tcp_retries2": "9"}})
	x.setSysctl("server", "tcp_fin_timeout", "7")
	x.ok(x.Crash(x.ctx, "server"))
	if _, err := x.Sockets(x.ctx, "server"); err == nil || !strings.Contains(err.Error(), "crashed") {
		t.Errorf("sockets of a crashed host: %v", err)
	}
	x.ok(x.Reboot(x.ctx, "server"))
	for name, want := range map[string]string{"tcp_retries2": "4", "tcp_syncookies": "0", "tcp_fin_timeout": "7"} {
		got, err := x.Sysctl(x.ctx, "server", name)
		x.ok(err)
		is(t, name, got, want)
	}
}

func TestShutdown(t *testing.T) {
	t.Parallel()
	x, client, server, c, _ := connected(t)
	x.ok(x.Shutdown(x.ctx, "server", 10*time.Second))
	e, err := server.proc.Wait(x.ctx)
	x.ok(err)
	if e.Signal != unix.SIGTERM {
		t.Errorf("the server's process: %v", e)
	}
	is(t, "read", client.read1(c), "EOF")
	is(t, "client", x.states("client"), "CLOSE_WAIT")
	x.expect("server FIN", "client ACK")
	// Unlike after a kill, nobody is there to answer what is sent now.
	x.setSysctl("client", "tcp_retries2", "1")
	is(t, "write", client.write(c, "hello"), "ok")
	x.seeCount(1, "client data 5 x")
	if f := x.frames[len(x.frames)-1]; f.By != "shutdown server" {
		t.Errorf("dropped by %q", f.By)
	}
}

func TestShutdownOfTheStubborn(t *testing.T) {
	t.Parallel()
	x, client, server, c, _ := connected(t)
	server.must(agentCall{Call: "ignoreterm"})
	x.ok(x.Shutdown(x.ctx, "server", 50*time.Millisecond))
	e, err := server.proc.Wait(x.ctx)
	x.ok(err)
	if e.Signal != unix.SIGKILL {
		t.Errorf("the server's process: %v", e)
	}
	is(t, "read", client.read1(c), "EOF")
}

// Down does not wait for a host that waits for its processes.
func TestDownWhileShuttingDown(t *testing.T) {
	t.Parallel()
	x := up(t, hosts("server"))
	r, w, err := os.Pipe()
	x.ok(err)
	defer r.Close()
	stubborn := `trap "echo no" TERM; echo ready; while :; do sleep 1; done`
	_, err = x.Start(x.ctx, Command{Host: "server", Argv: []string{"/bin/sh", "-c", stubborn}, Env: os.Environ(), Files: []*os.File{nil, w}})
	x.ok(err)
	w.Close()
	says := bufio.NewReader(r)
	line, err := says.ReadString('\n')
	x.ok(err)
	is(t, "the process says", line, "ready\n")
	down := make(chan error, 1)
	go func() { down <- x.Shutdown(x.ctx, "server", time.Hour) }()
	line, err = says.ReadString('\n')
	x.ok(err)
	is(t, "the process says", line, "no\n")
	x.ok(x.Down(x.ctx))
	if err := <-down; err == nil {
		t.Error("the shutdown has ended well")
	}
}

func TestKeepalive(t *testing.T) {
	for _, outcome := range []struct {
		name string
		do   func(x *rig, server *agent, c, s int)
		want string
		wire string
		n    int
	}{
		{"alive", func(x *rig, server *agent, c, s int) {
			x.seeCount(2, "server ACK")
			server.write(s, "still here")
		}, "still here", "server ACK", 2},
		{"rebooted", func(x *rig, server *agent, c, s int) { x.ok(x.Reboot(x.ctx, "server")) }, "ECONNRESET", "server RST", 1},
		{"crashed", func(x *rig, server *agent, c, s int) { x.ok(x.Crash(x.ctx, "server")) }, "ETIMEDOUT", "client ACK x", 2},
	} {
		t.Run(outcome.name, func(t *testing.T) {
			t.Parallel()
			x, client, server, c, s := connected(t)
			for opt, n := range map[int]int{unix.TCP_KEEPIDLE: 1, unix.TCP_KEEPINTVL: 1, unix.TCP_KEEPCNT: 2} {
				client.set(c, unix.IPPROTO_TCP, opt, n)
			}
			client.set(c, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
			read := client.beginRead(c)
			outcome.do(x, server, c, s)
			is(t, "read", client.result(read), outcome.want)
			x.seeCount(outcome.n, outcome.wire)
			if got := x.segments("client data"); got != nil {
				t.Errorf("sent %q: a probe has no data", got)
			}
		})
	}
}
