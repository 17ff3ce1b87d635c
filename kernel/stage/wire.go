package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"sockbook/kernel/directive"
	"sockbook/runtime/diagram"
	"sockbook/runtime/display"
	"sockbook/runtime/display/sink"
	"sockbook/runtime/lab"
	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/trace/pcapng"
	"sockbook/runtime/wire"
)

// After a cell ended, packets it caused are still under way: a picture waits
// until none came for settleQuiet, at most settleMost.
const (
	settleQuiet = 60 * time.Millisecond
	settleMost  = 500 * time.Millisecond
	// Before a cell begins, packets of the one before are: the last ACK of a
	// handshake, an ACK that was delayed by 40 ms. They are not to be in its picture.
	beforeQuiet = 50 * time.Millisecond
	beforeMost  = 200 * time.Millisecond
	// contextFrames is how many frames before the first are looked at, for the
	// numbers and states that connections began with.
	contextFrames = 4000
)

// capture is what a %%wire saw.
type capture struct {
	frames []wire.Frame
	trace  *trace.Trace
}

// drawWire makes a plan draw every packet that its cell causes.
func (s *Stage) drawWire(ctx context.Context, args []string, plan *directive.Plan) error {
	if len(args) > 0 {
		return fmt.Errorf("%%%%wire takes no arguments, have %q", args)
	}
	l, err := s.network()
	if err != nil {
		return err
	}
	mark, err := l.Mark(ctx)
	if err != nil {
		return err
	}
	if _, mark, err = settle(ctx, l, mark, beforeQuiet, beforeMost); err != nil {
		return err
	}
	began := time.Now()
	plan.After = append(plan.After, func(ctx context.Context, out directive.Output) {
		c, err := s.capture(ctx, l, mark, began)
		if err == nil {
			s.mu.Lock()
			s.last = c
			s.mu.Unlock()
			err = draw(c, out)
		}
		if err != nil {
			out.Stream("stderr", "%%wire: "+err.Error()+"\n")
		}
	})
	return nil
}

// capture reads the frames since mark, when the cell began, waits for those
// under way, and says what they mean. Earlier frames are read for the numbers
// that they began with. Times count from the first packet, or from what was
// done to a host or link before it.
func (s *Stage) capture(ctx context.Context, l *lab.Lab, mark wire.Mark, began time.Time) (*capture, error) {
	frames, _, err := settle(ctx, l, wire.Mark{}, settleQuiet, settleMost)
	if err != nil {
		return nil, err
	}
	now, err := l.Mark(ctx)
	if err != nil {
		return nil, err
	}
	hosts, err := l.Hosts(ctx)
	if err != nil {
		return nil, err
	}
	first := slices.IndexFunc(frames, func(f wire.Frame) bool { return f.Seq > mark.Seq && !housekeeping(f) })
	if first < 0 {
		return &capture{trace: &trace.Trace{}}, nil
	}
	frames = frames[max(0, first-contextFrames):]
	first = min(first, contextFrames)
	input := trace.Input{Frames: frames, From: frames[first].Time, Lost: now.Lost - mark.Lost}
	for _, h := range hosts {
		if h.Name != Local {
			input.Hosts = append(input.Hosts, trace.Host{Name: h.Name})
			input.Hosts[len(input.Hosts)-1].Addrs = append(input.Hosts[len(input.Hosts)-1].Addrs, h.IPv4, h.IPv6)
		}
	}
	s.mu.Lock()
	input.Marks = append(input.Marks, s.marks...)
	for _, m := range s.marks {
		if m.Time.After(began) && m.Time.Before(input.From) {
			input.From = m.Time
		}
	}
	for _, set := range s.settings {
		input.Notes = append(input.Notes, set.String())
	}
	s.mu.Unlock()
	return &capture{frames: frames, trace: trace.Build(input)}, nil
}

// settle reads frames from at on, until none came for quiet, for most at most.
// It returns them and where it stopped.
func settle(ctx context.Context, l *lab.Lab, at wire.Mark, quiet, most time.Duration) (frames []wire.Frame, end wire.Mark, err error) {
	for until := time.Now().Add(most); time.Now().Before(until); {
		wait, cancel := context.WithTimeout(ctx, quiet)
		more, next, err := l.Read(wait, at)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			break
		}
		if err != nil {
			return nil, at, err
		}
		frames, at = wire.Merge(frames, more), next
	}
	return frames, at, nil
}

// housekeeping tells whether a frame is the link's own business, which is not drawn.
func housekeeping(f wire.Frame) bool {
	p := packet.Decode(f.Data)
	return p.Housekeeping()
}

// Trace is all that crossed the wire since the lab was brought up, when what is
// under way has arrived.
func (s *Stage) Trace(ctx context.Context) (*trace.Trace, error) {
	l, err := s.network()
	if err != nil {
		return nil, err
	}
	c, err := s.capture(ctx, l, wire.Mark{}, time.Time{})
	if err != nil {
		return nil, err
	}
	return c.trace, nil
}

// draw shows a capture as a ladder.
func draw(c *capture, out directive.Output) error {
	if len(c.trace.Packets) == 0 {
		out.Stream("stdout", "No packet crossed the wire. (What a host sends to itself, by loopback, does not.)\n")
		return nil
	}
	picture := diagram.Ladder(c.trace, diagram.Options{})
	png, err := picture.PNG(2)
	if err != nil {
		return err
	}
	width, height := picture.Size()
	out.Display(sink.Message{
		Kind:     sink.Show,
		Data:     display.Bundle{"image/svg+xml": string(picture.SVG()), "image/png": png, "text/plain": picture.Text()}.Wire(),
		Metadata: map[string]any{"image/png": map[string]int{"width": width, "height": height}},
	})
	return nil
}

// wireLine carries out %wire last and %wire save FILE.
func (s *Stage) wireLine(ctx context.Context, args []string, out directive.Output) error {
	s.mu.Lock()
	c := s.last
	s.mu.Unlock()
	switch {
	case len(args) == 1 && args[0] == "last", len(args) == 2 && args[0] == "save":
	default:
		return errors.New("want last or save FILE")
	}
	if c == nil {
		return &Problem{errors.New("nothing was captured yet"), "write %%wire as the first line of a cell."}
	}
	if args[0] == "last" {
		return draw(c, out)
	}
	f, err := os.Create(args[1])
	if err != nil {
		return err
	}
	err = pcapng.Write(f, c.trace, c.frames)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", args[1], err)
	}
	out.Stream("stdout", fmt.Sprintf("%d packets are in %s; Wireshark opens it.\n", len(c.trace.Packets), args[1]))
	return nil
}

// mark remembers what was done, for pictures.
func (s *Stage) mark(host, text string, down, up bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.marks = append(s.marks, trace.Mark{Time: time.Now(), Host: host, Text: text, Down: down, Up: up})
}

// table shows rows, the first of which is the heading.
func table(out directive.Output, rows [][]string) error {
	b, err := display.TableOf(rows)
	if err != nil {
		return err
	}
	out.Display(sink.Message{Kind: sink.Show, Data: b.Wire()})
	return nil
}
