package diagram

import (
	"bytes"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/tracetest"
	"sockbook/runtime/wire"
)

// TestOddSizes: whatever is asked for, the text keeps its width, the SVG is
// XML, and doing it again gives the same.
func TestOddSizes(t *testing.T) {
	options := []Options{{TextWidth: -1}, {TextWidth: 41}, {TextWidth: 57}, {TextWidth: 80}, {TextWidth: 239}, {MaxArrows: 1}, {MaxArrows: 2},
		{MaxArrows: 7}, {MaxArrows: 1 << 30}, {Silence: 1}, {Windows: true, Title: strings.Repeat("a long title ", 30)}}
	for _, s := range tracetest.Scenarios() {
		t.Run(s.Name, func(t *testing.T) {
			tr := trace.Build(s.In)
			for _, o := range options {
				if len(tr.Packets) > 1000 && o.MaxArrows > 1000 {
					continue // TestThousandArrows
				}
				p := Ladder(tr, o)
				width := TextWidth
				if o.TextWidth != 0 {
					width = max(o.TextWidth, MinTextWidth)
				}
				bounded(t, p.Text(), width)
				wellFormed(t, p.SVG())
				again := Ladder(tr, o)
				if again.Text() != p.Text() || !bytes.Equal(again.SVG(), p.SVG()) {
					t.Errorf("%+v: drawn twice, not the same", o)
				}
				if strings.Count(p.Text(), "►")+strings.Count(p.Text(), "◄")+strings.Count(p.Text(), "╳") > 2*o.arrows()+2 {
					t.Errorf("%+v: more arrows than asked for", o)
				}
			}
		})
	}
}

// TestThousandArrows: all of a thousand connections' packets at once.
func TestThousandArrows(t *testing.T) {
	in := tracetest.Thousand().In
	in.Frames = in.Frames[:1000]
	p := Ladder(trace.Build(in), Options{MaxArrows: 1000})
	if n := strings.Count(p.Text(), "►") + strings.Count(p.Text(), "◄"); n != 1000 {
		t.Errorf("%d arrows, want 1000", n)
	}
	wellFormed(t, p.SVG())
	if _, h := p.Size(); h < 20000 {
		t.Errorf("1000 arrows in %d px cannot be read", h)
	}
	img, err := p.PNG(2) // at a smaller scale
	if err != nil || len(img) == 0 {
		t.Error(err)
	}
	for _, scale := range []float64{0, -1, math.NaN(), math.Inf(-1)} {
		if _, err := p.PNG(scale); err == nil {
			t.Errorf("scale %v: no error", scale)
		}
	}
}

// TestHostileNames: names are text, never markup.
func TestHostileNames(t *testing.T) {
	in := tracetest.Refused().In
	for i := range in.Frames {
		for _, name := range []*string{&in.Frames[i].From, &in.Frames[i].To} {
			*name = strings.Replace(*name, "client", "<script>&\"\x00\xff'", 1)
		}
	}
	in.Hosts = nil
	in.Calls[0].Host = in.Frames[0].From
	in.Calls[0].Args = "</text><a href='x'>]]>"
	p := Ladder(trace.Build(in), Options{})
	wellFormed(t, p.SVG())
	if bytes.Contains(p.SVG(), []byte("<script")) || bytes.Contains(p.SVG(), []byte("<a ")) {
		t.Error("markup in a name became markup of the picture")
	}
}

// FuzzLadder draws cut-up captures.
func FuzzLadder(f *testing.F) {
	f.Add(uint8(1), uint64(0), int8(0), int16(100))
	f.Add(uint8(8), uint64(0xaaaa), int8(3), int16(47))
	f.Add(uint8(15), uint64(7), int8(9), int16(-9))
	scenarios := tracetest.Scenarios()
	f.Fuzz(func(t *testing.T, which uint8, drop uint64, arrows int8, width int16) {
		in := scenarios[int(which)%len(scenarios)].In
		var frames []wire.Frame
		for i := range in.Frames[:min(64, len(in.Frames))] {
			if drop>>i&1 == 0 {
				frames = append(frames, in.Frames[i])
			}
		}
		in.Frames = frames
		if drop>>63 == 1 {
			in.Hosts = nil
		}
		tr := trace.Build(in)
		o := Options{MaxArrows: int(arrows), TextWidth: int(width)}
		p := Ladder(tr, o)
		wellFormed(t, p.SVG())
		bounded(t, p.Text(), textWidth(o.TextWidth))
		for i := range tr.Flows {
			wellFormed(t, States(tr, i, o).SVG())
			wellFormed(t, Backoff(tr, i, o).SVG())
			bounded(t, States(tr, i, o).Text(), textWidth(o.TextWidth))
			bounded(t, Backoff(tr, i, o).Text(), textWidth(o.TextWidth))
		}
	})
}

// TestManyCalls: a run of calls is folded, a message is counted as one.
func TestManyCalls(t *testing.T) {
	var calls []trace.Call
	end := func(port uint16) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), port)
	}
	add := func(c trace.Call) {
		c.Begin = time.Unix(100, int64(len(calls))*1000)
		c.End, c.Host, c.Local, c.Remote = c.Begin.Add(500), "main", end(1), end(2)
		calls = append(calls, c)
	}
	for range 1000 {
		add(trace.Call{Name: "setsockopt"})
	}
	for range 1000 {
		add(trace.Call{Kind: trace.Send, Name: "write", Bytes: 1})
	}
	p := Ladder(trace.Local(calls, time.Time{}), Options{})
	for _, want := range []string{"… 982 more calls", "940 more packets: 940 messages"} {
		if !strings.Contains(p.Text(), want) {
			t.Errorf("no %q in\n%s", want, p.Text())
		}
	}
	if n := strings.Count(p.Text(), "\n"); n > 200 {
		t.Errorf("%d lines", n)
	}
}
