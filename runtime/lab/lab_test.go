package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/netns"
	"sockbook/runtime/sandbox/sandboxtest"
	"sockbook/runtime/wire"
)

func TestConfigRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []Config{
		hosts("Server"), hosts(""), hosts("next"), hosts(wire.Router), hosts("a/b"), hosts("server", "server"),
		hosts(strings.Repeat("x", 33)), {Hosts: []Host{{Name: "a", Number: 201}}}, {Hosts: []Host{{Name: "a", Number: -1}}},
		{Hosts: []Host{{Name: "a", Sysctl: map[string]string{"kernel.core_pattern": "x"}}}},
		{Hosts: []Host{{Name: "a", Sysctl: map[string]string{"net.../../kernel": "x"}}}},
	} {
		l, err := Up(t.Context(), c)
		var e *Error
		if !errors.As(err, &e) || l != nil {
			t.Errorf("Up(%+v): %v", c, err)
		}
	}
}

func TestNamesAndAddresses(t *testing.T) {
	t.Parallel()
	x := up(t, Config{Hosts: []Host{{Name: "server"}, {Name: "client"}, {Name: "far", Number: 77}}})
	if _, err := x.AddHost(x.ctx, Host{Name: "late"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		h    Host
		want string
	}{
		{Host{Name: "late"}, "already"}, {Host{Name: "other", Number: 77}, "10.0.0.77 is far's"}, {Host{Name: "Bad"}, "cannot be the name"},
	} {
		if _, err := x.AddHost(x.ctx, c.h); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("AddHost(%+v): %v, want %q", c.h, err, c.want)
		}
	}
	infos, err := x.Hosts(x.ctx)
	x.ok(err)
	var got []string
	for _, h := range infos {
		got = append(got, fmt.Sprintf("%s %v %v %v %s %s", h.Name, h.IPv4, h.IPv6, h.LinkLocal, h.MAC, h.Power))
	}
	want := []string{
		"server 10.0.0.1 fd00::1 fe80::1 02:00:00:00:00:01 up",
		"client 10.0.0.2 fd00::2 fe80::2 02:00:00:00:00:02 up",
		"far 10.0.0.77 fd00::4d fe80::4d 02:00:00:00:00:4d up",
		"late 10.0.0.3 fd00::3 fe80::3 02:00:00:00:00:03 up",
	}
	if !slices.Equal(got, want) {
		t.Errorf("hosts:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	client := x.agent("client")
	is(t, "hostname", string(client.must(agentCall{Call: "hostname"}).Data), "client")
	for name, want := range map[string]string{"server": "10.0.0.1 fd00::1", "client": "10.0.0.2 fd00::2", "late": "10.0.0.3 fd00::3", "localhost": "127.0.0.1 ::1"} {
		r := client.call(agentCall{Call: "lookup", Data: []byte(name)})
		var addrs []string
		if r.Errno == 0 {
			x.ok(json.Unmarshal(r.Data, &addrs))
		}
		slices.Sort(addrs)
		is(t, name, strings.Join(addrs, " "), want)
	}
	is(t, "nobody", errno(client.call(agentCall{Call: "lookup", Data: []byte("nobody")}).Errno), "ENOENT")
	is(t, "/proc", strings.Join(x.Lacks(), "; "), "")
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	x := up(t, hosts("server"))
	ctx := x.ctx
	_, start := x.Start(ctx, Command{Host: "sever", Argv: []string{"/proc/self/exe"}})
	_, noProgram := x.Start(ctx, Command{Host: "server", Argv: []string{"/no/such/program"}})
	_, empty := x.Start(ctx, Command{Host: "server"})
	_, sockets := x.Sockets(ctx, "sever")
	_, unknown := x.SetSysctl(ctx, "server", "tcp_retrys2", "1")
	_, outside := x.SetSysctl(ctx, "server", "kernel.hostname", "x")
	_, value := x.SetSysctl(ctx, "server", "tcp_retries2", "many")
	_, missing := x.Sysctl(ctx, "server", "net.ipv4.no_such_thing")
	x.ok(x.Crash(ctx, "server"))
	_, crashed := x.Start(ctx, Command{Host: "server", Argv: []string{"/proc/self/exe"}})
	for _, c := range []struct {
		name string
		err  error
		want string // in the text
		is   error
	}{
		{"start on no host", start, `no host "sever"`, nil},
		{"start nothing", empty, "no program", nil},
		{"start what is not there", noProgram, "/no/such/program", unix.ENOENT},
		{"sockets of no host", sockets, `no host "sever"`, nil},
		{"unknown setting", unknown, "tcp_retrys2", nil},
		{"setting outside", outside, "kernel.hostname", nil},
		{"bad value", value, `tcp_retries2 cannot be "many"`, unix.EINVAL},
		{"setting that is not there", missing, "no setting", unix.ENOENT},
		{"start on a crashed host", crashed, "crashed", nil},
		{"crash again", x.Crash(ctx, "server"), "crashed", nil},
		{"shut down a crashed host", x.Shutdown(ctx, "server", 0), "crashed", nil},
		{"rule about no host", x.AddRule(ctx, wire.Rule{Action: wire.Drop, A: "server", B: "clinet"}), `no host "clinet"`, nil},
		{"cut itself", x.AddRule(ctx, wire.Rule{Action: wire.Cut, A: "server", B: "x"}), `no host "x"`, nil},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) || c.is != nil && !errors.Is(c.err, c.is) {
			t.Errorf("%s: %v, want %q", c.name, c.err, c.want)
		}
	}
}

func TestProcessEnds(t *testing.T) {
	t.Parallel()
	x := up(t, hosts("server"))
	a := x.agent("server")
	a.conn.Close() // the agent ends by itself
	if e, err := a.proc.Wait(x.ctx); err != nil || e != (Exit{}) {
		t.Errorf("exit: %v %v", e, err)
	}
	if err := a.proc.Signal(x.ctx, unix.SIGTERM); !errors.Is(err, unix.ESRCH) {
		t.Errorf("signal after its end: %v", err)
	}
	r, w, err := os.Pipe()
	x.ok(err)
	p, err := x.Start(x.ctx, Command{Host: "server", Argv: []string{"/bin/sh", "-c", "echo to $ONE; exit 3"}, Env: []string{"ONE=two"}, Files: []*os.File{nil, w}})
	x.ok(err)
	w.Close()
	out := make([]byte, 100)
	n, err := r.Read(out)
	x.ok(err)
	is(t, "output", string(out[:n]), "to two\n")
	if e, err := p.Wait(x.ctx); err != nil || e.Code != 3 {
		t.Errorf("exit: %v %v", e, err)
	}
	// A process that leaves children behind: they go with the host.
	p, err = x.Start(x.ctx, Command{Host: "server", Argv: []string{"/bin/sh", "-c", "sleep 1000 & exit 0"}, Env: os.Environ()})
	x.ok(err)
	_, err = p.Wait(x.ctx)
	x.ok(err)
	x.ok(x.Crash(x.ctx, "server"))
	if n := children(t, x.Pid()); n != 0 {
		t.Errorf("%d processes outlived their host", n)
	}
}

func TestIsolated(t *testing.T) {
	t.Parallel()
	x := up(t, hosts("server"))
	r, w, err := os.Pipe()
	x.ok(err)
	c := Command{
		Host: "server", Argv: []string{"/bin/sh", "-c", "id -u; echo $$; read x < /proc/sys/kernel/hostname; echo $x"}, Env: os.Environ(), Files: []*os.File{nil, w, w},
		Isolate: &Isolate{Clone: unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWIPC, UID: 1000, GID: 1000},
	}
	p, err := x.Start(x.ctx, c)
	x.ok(err)
	w.Close()
	out, err := io.ReadAll(r)
	x.ok(err)
	is(t, "uid, pid and host's name", strings.Join(strings.Fields(string(out)), " "), "1000 1 server")
	if e, err := p.Wait(x.ctx); err != nil || e != (Exit{}) {
		t.Errorf("exit: %v %v", e, err)
	}
	c.Isolate.Clone |= unix.CLONE_NEWNET
	if _, err := x.Start(x.ctx, c); err == nil {
		t.Error("a process outside of every host was started")
	}
}

// children counts the processes that a process has.
func children(t *testing.T, pid int) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		skip(t, "cannot count processes: %v", err)
	}
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		t.Fatal(err)
	}
	n := len(strings.Fields(string(b)))
	for _, task := range tasks {
		if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, task.Name())); err == nil && task.Name() != fmt.Sprint(pid) {
			n += len(strings.Fields(string(b)))
		}
	}
	return n
}

