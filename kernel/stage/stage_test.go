package stage_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/kernel/directive"
	"sockbook/kernel/hint"
	"sockbook/kernel/stage"
	"sockbook/kernel/worker"
	"sockbook/runtime/display/sink"
	"sockbook/runtime/lab"
	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
)

// TestMain is also the worker and the lab: the test binary runs itself.
func TestMain(m *testing.M) {
	var err error
	switch {
	case len(os.Args) == 2 && os.Args[1] == "worker":
		err = worker.Main(func() worker.Evaluator { return &script{stop: make(chan struct{}, 1)} })
	case len(os.Args) == 2 && os.Args[1] == lab.Argument:
		err = lab.Main()
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// script is an evaluator whose cells are single commands.
type script struct {
	stop chan struct{}
	conn net.Conn
}

func (s *script) Warm() {}

func (s *script) Interrupt() {
	select {
	case s.stop <- struct{}{}:
	default:
	}
}
func (s *script) Rests() bool { return false }

func (s *script) Source(names []string) worker.Source {
	return worker.Source{Text: strings.Join(names, " ")}
}
func (s *script) Where() (string, int)                       { return "[1]", 1 }
func (s *script) Complete(string, int) worker.Completion     { return worker.Completion{} }
func (s *script) Inspect(string, int, int) worker.Inspection { return worker.Inspection{} }

func (s *script) Run(name, text string) worker.Outcome {
	var err error
	switch command, argument, _ := strings.Cut(strings.TrimSpace(text), " "); command {
	case "serve":
		var l net.Listener
		if l, err = net.Listen("tcp", ":7777"); err != nil {
			break
		}
		fmt.Println("serving")
		for {
			c, err := l.Accept()
			if err != nil {
				break
			}
			go func() { io.Copy(c, c); c.Close() }()
		}
	case "wait":
		fmt.Println("waiting")
		<-s.stop
	case "dial":
		if s.conn, err = net.Dial("tcp", argument); err == nil {
			s.conn.SetDeadline(time.Now().Add(20 * time.Second))
		}
	case "echo":
		buf := make([]byte, 5)
		if _, err = s.conn.Write([]byte("hello")); err == nil {
			_, err = io.ReadFull(s.conn, buf)
		}
		fmt.Println(string(buf))
	case "give": // its own standard output, to whoever calls at the abstract socket
		var l *net.UnixListener
		if l, err = net.ListenUnix("unix", &net.UnixAddr{Name: "@gift", Net: "unix"}); err != nil {
			break
		}
		fmt.Println("giving")
		var c *net.UnixConn
		if c, err = l.AcceptUnix(); err == nil {
			_, _, err = c.WriteMsgUnix([]byte("x"), unix.UnixRights(1), nil)
		}
	case "take": // and write to it
		var c *net.UnixConn
		if c, err = net.DialUnix("unix", nil, &net.UnixAddr{Name: "@gift", Net: "unix"}); err == nil {
			err = writeToGift(c)
		}
	case "loopback": // says hello to itself
		var l net.Listener
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			break
		}
		var a, b net.Conn
		if a, err = net.Dial("tcp", l.Addr().String()); err == nil {
			if b, err = l.Accept(); err == nil {
				fmt.Fprint(a, "hello")
				_, err = io.ReadFull(b, make([]byte, 5))
			}
		}
	case "burst": // connections, all at once, each with a line and its echo
		err = burst(argument, 500)
	case "tick": // a line and its echo, again and again
		for err == nil {
			select {
			case <-s.stop:
				return worker.Outcome{}
			case <-time.After(50 * time.Millisecond):
				if _, err = s.conn.Write([]byte("hello")); err == nil {
					_, err = io.ReadFull(s.conn, make([]byte, 5))
				}
			}
		}
	case "hostname":
		var name string
		name, err = os.Hostname()
		fmt.Println(name)
	}
	if err != nil {
		return worker.Outcome{Failure: &worker.Failure{Name: "error", Message: err.Error()}}
	}
	return worker.Outcome{}
}

// burst makes n connections at once.
func burst(address string, n int) error {
	one := func() error {
		c, err := net.Dial("tcp4", address) // or a slow machine dials by IPv6 too
		if err != nil {
			return err
		}
		defer c.Close()
		if _, err := c.Write([]byte("hello")); err != nil {
			return err
		}
		_, err = io.ReadFull(c, make([]byte, 5))
		return err
	}
	errs := make(chan error, n)
	for range n {
		go func() { errs <- one() }()
	}
	var all error
	for range n {
		all = errors.Join(all, <-errs)
	}
	return all
}

// writeToGift writes to the descriptor that comes by c.
func writeToGift(c *net.UnixConn) error {
	rights := make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := c.ReadMsgUnix(make([]byte, 1), rights)
	if err != nil {
		return err
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil || len(messages) != 1 {
		return fmt.Errorf("%d control messages, %w", len(messages), err)
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		return err
	}
	_, err = unix.Write(fds[0], []byte("thank you\n"))
	return err
}

// screen remembers what is shown.
type screen struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *screen) Stream(_, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.WriteString(text)
}
func (s *screen) Display(m sink.Message) {
	s.Stream("", fmt.Sprint(m.Data["text/plain"]))
	if m.ID != "" {
		s.Stream("", "("+string(m.Kind)+" "+m.ID+")\n")
	}
}
func (s *screen) Input(context.Context) (string, error) {
	return "", worker.ErrNoInput
}
func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func (s *screen) until(t *testing.T, want string) {
	t.Helper()
	for range 1000 {
		if strings.Contains(s.String(), want) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the screen shows %q, want %q", s, want)
}

// notebook runs cells as a session would.
type notebook struct {
	*testing.T
	stage *stage.Stage
	set   directive.Set
	wg    sync.WaitGroup
}

func open(t *testing.T, change func(*stage.Config)) *notebook {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	config := stage.Config{Program: self, Env: os.Environ()}
	if change != nil {
		change(&config)
	}
	n := &notebook{T: t, stage: stage.New(config)}
	n.set.Add(n.stage.Directives()...)
	t.Cleanup(func() { n.stage.Close(); n.wg.Wait() })
	return n
}

// cell runs a cell. It returns what is shown and how it ended: "" if well.
func (n *notebook) cell(text string) (*screen, string) {
	n.Helper()
	out := &screen{}
	c, err := n.set.Split(text)
	if err != nil {
		return out, err.Error()
	}
	ctx := n.Context()
	plan := &directive.Plan{}
	for _, call := range c.Plan {
		if err := call.Cell(ctx, call.Args, plan); err != nil {
			return out, err.Error()
		}
	}
	for _, call := range c.Before {
		if err := call.Run(ctx, call.Args, out); err != nil {
			return out, err.Error()
		}
	}
	if !c.HasGo() {
		return out, ""
	}
	if plan.Process == "" {
		plan.Process = stage.Main
	}
	p, err := n.stage.Process(plan.Process)
	if err != nil {
		return out, err.Error()
	}
	release := p.Hold()
	how := func() string {
		defer release()
		beside, stop := context.WithCancel(ctx)
		defer stop()
		var wg sync.WaitGroup
		if plan.Background {
			for _, f := range plan.Beside {
				wg.Go(func() { f(beside, out) })
			}
		}
		defer func() {
			for _, f := range plan.Done {
				f()
			}
		}()
		o, err := p.Run("[1]", c.Go, out)
		stop()
		wg.Wait()
		for _, after := range plan.After {
			after(ctx, out)
		}
		switch {
		case err != nil:
			return err.Error()
		case o.Failure != nil:
			return o.Failure.Message
		}
		return ""
	}
	if plan.Background {
		n.wg.Go(func() { out.Stream("", "\nended: "+how()+"\n") })
		return out, ""
	}
	return out, how()
}

// good runs a cell that must end well, and returns what is shown.
func (n *notebook) good(text string) string {
	n.Helper()
	out, how := n.cell(text)
	if how != "" {
		n.Fatalf("%q: %s", text, how)
	}
	return out.String()
}

// needLab skips where there are no namespaces.
func (n *notebook) needLab() {
	n.Helper()
	if _, how := n.cell("%hosts"); how != "" {
		if os.Getenv("CI") == "true" {
			n.Fatal(how)
		}
		n.Skip(how)
	}
}

func TestServerAndClient(t *testing.T) {
	n := open(t, nil)
	n.needLab()
	server, _ := n.cell("%%on server &\nserve")
	server.until(t, "serving")
	got := n.good("%%on client\n%%wire\ndial server:7777")
	for _, want := range []string{"server 10.0.0.1", "client 10.0.0.2", "SYN,ACK", "ESTABLISHED"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in the picture:\n%s", want, got)
		}
	}
	if got := n.good("%%on client\necho"); got != "hello\n" {
		t.Errorf("echo shows %q", got)
	}
	if got := n.good("%ps"); !regexp.MustCompile(`server +server +\d+ +runs cell \[1\]\nclient +client +\d+ +waits for a cell`).MatchString(got) {
		t.Errorf("%%ps shows\n%s", got)
	}
	if got := n.good("%sockets server"); !strings.Contains(got, "LISTEN") || !strings.Contains(got, "ESTABLISHED") {
		t.Errorf("%%sockets shows\n%s", got)
	}
	if got := n.good("%queues server:7777"); !strings.Contains(got, "accept queue") || !strings.Contains(got, "receive buffer") {
		t.Errorf("%%queues shows\n%s", got)
	}
	file := filepath.Join(t.TempDir(), "f.pcapng")
	n.good("%wire save " + file)
	if info, err := os.Stat(file); err != nil || info.Size() < 500 {
		t.Errorf("%%wire save: %v, %v", info, err)
	}
	dialer, _ := n.cell("%%on client &\n%%wire\ndial server:7777")
	n.good("%wait client")
	if !strings.Contains(dialer.String(), "ESTABLISHED") {
		t.Errorf("after %%wait there is no picture:\n%s", dialer)
	}
	if _, how := n.cell("%%on server\nwait"); how != `the process "server" is busy with cell [1]` {
		t.Errorf("a busy process: %s", how)
	}
	n.good("%sysctl client tcp_retries2=1")
	n.good("%crash server")
	server.until(t, "ended: its host crashed")
	crashed, how := n.cell("%%on client\n%%wire\necho")
	if !strings.Contains(how, "connection timed out") {
		t.Errorf("after the crash: %s", how)
	}
	for _, want := range []string{"retransmission", "client: tcp_retries2 is 1 here; Linux's own 15 would make this take about 15 minutes",
		"Write 5 B   cell 1, line 1", "Read: ETIMEDOUT   cell 1, line 1", "CLOSED"} {
		if !strings.Contains(crashed.String(), want) {
			t.Errorf("no %q in the picture:\n%s", want, crashed)
		}
	}
	if got := n.good("%wire backoff"); !strings.Contains(got, "Retransmissions") || !strings.Contains(got, "ETIMEDOUT") {
		t.Errorf("%%wire backoff shows\n%s", got)
	}
	if got := n.good("%states client"); !strings.Contains(got, "TCP states") || !strings.Contains(got, "SYN_SENT") || !strings.Contains(got, "CLOSED          ") {
		t.Errorf("%%states shows\n%s", got)
	}
	if _, how := n.cell("%%on server\nhostname"); !strings.Contains(how, `the host "server" is crashed`) {
		t.Errorf("a cell on a crashed host: %s", how)
	}
	n.good("%reboot server")
	if got := n.good("%%on server\nhostname"); got != "server\n" {
		t.Errorf("after the reboot, hostname shows %q", got)
	}
}

// TestWithinTheHost: what does not cross the wire is drawn from the calls, also
// where there is no lab.
func TestWithinTheHost(t *testing.T) {
	for name, noLab := range map[string]bool{"lab": false, "no lab": true} {
		t.Run(name, func(t *testing.T) {
			n := open(t, func(c *stage.Config) { c.NoLab = noLab })
			if !noLab {
				n.needLab()
			}
			got := n.good("%%wire\nloopback")
			for _, want := range []string{"main 127.0.0.1:", "5 B", "Write 5 B   cell 1, line 1", "Read: 5 B   cell 1, line 1", "drawn from the calls"} {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in the picture:\n%s", want, got)
				}
			}
			if got := n.good("%%wire\nhostname"); !strings.Contains(got, "No packet crossed the wire") {
				t.Errorf("of nothing, %q is shown", got)
			}
			if _, how := n.cell("%wire save " + filepath.Join(t.TempDir(), "x.pcapng")); !strings.Contains(how, "no packet was captured") {
				t.Errorf("save what no wire saw: %q", how)
			}
		})
	}
}

