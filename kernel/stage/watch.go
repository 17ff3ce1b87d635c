package stage

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"sockbook/runtime/lab"
	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// After a cell ended, packets it caused are still on their way: a picture waits
// until none came for settleQuiet (a delayed ACK takes 40 ms), at most
// settleMost, or settleBusy as long as frames are known to be under way.
const (
	settleQuiet = 60 * time.Millisecond
	settleMost  = 500 * time.Millisecond
	settleBusy  = 5 * time.Second
	// Before a cell begins, packets of the one before are: the last ACK of a
	// handshake, an ACK that was delayed. They are not to be in its picture.
	beforeQuiet = 50 * time.Millisecond
	beforeMost  = 200 * time.Millisecond
	// contextFrames is how many frames before the first are looked at, for the
	// numbers and states that connections began with.
	contextFrames = 4000
)

// capture is what a watch saw.
type capture struct {
	frames []wire.Frame
	trace  *trace.Trace // of the wire
	local  *trace.Trace // of what stayed within the cell's host; nil: nothing did
}

// empty tells whether there is nothing to draw.
func (c *capture) empty() bool { return len(c.trace.Packets) == 0 && c.local == nil }

// watch is a picture to be: it knows when it began.
type watch struct {
	stage *Stage
	lab   *lab.Lab // nil: there is none, only calls are seen
	mark  wire.Mark
	began time.Time
	stop  func() // ends the recording of calls
}

// watch begins one. It ends when stop is called.
func (s *Stage) watch(ctx context.Context) (*watch, error) {
	w := &watch{stage: s}
	if l, err := s.network(); err == nil {
		w.lab = l
		if err := w.settle(ctx, beforeQuiet, beforeMost, beforeMost); err != nil {
			return nil, err
		}
	}
	w.stop = s.record()
	s.flushCalls(ctx) // when they answer, all processes record
	w.began = time.Now()
	return w, nil
}

// settle waits until nothing came for quiet, for most at most, or for busy while
// frames are under way. The mark is set to where the wire is then.
func (w *watch) settle(ctx context.Context, quiet, most, busy time.Duration) error {
	begin := time.Now()
	var last wire.Mark
	changed := begin
	for {
		now, err := w.lab.Mark(ctx)
		if err != nil {
			return err
		}
		if now.Version != last.Version && last != (wire.Mark{}) || now.Busy {
			changed = time.Now()
		}
		last = now
		passed := time.Since(begin)
		if time.Since(changed) >= quiet || passed >= most && !now.Busy || passed >= busy {
			w.mark = now
			return nil
		}
		// Read comes back with the next frame, or when it has been quiet.
		wait, cancel := context.WithTimeout(ctx, quiet-time.Since(changed))
		_, _, err = w.lab.Read(wait, now)
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
	}
}

// settled waits until the wire is quiet after what is to be drawn.
func (w *watch) settled(ctx context.Context) error {
	if w.lab == nil {
		return nil
	}
	end := *w
	return end.settle(ctx, settleQuiet, settleMost, settleBusy)
}

// frames reads what crossed the wire since the mark, and some of what did
// before it.
func (w *watch) frames(ctx context.Context) (frames []wire.Frame, lost uint64, err error) {
	now, err := w.lab.Mark(ctx)
	if err != nil {
		return nil, 0, err
	}
	at := wire.Mark{}
	if w.mark.Version > 2*contextFrames { // a frame may change once
		at.Version = w.mark.Version - 2*contextFrames
	}
	for at.Version < now.Version {
		more, next, err := w.lab.Read(ctx, at)
		if err != nil {
			return nil, 0, err
		}
		frames, at = wire.Merge(frames, more), next
	}
	return frames, now.Lost - w.mark.Lost, nil
}

