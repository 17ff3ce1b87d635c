package trace_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/trace/tracetest"
	"sockbook/runtime/wire"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// list writes a trace as plain lines.
func list(t *trace.Trace) string {
	var b strings.Builder
	name := func(h int) string {
		if h < 0 {
			return "-"
		}
		return t.Hosts[h].Name
	}
	for i, f := range t.Flows {
		fmt.Fprintf(&b, "flow %d %v %v > %v, %d packets, %v B, from %v\n", i, f.Kind, f.Ends[0].Addr, f.Ends[1].Addr, len(f.Packets), f.Bytes, f.Initial)
	}
	for _, e := range t.Events() {
		fmt.Fprintf(&b, "%12v ", e.At)
		switch e.Kind {
		case trace.MarkMade:
			fmt.Fprintf(&b, "mark %s %s", t.Marks[e.Index].Host, t.Marks[e.Index].Text)
		case trace.CallBegan:
			c := t.Calls[e.Index]
			fmt.Fprintf(&b, "call %d %s: %s %s flow %d", e.Index, c.Host, c.Name, c.Args, c.Flow)
		case trace.CallEnded:
			fmt.Fprintf(&b, "end of call %d %s", e.Index, t.Calls[e.Index].Result)
		case trace.StateEntered:
			s := t.States[e.Index]
			how := "seen"
			if s.Inferred {
				how = "inferred"
			}
			fmt.Fprintf(&b, "%s %v flow %d (%s, packet %d) %s", name(s.Host), s.State, s.Flow, how, s.Packet, s.Why)
		case trace.PacketArrived:
			fmt.Fprintf(&b, "packet %d arrives at %s", e.Index, name(t.Packets[e.Index].Arrivals[e.Copy].To))
		case trace.PacketSent:
			p := t.Packets[e.Index]
			fmt.Fprintf(&b, "packet %d %s > ", e.Index, name(p.From))
			for _, a := range p.Arrivals {
				fmt.Fprintf(&b, "%s (%v %s) ", name(a.To), a.Fate, a.By)
			}
			fmt.Fprintf(&b, "%v flow %d call %d", p.Kind, p.Flow, p.Call)
			if p.TCP != nil {
				fmt.Fprintf(&b, " %v seq %d ack %d len %d win %d", p.TCP.Flags, p.Seq, p.Ack, p.TCP.Size, p.Window)
			}
			if r := p.Remarks(); r != "" {
				fmt.Fprintf(&b, " [%s]", r)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestGoldens(t *testing.T) {
	for _, s := range tracetest.Scenarios() {
		t.Run(s.Name, func(t *testing.T) {
			got := list(trace.Build(s.In))
			if list(trace.Build(s.In)) != got {
				t.Error("a second Build gives something else")
			}
			if n := strings.Count(got, "\n"); n > 400 {
				got = strings.Join(strings.SplitAfter(got, "\n")[n-100:], "")
			}
			path := filepath.Join("testdata", s.Name+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v (go test -update writes it)", err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestInputs: whatever the input, Build gives a trace that can be read.
func TestInputs(t *testing.T) {
	now := time.Unix(0, 0)
	tests := map[string]trace.Input{
		"nothing":                 {},
		"a frame of no bytes":     {Frames: []wire.Frame{{From: "a", To: "b"}}},
		"a frame from nobody":     {Frames: []wire.Frame{{Time: now, Fate: wire.Delivered}}},
		"arrived before it left":  {Frames: []wire.Frame{{Time: now.Add(1), Arrived: now, From: "a", To: "b", Fate: wire.Delivered}}},
		"a call without packets":  {Calls: []trace.Call{{Begin: now, Host: "a", Proto: packet.TCP}}},
		"a call that ends early":  {Calls: []trace.Call{{Begin: now.Add(9), End: now, Host: "a"}}},
		"all before the start":    {From: tracetest.Epoch.Add(time.Hour), Frames: tracetest.Handshake().In.Frames, Calls: tracetest.Handshake().In.Calls},
		"a start in the middle":   {From: tracetest.Epoch.Add(time.Millisecond), Frames: tracetest.Handshake().In.Frames},
		"frames in reverse order": {Frames: reversed(tracetest.Handshake().In.Frames)},
		"every second frame":      {Frames: halved(tracetest.ZeroWindow().In.Frames)},
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) { check(t, trace.Build(in)) })
	}
}

func reversed(f []wire.Frame) []wire.Frame {
	var out []wire.Frame
	for i := range f {
		out = append(out, f[len(f)-1-i])
	}
	return out
}

func halved(f []wire.Frame) []wire.Frame {
	var out []wire.Frame
	for i := 0; i < len(f); i += 2 {
		out = append(out, f[i])
	}
	return out
}

// check tests what every trace promises: indexes that exist, order of time.
func check(t *testing.T, tr *trace.Trace) {
	t.Helper()
	last := time.Duration(-1 << 62)
	for _, e := range tr.Events() {
		if e.At < last {
			t.Errorf("event at %v after one at %v", e.At, last)
		}
		last = e.At
	}
	in := func(what string, i, n int) {
		if i < -1 && (i != trace.Hub || what != "host") || i >= n {
			t.Errorf("%s %d of %d", what, i, n)
		}
	}
	for i := range tr.Packets {
		p := &tr.Packets[i]
		in("flow", p.Flow, len(tr.Flows))
		in("call", p.Call, len(tr.Calls))
		in("host", p.From, len(tr.Hosts))
		for _, a := range p.Arrivals {
			in("host", a.To, len(tr.Hosts))
			if a.Fate == wire.Delivered && a.At < p.At {
				t.Errorf("packet %d arrives %v before it is sent", i, p.At-a.At)
			}
		}
	}
	for _, f := range tr.Flows {
		for _, p := range f.Packets {
			if p < 0 || p >= len(tr.Packets) {
				t.Errorf("flow with packet %d of %d", p, len(tr.Packets))
			}
		}
	}
	for _, s := range tr.States {
		in("flow", s.Flow, len(tr.Flows))
		in("packet", s.Packet, len(tr.Packets))
		in("host", s.Host, len(tr.Hosts))
	}
	for _, c := range tr.Calls {
		in("flow", c.Flow, len(tr.Flows))
		in("host", c.HostIndex, len(tr.Hosts))
	}
}

// FuzzBuild cuts up a real capture: frames lost, changed, repeated.
func FuzzBuild(f *testing.F) {
	f.Add(uint8(1), uint64(0), []byte{})
	f.Add(uint8(4), uint64(0b1011), []byte{40, 0xff})
	f.Add(uint8(9), uint64(0), []byte{47, 4, 1, 47, 2, 3, 47, 1, 5})
	scenarios := tracetest.Scenarios()
	f.Fuzz(func(t *testing.T, which uint8, drop uint64, edits []byte) {
		in := scenarios[int(which)%len(scenarios)].In
		if len(in.Frames) > 64 {
			in.Frames = in.Frames[:64]
		}
		var frames []wire.Frame
		for i, x := range in.Frames {
			if drop>>i&1 == 1 {
				continue
			}
			x.Data = append([]byte(nil), x.Data...)
			for k := 0; k+2 < len(edits); k += 3 {
				if n := int(edits[k]); int(edits[k+2])%(i+1) == 0 && n < len(x.Data) {
					x.Data[n] = edits[k+1]
				}
			}
			frames = append(frames, x)
		}
		in.Frames = frames
		check(t, trace.Build(in))
	})
}

// What was done to a host before the trace begins says what it begins with.
func TestBeforeTheStart(t *testing.T) {
	for what, test := range map[string]struct {
		in     trace.Input
		down   string
		states [2]wire.State
	}{
		"crashed":  {tracetest.Crash().In, "crashed", [2]wire.State{wire.Established, wire.Established}},
		"rebooted": {tracetest.Reboot().In, "", [2]wire.State{wire.Established, wire.Closed}},
	} {
		t.Run(what, func(t *testing.T) {
			for _, m := range test.in.Marks {
				test.in.From = m.Time.Add(time.Nanosecond)
			}
			tr := trace.Build(test.in)
			var down string
			for _, text := range tr.DownBefore {
				down += text
			}
			if down != test.down || len(tr.Marks) != 0 || tr.Flows[0].Initial != test.states {
				t.Errorf("down %q, marks %v, states %v; want %q, none, %v", down, tr.Marks, tr.Flows[0].Initial, test.down, test.states)
			}
		})
	}
}

// A host that is asked for a connection it has no more may answer with the
// listener of its address.
func TestListenerInPlaceOfConnection(t *testing.T) {
	n := tracetest.New("client", "server")
	c := n.TCP("client", 40000, "server", 7777).Open()
	c.Send(1, packet.RST|packet.ACK, 0, tracetest.Before(wire.Listen, wire.Established), tracetest.After(wire.Listen, wire.Closed))
	var got []string
	for _, s := range trace.Build(n.In).States {
		if s.Side == 1 {
			got = append(got, s.State.String())
		}
	}
	if want := []string{"SYN_RECV", "ESTABLISHED", "CLOSED"}; !slices.Equal(got, want) {
		t.Errorf("the server's states are %v, want %v", got, want)
	}
}

// TestConfirmations leaves out ARP between hosts that know each other, unless
// nobody answers.
func TestConfirmations(t *testing.T) {
	n := tracetest.New("client", "server")
	n.WhoHas("client", n.In.Hosts[1].Addrs[0])
	n.IsAt("server", "client")
	n.Wait(5 * time.Second)
	ask := func() {
		n.WhoHas("server", n.In.Hosts[0].Addrs[0])
		copy(n.In.Frames[len(n.In.Frames)-1].Data, []byte{2, 0, 0, 0, 0, 1}) // to the client alone
	}
	ask()
	n.IsAt("client", "server")
	n.Wait(5 * time.Second)
	ask()
	if got := trace.Build(n.In); len(got.Packets) != 3 || !got.Packets[0].Broadcast() || got.Packets[2].Broadcast() {
		t.Errorf("%d packets: %+v", len(got.Packets), got.Packets)
	}
	n.In.Housekeeping = true
	if got := trace.Build(n.In); len(got.Packets) != 5 {
		t.Errorf("with housekeeping, %d packets", len(got.Packets))
	}
}