// TestBurst: a picture has every packet of many connections, to the last.
func TestBurst(t *testing.T) {
	n := open(t, nil)
	n.needLab()
	server, _ := n.cell("%%on server &\nserve")
	server.until(t, "serving")
	n.good("%%on client\n%%wire\nburst server:7777")
	want := tally{flows: 500, syn: 1000, fin: 1000, bytes: 5000}
	got := tallyOf(n.stage.Last())
	// On a busy machine the server may close after the picture was drawn.
	for end := time.Now().Add(30 * time.Second); got != want && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		tr, err := n.stage.Trace(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got = tallyOf(tr)
	}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// tally is what a trace has of connections. Under load TCP sends some packets
// again: of each connection and direction, one counts.
type tally struct {
	flows, syn, fin int
	bytes           int64
	lost            uint64
}

func tallyOf(tr *trace.Trace) tally {
	type sent struct {
		flow, side int
		flag       packet.Flags
	}
	seen := map[sent]bool{}
	count := map[packet.Flags]int{}
	for i := range tr.Packets {
		p := &tr.Packets[i]
		for _, flag := range []packet.Flags{packet.SYN, packet.FIN} {
			if k := (sent{p.Flow, p.Side, flag}); p.TCP != nil && p.TCP.Flags.Has(flag) && !seen[k] {
				seen[k] = true
				count[flag]++
			}
		}
	}
	b := tally{flows: len(tr.Flows), syn: count[packet.SYN], fin: count[packet.FIN], lost: uint64(tr.Lost)}
	for _, f := range tr.Flows {
		b.bytes += f.Bytes[0] + f.Bytes[1]
	}
	return b
}

// TestGrowing: the picture of a cell in the background is drawn before its end,
// and then replaced.
func TestGrowing(t *testing.T) {
	n := open(t, nil)
	n.needLab()
	server, _ := n.cell("%%on server &\nserve")
	server.until(t, "serving")
	n.good("%%on client\ndial server:7777")
	out, _ := n.cell("%%on client &\n%%wire\ntick")
	out.until(t, "(update_display_data")
	n.good("%interrupt client\n%wait client")
	if text := out.String(); strings.Count(text, "(display_data") != 1 || !strings.Contains(text, "Write 5 B") {
		t.Errorf("shown:\n%s", text)
	}
}

// TestHandOver has a process give a descriptor to another one on its host, and
// one on another host ask in vain.
func TestHandOver(t *testing.T) {
	n := open(t, nil)
	n.needLab()
	giver, _ := n.cell("%%on giver@server &\ngive")
	giver.until(t, "giving")
	if _, how := n.cell("%%on stranger@client\ntake"); !strings.Contains(how, "connection refused") {
		t.Errorf("from another host: %q", how)
	}
	n.good("%%on taker@server\ntake")
	giver.until(t, "thank you")
}

func TestKillWaitInterrupt(t *testing.T) {
	n := open(t, nil)
	a, _ := n.cell("%%on a &\nwait")
	a.until(t, "waiting")
	n.good("%interrupt a\n%wait a")
	a.until(t, "ended: \n")
	a, _ = n.cell("%%on a &\nwait")
	a.until(t, "waiting")
	n.good("%kill a\n%wait a")
	a.until(t, "ended: signal 15 (SIGTERM)")
	n.good("%%on a\nhostname") // a fresh one
	for range 20 {
		a, _ = n.cell("%%on a &\nwait")
		a.until(t, "waiting")
		n.good("%kill a SIGKILL")
		n.good("%%on a\nhostname") // so is this, at once
	}
	n.good("%restart a")
}

func TestSettingOfSeveralNumbers(t *testing.T) {
	n := open(t, nil)
	n.needLab()
	n.good("%%on client\nhostname")
	n.good("%sysctl client ip_local_port_range=40000 40003")
	if got := n.good("%sysctl client ip_local_port_range"); got != "ip_local_port_range = 40000 40003\n" {
		t.Errorf("it shows %q", got)
	}
}

// TestAsked: a question about a cell for a process that is not there makes none.
func TestAsked(t *testing.T) {
	n := open(t, nil)
	if p, err := n.stage.Asked("serv"); err != nil || p.Name != stage.Main {
		t.Errorf("process %+v, %v", p, err)
	}
	if got := n.good("%ps"); strings.Contains(got, "serv") {
		t.Errorf("a question made a process:\n%s", got)
	}
	p, err := n.stage.Process("server")
	if err != nil {
		t.Fatal(err)
	}
	if asked, err := n.stage.Asked("server"); asked != p {
		t.Errorf("asked %+v, want %+v, %v", asked, p, err)
	}
}

func TestMistakes(t *testing.T) {
	n := open(t, nil)
	n.needLab()
	n.good("%%on client\nhostname")
	tests := []struct{ cell, want string }{
		{"%%on\nx", "want one name, have 0"},
		{"%%on a b\nx", "want one name, have 2"},
		{"%%on Server\nx", `"Server" is no name for a process or host`},
		{"%%on client@other\nx", `the process "client" runs on the host "client"`},
		{"%kill nobody", `there is no process "nobody"`},
		{"%kill client SIGNOTHING", "there is no signal SIGNOTHING"},
		{"%wait", "want one name, have 0"},
		{"%crash nowhere", "nowhere"},
		{"%cut client", "want the names of two hosts, have 1"},
		{"%cut client nowhere", "nowhere"},
		{"%delay client local", "want a duration such as 20ms"},
		{"%delay client local soon", `"soon" is no duration such as 20ms or 1.5s`},
		{"%drop client local third FISH", "FISH"},
		{"%unreachable client local badly", `do not know ["badly"]`},
		{"%sysctl client no_such_thing", "no_such_thing"},
		{"%sysctl", "want a host, and then perhaps NAME or NAME=VALUE"},
		{"%wire last", "nothing was captured yet"},
		{"%wire", "want last, backoff, states or save FILE"},
		{"%%wire on\nx", "%%wire takes backoff, states or nothing"},
		{"%states a b", "want one HOST or HOST:PORT"},
		{"%states client:0", `"0" is no port`},
		{"%states client:9", "no TCP connection of client:9 was seen"},
		{"%queues nowhere", "nowhere"},
	}
	for _, test := range tests {
		if _, how := n.cell(test.cell); !strings.Contains(how, test.want) {
			t.Errorf("%q: %q, want %q", test.cell, how, test.want)
		}
	}
}

// A directive may be the first thing in a notebook: it brings up the network
// and shows what is there, or says which host is missing and what makes it.
func TestFirst(t *testing.T) {
	open(t, nil).needLab()
	shows := map[string]string{
		"%hosts":                  stage.Local,
		"%ps":                     "There are no processes",
		"%rules":                  "All links are whole.",
		"%heal":                   "Nothing was done to it.",
		"%sockets":                "There are no sockets.",
		"%queues":                 "There are no sockets.",
		"%states":                 "ESTABLISHED",
		"%sockets " + stage.Local: "There are no sockets.",
		"%sysctl " + stage.Local + " tcp_syn_retries": "tcp_syn_retries = ",
	}
	for cell, want := range shows {
		if got := open(t, nil).good(cell); !strings.Contains(got, want) {
			t.Errorf("%s shows %q, want %q", cell, got, want)
		}
	}
	for _, cell := range []string{
		"%sockets server", "%queues server", "%queues server:7777", "%states server", "%sysctl server", "%sysctl server tcp_retries2=3",
		"%crash server", "%reboot server", "%shutdown server",
		"%cut server client", "%heal server client", "%delay server client 20ms", "%drop server client third SYN",
		"%unreachable server client", "%unreachable server client arp", "%cut local server",
	} {
		n := open(t, nil)
		c, err := n.set.Split(cell)
		if err != nil {
			t.Fatal(err)
		}
		err = c.Before[0].Run(t.Context(), c.Before[0].Args, &screen{})
		if fmt.Sprint(err) != `there is no host "server"` || hint.Of(err) != "there are local; a cell that begins with %%on server makes it." {
			t.Errorf("%s: %v; hint %q", cell, err, hint.Of(err))
		}
	}
}

func TestLinks(t *testing.T) {
	n := open(t, nil)
	n.needLab()
	n.good("%%on a\nhostname")
	n.good("%%on b\nhostname")
	n.good("%cut a b\n%delay a b 5ms\n%drop a local third SYN\n%unreachable b local net")
	rules := n.good("%rules")
	for _, want := range []string{"cut a b", "delay a b 5ms", "drop a local third SYN", "unreachable b local"} {
		if !strings.Contains(rules, want) {
			t.Errorf("no %q in\n%s", want, rules)
		}
	}
	n.good("%heal a b\n%heal")
	if got := n.good("%rules"); got != "All links are whole.\n" {
		t.Errorf("after %%heal: %q", got)
	}
	if got := n.good("%heal"); got != "Nothing was done to it.\n" {
		t.Errorf("%%heal of nothing: %q", got)
	}
}

func TestWithoutLab(t *testing.T) {
	n := open(t, func(c *stage.Config) { c.NoLab = true })
	n.good("hostname")
	n.good("%%on server\nhostname")
	for _, cell := range []string{"%hosts", "%crash server", "%cut a b"} {
		if _, how := n.cell(cell); !strings.Contains(how, "there is no network of hosts here") {
			t.Errorf("%q: %q", cell, how)
		}
	}
}

func TestNothingLeaks(t *testing.T) {
	count := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	once := func() {
		n := open(t, nil)
		n.good("hostname")
		n.good("%%on server\nhostname")
		n.stage.Close()
	}
	once()
	before := count()
	for range 5 {
		once()
	}
	after := count()
	for range 100 {
		if after <= before {
			break
		}
		time.Sleep(20 * time.Millisecond)
		after = count()
	}
	if after > before {
		t.Errorf("descriptors: %d before, %d after", before, after)
	}
}