func TestRules(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	x.ok(x.Delay(x.ctx, "client", "server", time.Hour))
	x.ok(x.Delay(x.ctx, "server", "client", 10*time.Millisecond)) // takes its place
	x.rule("drop client server third SYN")
	x.rule("drop client server next SYN-ACK from server")
	x.rule("duplicate client server next data")
	rules, err := x.Rules(x.ctx)
	x.ok(err)
	var texts []string
	for _, r := range rules {
		texts = append(texts, r.String())
	}
	is(t, "rules", strings.Join(texts, "; "), "delay server client 10ms; drop client server third SYN; drop client server next SYN-ACK from server; duplicate client server next data")
	l := server.listen(7777, 5)
	c := client.socket()
	is(t, "connect", client.connect(c, "10.0.0.1:7777"), "ok")
	s := server.accept(l)
	is(t, "write", client.write(c, "hello"), "ok")
	is(t, "read", server.read1(s), "hello")
	x.seeCount(2, "client data 5")
	if got := x.segments("SYN-ACK"); got[0] != "server SYN-ACK x" || len(got) < 2 || got[1] != "server SYN-ACK" {
		t.Errorf("SYN-ACKs: %q", got)
	}
	var copies int
	for _, f := range x.frames {
		if f.Made && f.From == "client" {
			copies++
		}
		if f.Fate == wire.Delivered && f.To != wire.Router && f.Delay() < 10*time.Millisecond {
			t.Errorf("%s: delay %v", segment(f), f.Delay())
		}
	}
	if copies != 1 {
		t.Errorf("%d copies", copies)
	}
	if n, err := x.Heal(x.ctx, "server", "client"); n != 4 || err != nil {
		t.Errorf("Heal removed %d: %v", n, err)
	}
}

