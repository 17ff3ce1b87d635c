package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"sockbook/kernel/directive"
	"sockbook/kernel/hint"
	"sockbook/runtime/diagram"
	"sockbook/runtime/display"
	"sockbook/runtime/display/sink"
	"sockbook/runtime/trace"
	"sockbook/runtime/trace/pcapng"
)

// drawWire makes a plan draw every packet that its cell causes, and what its
// calls say to each other within the host. A cell in the background has its
// picture drawn again while it grows.
func (s *Stage) drawWire(ctx context.Context, args []string, plan *directive.Plan) error {
	if len(args) > 1 || len(args) == 1 && extra[args[0]] == nil {
		return fmt.Errorf("%%%%wire takes backoff, states or nothing, have %q", args)
	}
	w, err := s.watch(ctx)
	if err != nil {
		return err
	}
	f := &film{watch: w, plan: plan, extra: args}
	plan.Beside = append(plan.Beside, f.grow)
	plan.After = append(plan.After, f.finish)
	plan.Done = append(plan.Done, w.stop)
	return nil
}

// draw shows a capture as one ladder, or two: of the wire, and of what stayed
// within the host.
func draw(c *capture, out directive.Output) error {
	if c.empty() {
		out.Stream("stdout", "No packet crossed the wire, and nothing was sent within the host.\n")
		return nil
	}
	for _, p := range c.pictures() {
		if err := show(p, sink.Show, "", out); err != nil {
			return err
		}
	}
	return nil
}

// pictures draws a capture that is not empty.
func (c *capture) pictures() (list []*diagram.Picture) {
	if len(c.trace.Packets) > 0 {
		list = append(list, diagram.Ladder(c.trace, diagram.Options{}))
	}
	if c.local != nil {
		list = append(list, diagram.Ladder(c.local, diagram.Options{Title: "Within the host, drawn from the calls"}))
	}
	return list
}

// show shows a picture, or replaces the one with the same id.
func show(p *diagram.Picture, kind sink.Kind, id string, out directive.Output) error {
	png, err := p.PNG(2)
	if err != nil {
		return err
	}
	width, height := p.Size()
	out.Display(sink.Message{
		Kind: kind, ID: id,
		Data:     display.Bundle{"image/svg+xml": string(p.SVG()), "image/png": png, "text/plain": p.Text()}.Wire(),
		Metadata: map[string]any{"image/png": map[string]int{"width": width, "height": height}},
	})
	return nil
}

// wireLine carries out the line %wire.
func (s *Stage) wireLine(ctx context.Context, args []string, out directive.Output) error {
	s.mu.Lock()
	c := s.last
	s.mu.Unlock()
	switch {
	case len(args) == 1 && (args[0] == "last" || extra[args[0]] != nil), len(args) == 2 && args[0] == "save":
	default:
		return errors.New("want last, backoff, states or save FILE")
	}
	if c == nil {
		return hint.Add(errors.New("nothing was captured yet"), "write %%wire as the first line of a cell.")
	}
	switch args[0] {
	case "last":
		return draw(c, out)
	case "save":
		return save(c, args[1], out)
	}
	return drawExtra(args[0], c, out)
}

// save writes the packets of a capture to a file.
func save(c *capture, name string, out directive.Output) error {
	if len(c.frames) == 0 {
		return hint.Add(errors.New("no packet was captured: what stays within a host does not cross the wire"), "tcpdump and Wireshark see it on the interface lo.")
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	err = pcapng.Write(f, c.trace, c.frames)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	out.Stream("stdout", fmt.Sprintf("%d packets are in %s; Wireshark opens it.\n", len(c.trace.Packets), name))
	return nil
}

// mark remembers what was done, for pictures.
func (s *Stage) mark(at time.Time, host, text string, down, up bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.marks = append(s.marks, trace.Mark{Time: at, Host: host, Text: text, Down: down, Up: up})
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
