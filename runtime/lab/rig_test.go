package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"sockbook/runtime/netns"
	"sockbook/runtime/wire"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case Argument:
			if err := Main(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		case "idle":
			select {}
		case "parent":
			os.Exit(parentMain())
		case "masked":
			os.Exit(maskedMain())
		case "filtered":
			os.Exit(filteredMain())
		case "refused":
			os.Exit(refusedMain())
		case "agent":
			os.Exit(agentMain())
		}
	}
	// A process built with -race waits a second before it ends, and there are many.
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	os.Exit(m.Run())
}

// rig is a lab under test, with the frames read so far.
type rig struct {
	*Lab
	t      testing.TB
	ctx    context.Context
	mark   wire.Mark
	frames []wire.Frame
}

// up brings a lab up, or skips the test where that is not allowed.
func up(t testing.TB, c Config) *rig {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	l, err := Up(ctx, c)
	skipIfNotAllowed(t, err)
	if err != nil {
		t.Fatal(err)
	}
	x := &rig{Lab: l, t: t, ctx: ctx}
	t.Cleanup(func() {
		down, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := l.Down(down); err != nil {
			t.Errorf("Down: %v", err)
		}
	})
	return x
}

func skipIfNotAllowed(t testing.TB, err error) {
	t.Helper()
	var not *netns.NotAllowedError
	if errors.As(err, &not) {
		skip(t, "no lab here: %v", err)
	}
}

// skip skips a test that cannot run here, but not where all must.
func skip(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

func hosts(names ...string) Config {
	var c Config
	for _, n := range names {
		c.Hosts = append(c.Hosts, Host{Name: n})
	}
	return c
}

// pair is a lab with a server, 10.0.0.1, a client, 10.0.0.2, and an agent on each.
func pair(t testing.TB) (x *rig, client, server *agent) {
	t.Helper()
	x = up(t, hosts("server", "client"))
	return x, x.agent("client"), x.agent("server")
}

// connected is a pair with a connection; the listener is closed.
func connected(t testing.TB) (x *rig, client, server *agent, c, s int) {
	t.Helper()
	x, client, server = pair(t)
	c, s = x.connection(client, server)
	return x, client, server, c, s
}

func (x *rig) connection(client, server *agent) (c, s int) {
	x.t.Helper()
	l := server.listen(7777, 5)
	c = client.socket()
	if e := client.connect(c, "10.0.0.1:7777"); e != "ok" {
		x.t.Fatalf("connect: %s", e)
	}
	s = server.accept(l)
	server.close(l)
	x.forget()
	return c, s
}

func (x *rig) ok(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *rig) rule(text string) {
	x.t.Helper()
	r, err := wire.ParseRule(text)
	x.ok(err)
	x.ok(x.AddRule(x.ctx, r))
}

func (x *rig) setSysctl(host, name, value string) {
	x.t.Helper()
	_, err := x.SetSysctl(x.ctx, host, name, value)
	x.ok(err)
}

// forget leaves the frames up to now out of what the test looks at.
func (x *rig) forget() {
	x.t.Helper()
	m, err := x.Mark(x.ctx)
	x.ok(err)
	x.mark, x.frames = m, nil
}

// read reads more frames, waiting until there are some.
func (x *rig) read(ctx context.Context) error {
	more, m, err := x.Read(ctx, x.mark)
	if err != nil {
		return err
	}
	x.frames, x.mark = wire.Merge(x.frames, more), m
	return nil
}

// segment is one line of what a test expects on the wire, for example
// "client SYN" or "server data 5".
func segment(f wire.Frame) string {
	p := gopacket.NewPacket(f.Data, layers.LayerTypeEthernet, gopacket.NoCopy)
	text := p.LayerClass(layers.LayerClassIPNetwork)
	s := f.From + " "
	if tcp, ok := p.Layer(layers.LayerTypeTCP).(*layers.TCP); ok {
		switch {
		case tcp.SYN && tcp.ACK:
			s += "SYN-ACK"
		case tcp.SYN:
			s += "SYN"
		case tcp.RST:
			s += "RST"
		case tcp.FIN && len(tcp.Payload) > 0:
			s += fmt.Sprintf("FIN+data %d", len(tcp.Payload))
		case tcp.FIN:
			s += "FIN"
		case len(tcp.Payload) > 0:
			s += fmt.Sprintf("data %d", len(tcp.Payload))
		default:
			s += "ACK"
		}
	} else if udp, ok := p.Layer(layers.LayerTypeUDP).(*layers.UDP); ok {
		s += fmt.Sprintf("UDP %d", len(udp.Payload))
	} else if icmp, ok := p.Layer(layers.LayerTypeICMPv4).(*layers.ICMPv4); ok {
		s += icmp.TypeCode.String()
	} else if icmp, ok := p.Layer(layers.LayerTypeICMPv6).(*layers.ICMPv6); ok {
		s += icmp.TypeCode.String()
	} else if arp, ok := p.Layer(layers.LayerTypeARP).(*layers.ARP); ok {
		s += map[uint16]string{1: "ARP request", 2: "ARP reply"}[arp.Operation]
	} else if text == nil {
		s += "?"
	}
	if f.Fate == wire.Dropped || f.Fate == wire.Refused {
		s += " x"
	}
	return s
}

func tcpOf(f wire.Frame) *layers.TCP {
	tcp, _ := gopacket.NewPacket(f.Data, layers.LayerTypeEthernet, gopacket.NoCopy).Layer(layers.LayerTypeTCP).(*layers.TCP)
	return tcp
}

// segments are the lines of the frames so far that contain one of the words,
// or all but ARP and IPv6's own without any.
func (x *rig) segments(words ...string) []string {
	var lines []string
	for _, f := range x.frames {
		s := segment(f)
		want := len(words) == 0 && f.To != wire.Router && !strings.Contains(s, "ARP") && !strings.Contains(s, "Neighbor")
		for _, w := range words {
			want = want || strings.Contains(s, w)
		}
		if want {
			lines = append(lines, s)
		}
	}
	return lines
}

// see waits until the frames satisfy the test.
func (x *rig) see(what string, seen func() bool) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.ctx, callTime)
	defer cancel()
	for !seen() {
		if err := x.read(ctx); err != nil {
			x.t.Fatalf("waiting for %s: %v; seen %q", what, err, x.segments())
		}
	}
}