func TestSocketsInWords(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	client.set(c, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
	client.set(c, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	client.must(agentCall{Call: "linger", FD: c, Args: []int{5}})
	is(t, "write", client.write(c, "hello"), "ok")
	x.seeCount(1, "server ACK")
	server.listen(8888, 3)
	fd := udpSocket(server)
	is(t, "bind", server.bind(fd, "0.0.0.0:53"), "ok")
	all, err := x.Sockets(x.ctx, "")
	x.ok(err)
	got := map[string]Socket{}
	for _, k := range all {
		got[fmt.Sprintf("%s %s %s", k.Host, k.Protocol, k.State)] = k
	}
	k := got["client tcp ESTABLISHED"]
	if k.PID != client.proc.PID || k.FD != c || k.TCP == nil || k.TCP.MSS != 1448 || k.TCP.RTO < 100*time.Millisecond || k.TCP.BytesSent != 5 {
		t.Errorf("client: %+v %+v", k, k.TCP)
	}
	is(t, "options", strings.Join(k.Options, "; "), "SO_LINGER 5s; SO_KEEPALIVE idle 7200s, every 75s, 9 times; TCP_NODELAY")
	k = got["server tcp ESTABLISHED"]
	if k.FD != s || k.ReceiveQueue != 5 || !slices.Contains(k.Words, "5 B have arrived that the process has not read") {
		t.Errorf("server: %+v", k)
	}
	k = got["server tcp LISTEN"]
	if k.Backlog != 3 || k.Words[0] != "waits for connections: 0 of at most 4 wait for accept" {
		t.Errorf("listener: %+v", k)
	}
	if k = got["server udp unconnected"]; k.Local.Port() != 53 || k.PID != server.proc.PID {
		t.Errorf("UDP: %+v", k)
	}
}

// Every frame of a burst is captured.
func TestBurst(t *testing.T) {
	t.Parallel()
	x, client, server := pair(t)
	const n = 500
	l := server.listen(7777, n)
	accepted := make(chan int)
	go func() {
		i := 0
		for ; i < n; i++ {
			r := server.call(agentCall{Call: "accept", FD: l})
			if r.Errno != 0 {
				break
			}
			server.call(agentCall{Call: "close", FD: r.N})
		}
		accepted <- i
	}()
	fds := nonblocking(client, n, "10.0.0.1:7777")
	for _, fd := range fds {
		client.must(agentCall{Call: "poll", FD: fd, Args: []int{unix.POLLIN, 60_000}})
		client.close(fd)
	}
	if got := <-accepted; got != n {
		t.Errorf("%d accepted", got)
	}
	x.seeCount(2*n, "FIN")
	x.until("all to be closed", func() bool { return x.count("server", wire.LastAck)+x.count("client", wire.FinWait1) == 0 })
	for _, w := range []struct {
		name string
		n    int
	}{{"client SYN", n}, {"server SYN-ACK", n}, {"server FIN", n}, {"client FIN", n}} {
		conns := map[string]bool{} // on a busy machine some are sent twice
		for _, f := range x.frames {
			if tcp := tcpOf(f); tcp != nil && segment(f) == w.name {
				conns[fmt.Sprint(tcp.SrcPort, tcp.DstPort)] = true
			}
		}
		if len(conns) != w.n {
			t.Errorf("%s of %d connections, want %d", w.name, len(conns), w.n)
		}
	}
	m, err := x.Mark(x.ctx)
	x.ok(err)
	if m.Lost != 0 {
		t.Errorf("%d frames lost", m.Lost)
	}
	for i, f := range x.frames {
		if f.Seq != uint64(i)+x.frames[0].Seq {
			t.Fatalf("a gap before frame %d", f.Seq)
		}
	}
	t.Logf("%d frames, 0 lost", len(x.frames))
}

func TestCanceled(t *testing.T) {
	t.Parallel()
	x := up(t, hosts("server"))
	ctx, cancel := context.WithCancel(x.ctx)
	m, err := x.Mark(ctx)
	x.ok(err)
	time.AfterFunc(time.Millisecond, cancel)
	for err == nil {
		_, m, err = x.Read(ctx, m)
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Read: %v", err)
	}
	if _, err := Up(ctx, hosts("a")); !errors.Is(err, context.Canceled) {
		t.Errorf("Up: %v", err)
	}
}

func TestLabDies(t *testing.T) {
	t.Parallel()
	x := up(t, hosts("server"))
	a := x.agent("server")
	reading := make(chan error)
	go func() {
		_, m, err := x.Read(x.ctx, wire.Mark{})
		for err == nil {
			_, m, err = x.Read(x.ctx, m)
		}
		reading <- err
	}()
	x.ok(unix.Kill(x.Pid(), unix.SIGKILL))
	<-x.Done()
	if !errors.Is(x.Err(), ErrDown) {
		t.Errorf("Err: %v", x.Err())
	}
	if err := <-reading; !errors.Is(err, ErrDown) {
		t.Errorf("Read: %v", err)
	}
	if _, err := a.proc.Wait(x.ctx); err != nil {
		t.Error(err)
	}
	if _, err := x.Hosts(x.ctx); !errors.Is(err, ErrDown) {
		t.Errorf("Hosts: %v", err)
	}
}

// A place without namespaces: this binary again, in a user namespace that allows
// no further ones.
func TestNotAllowed(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("/proc/self/exe", "refused")
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	child, err := netns.Start(cmd)
	skipIfNotAllowed(t, err)
	if err != nil {
		t.Fatal(err)
	}
	<-child.Done
	if child.Err != nil {
		t.Fatalf("%v\n%s", child.Err, &out)
	}
	for _, want := range []string{"user.max_user_namespaces is 0", "sysctl -w"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %q", want, &out)
		}
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	lacks, err := Probe(t.Context(), nil)
	skipIfNotAllowed(t, err)
	if err != nil || len(lacks) > 0 {
		t.Errorf("Probe: %q %v", lacks, err)
	}
	if _, err := Probe(t.Context(), []string{"/bin/true"}); !errors.Is(err, ErrDown) {
		t.Errorf("Probe with a command that is no lab: %v", err)
	}
	if _, err := Probe(t.Context(), []string{"/bin/sh", "-c", "echo wrong >&2; exit 3"}); !errors.Is(err, ErrDown) || !strings.Contains(err.Error(), "wrong") {
		t.Errorf("Probe with a command that fails: %v", err)
	}
}

// A place like a container of Docker's in which namespaces are allowed, but
// /proc is masked and its sysctls cannot be written: the rest of the lab works,
// but that processes cannot be isolated.
func TestMasked(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("/proc/self/exe", "masked")
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	child, err := netns.Start(cmd)
	skipIfNotAllowed(t, err)
	if err != nil {
		t.Fatal(err)
	}
	<-child.Done
	if child.Err != nil {
		t.Fatalf("%v\n%s", child.Err, &out)
	}
	for _, want := range []string{"Probe: [] give the lab a /proc of its own", "systempaths=unconfined", "/proc shows all", "sysctls cannot be set", "cannot be set here", "boots 2"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %q", want, &out)
		}
	}
}

// maskedMain is what TestMasked starts.
func maskedMain() int {
	for _, err := range []error{
		unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""),
		unix.Mount("proc", "/proc", "proc", 0, ""), // its own, as a container has
		unix.Mount("mask", "/proc/tty", "tmpfs", unix.MS_RDONLY, ""),
		unix.Mount("/proc/sys", "/proc/sys", "", unix.MS_BIND|unix.MS_REC, ""),
		unix.Mount("", "/proc/sys", "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""),
	} {
		if err != nil {
			fmt.Println("mask:", err)
			return 1
		}
	}
	ctx := context.Background()
	lacks, err := Probe(ctx, nil)
	fmt.Println("Probe:", lacks, err)
	l, err := Up(ctx, hosts("server"))
	if err != nil {
		fmt.Println("Up:", err)
		return 1
	}
	fmt.Println(l.Lacks())
	_, err = l.SetSysctl(ctx, "server", "tcp_retries2", "3")
	fmt.Println(err)
	var mine *Error
	if errors.As(err, &mine) {
		fmt.Println(mine.Hint)
	}
	p, err := l.Start(ctx, Command{Host: "server", Argv: []string{"/proc/self/exe", "idle"}})
	if err != nil {
		fmt.Println("Start:", err)
		return 1
	}
	if err := l.Reboot(ctx, "server"); err != nil {
		fmt.Println("Reboot:", err)
		return 1
	}
	e, err := p.Wait(ctx)
	fmt.Println(e, err)
	infos, err := l.Hosts(ctx)
	fmt.Println("boots", infos[0].Boots, err)
	if err := l.Down(ctx); err != nil {
		fmt.Println("Down:", err)
		return 1
	}
	return 0
}

// Docker's default: a seccomp filter that answers a new user namespace with EPERM.
func TestFiltered(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("/proc/self/exe", "filtered").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"operation not permitted", "a seccomp filter", "--security-opt seccomp=sockbook.json"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in %q", want, out)
		}
	}
}