// capture says what was seen so far. host is where the cell runs.
func (w *watch) capture(ctx context.Context, host string) (*capture, error) {
	w.stage.flushCalls(ctx)
	calls, lost := w.stage.calls.since(w.began)
	c := &capture{trace: &trace.Trace{}}
	if w.lab == nil {
		c.local = localTrace(calls, host, w.began)
		return c, nil
	}
	hosts, err := w.lab.Hosts(ctx)
	if err != nil {
		return nil, err
	}
	outside, inside := split(calls, addresses(hosts))
	c.local = localTrace(inside, host, w.began)
	frames, lostFrames, err := w.frames(ctx)
	if err != nil {
		return nil, err
	}
	first := slices.IndexFunc(frames, func(f wire.Frame) bool { return f.Seq > w.mark.Seq && !housekeeping(f) })
	if first < 0 {
		return c, nil
	}
	c.frames = frames[max(0, first-contextFrames):]
	first = min(first, contextFrames)
	in := trace.Input{Frames: c.frames, From: c.frames[first].Time, CallsFrom: w.began, Lost: lostFrames}
	for _, h := range hosts {
		if h.Name != Local {
			in.Hosts = append(in.Hosts, trace.Host{Name: h.Name, Addrs: []netip.Addr{h.IPv4, h.IPv6}})
		}
	}
	in.Calls = onTheWire(outside, c.frames[first:], host)
	in.Roll = w.roll(ctx, hosts)
	w.stage.happened(&in, w.began)
	if lost > 0 {
		in.Notes = append(in.Notes, fmt.Sprintf("%d calls were too many to be shown", lost))
	}
	c.trace = trace.Build(in)
	return c, nil
}

// happened adds what was done to hosts and links.
func (s *Stage) happened(in *trace.Input, began time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in.Marks = append(in.Marks, s.marks...)
	for _, m := range s.marks {
		if m.Time.After(began) && m.Time.Before(in.From) {
			in.From = m.Time
		}
	}
	for _, set := range s.settings {
		in.Notes = append(in.Notes, set.String())
	}
}

// onTheWire leaves the calls of hosts that have packets, or of the one where
// the cell runs.
func onTheWire(calls []trace.Call, frames []wire.Frame, host string) []trace.Call {
	has := map[string]bool{host: true}
	for _, f := range frames {
		if !housekeeping(f) {
			has[f.From], has[f.To] = true, true
		}
	}
	return slices.DeleteFunc(calls, func(c trace.Call) bool { return !has[c.Host] })
}

// roll asks the hosts that are up for the states of their connections.
func (w *watch) roll(ctx context.Context, hosts []lab.HostInfo) *trace.Roll {
	sockets, err := w.lab.Sockets(ctx, "")
	if err != nil {
		return nil // what the frames carry is known
	}
	r := &trace.Roll{Time: time.Now()}
	for _, h := range hosts {
		if h.Power == lab.On {
			r.Hosts = append(r.Hosts, h.Name)
		}
	}
	for _, k := range sockets {
		if st := wire.ParseState(k.State); k.Protocol == "tcp" && st != 0 {
			r.States = append(r.States, wire.Sample{Host: k.Host, Local: k.Local, Remote: k.Remote, State: st})
		}
	}
	return r
}

// addresses are those of hosts, by name.
func addresses(hosts []lab.HostInfo) map[string][]netip.Addr {
	m := map[string][]netip.Addr{}
	for _, h := range hosts {
		m[h.Name] = []netip.Addr{h.IPv4, h.IPv6}
	}
	return m
}

// localTrace is what the processes of a host said to each other; nil if that is
// nothing.
func localTrace(calls []trace.Call, host string, began time.Time) *trace.Trace {
	calls = slices.DeleteFunc(slices.Clone(calls), func(c trace.Call) bool { return c.Host != host })
	if t := trace.Local(calls, began); len(t.Packets) > 0 {
		return t
	}
	return nil
}

// housekeeping tells whether a frame is the link's own business, which is not drawn.
func housekeeping(f wire.Frame) bool {
	p := packet.Decode(f.Data)
	return p.Housekeeping()
}

// Last is what the last %%wire saw of the wire; nil: there was none.
func (s *Stage) Last() *trace.Trace {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		return nil
	}
	return s.last.trace
}

// Trace is all that crossed the wire since the lab was brought up, when what is
// under way has arrived.
func (s *Stage) Trace(ctx context.Context) (*trace.Trace, error) {
	l, err := s.network()
	if err != nil {
		return nil, err
	}
	w := &watch{stage: s, lab: l}
	if err := w.settled(ctx); err != nil {
		return nil, err
	}
	c, err := w.capture(ctx, "")
	if err != nil {
		return nil, err
	}
	return c.trace, nil
}