// seeCount waits for a number of segments with any of the words.
func (x *rig) seeCount(n int, words ...string) {
	x.t.Helper()
	x.see(fmt.Sprintf("%d of %q", n, words), func() bool { return len(x.segments(words...)) >= n })
}

// expect waits for exactly these segments; pure ACKs count only if there are
// any among them.
func (x *rig) expect(lines ...string) {
	x.t.Helper()
	acks := false
	for _, l := range lines {
		acks = acks || strings.Contains(l, " ACK")
	}
	var got []string
	x.see(fmt.Sprintf("%q", lines), func() bool {
		got = nil
		for _, s := range x.segments() {
			if acks || !strings.Contains(s, " ACK") {
				got = append(got, s)
			}
		}
		return len(got) >= len(lines)
	})
	if a, b := strings.Join(got, "\n"), strings.Join(lines, "\n"); a != b {
		x.t.Errorf("on the wire:\n%s\nwant:\n%s", a, b)
	}
}

// states of a host's TCP sockets, in words, sorted as Sockets does.
func (x *rig) states(host string) string {
	x.t.Helper()
	all, err := x.Sockets(x.ctx, host)
	x.ok(err)
	var s []string
	for _, k := range all {
		if k.Protocol == "tcp" {
			s = append(s, k.State)
		}
	}
	return strings.Join(s, " ")
}

// until waits for a condition that the system reaches by itself.
func (x *rig) until(what string, f func() bool) {
	x.t.Helper()
	for end := time.Now().Add(callTime); !f(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			x.t.Fatalf("waited for %s in vain", what)
		}
	}
}

func (x *rig) untilStates(host, want string) {
	x.t.Helper()
	got := ""
	for end := time.Now().Add(callTime); ; time.Sleep(2 * time.Millisecond) {
		if got = x.states(host); got == want {
			return
		}
		if time.Now().After(end) {
			x.t.Fatalf("%s has %q, want %q", host, got, want)
		}
	}
}

func is(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}