// filteredMain is what TestFiltered starts.
func filteredMain() int {
	runtime.LockOSThread()
	if err := sandboxtest.RefuseNamespaces(); err != nil {
		fmt.Println(err)
		return 1
	}
	return refusedUp()
}

// refusedUp prints why there can be no lab here.
func refusedUp() int {
	_, err := Up(context.Background(), hosts("server"))
	var not *netns.NotAllowedError
	if !errors.As(err, &not) {
		fmt.Println("Up:", err)
		return 1
	}
	fmt.Println(not, not.Hint)
	return 0
}

// refusedMain is what TestNotAllowed starts.
func refusedMain() int {
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		fmt.Println("mount:", err)
		return 1
	}
	if err := os.WriteFile("/proc/sys/user/max_user_namespaces", []byte("0"), 0); err != nil {
		fmt.Println(err)
		return 1
	}
	return refusedUp()
}

// Bulk is captured whole, or the capture says that it is not.
func TestBulk(t *testing.T) {
	t.Parallel()
	x, client, server, c, s := connected(t)
	const size = 4 << 20
	sink := server.begin(agentCall{Call: "sink", FD: s, Args: []int{size}})
	client.must(agentCall{Call: "flood", FD: c, Args: []int{size}})
	server.end("sink", sink)
	is(t, "close", client.close(c), "ok")
	x.seeCount(1, "client FIN")
	seen := map[uint32]int{} // payload by sequence number
	for _, f := range x.frames {
		if tcp := tcpOf(f); f.From == "client" && tcp != nil {
			seen[tcp.Seq] = max(seen[tcp.Seq], f.Len-14-20-int(tcp.DataOffset)*4)
		}
	}
	sum := 0
	for _, n := range seen {
		sum += n
	}
	m, err := x.Mark(x.ctx)
	x.ok(err)
	if sum < size && m.Lost == 0 {
		t.Errorf("%d of %d bytes were captured, and none is said to be lost", sum, size)
	}
	t.Logf("%d frames, %d lost", len(x.frames), m.Lost)
}

func FuzzMessage(f *testing.F) {
	var m message
	if err := m.encode(startArgs{Host: "server", Argv: []string{"x"}, Files: []bool{true}}); err != nil {
		f.Fatal(err)
	}
	m.ID, m.Op, m.Files = 7, opStart, 1
	m.Error = encodeError(&netns.NotAllowedError{Op: "x", Missing: "y", Err: unix.EPERM})
	m.raw = []byte("frames")
	m.Raw = len(m.raw)
	b, err := m.frame()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte{0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		for {
			before := len(b)
			one, err := split(&b)
			if err != nil || one == nil {
				return
			}
			if len(b) != before-4-len(one) {
				t.Fatalf("%d B became %d and %d", before, len(one), len(b))
			}
			m, err := decodeMessage(one)
			if err != nil {
				continue
			}
			if m.Files < 0 || m.Files > maxFiles || m.Raw != len(m.raw) {
				t.Fatalf("%d files, %d B and %d", m.Files, m.Raw, len(m.raw))
			}
			if m.Error != nil && m.Error.decode() == nil {
				t.Fatal("an error became none")
			}
		}
	})
}
