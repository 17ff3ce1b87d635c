package diagram

import (
	"fmt"
	"math"
	"strings"
	"time"

	"sockbook/runtime/trace"
	"sockbook/runtime/wire"
)

// try is one sending of the same segment, or a probe of a row of them.
type try struct {
	at   time.Duration
	lost bool
	what string
}

// Backoff draws to scale when one flow sent the same bytes again, or probed a
// silent peer: the waits between, and how it ended. Of several such rows it
// takes the longest; a flow of -1 means the one that has it. With none, the
// picture says so.
func Backoff(t *trace.Trace, flow int, o Options) *Picture {
	if flow == -1 {
		most := 0
		for i := range t.Flows {
			if tries, _, _ := longestRow(t, i); len(tries) > most {
				flow, most = i, len(tries)
			}
		}
	}
	tries, end, outcome := longestRow(t, flow)
	title := o.Title
	if title == "" {
		title = "Retransmissions"
		if flow >= 0 && flow < len(t.Flows) {
			title += "  " + flowName(t, &t.Flows[flow])
		}
	}
	width := textWidth(o.TextWidth)
	p := &Picture{Title: title, scene: drawBackoff(title, tries, end, outcome, t.Notes)}
	p.text = append(wrap(title, width), "")
	if len(tries) == 0 {
		p.Desc = "Nothing was sent again."
		p.text = append(p.text, "nothing was sent again")
		return p
	}
	p.text = append(p.text, writeBackoff(tries, end, outcome, width)...)
	for _, n := range t.Notes {
		p.text = append(p.text, wrap(n, width)...)
	}
	p.Desc = fmt.Sprintf("%s at %s.", plural(len(tries), "sending"), times(tries))
	if outcome != "" {
		p.Desc += " Then " + outcome + " at " + since(end) + "."
	}
	return p
}

func times(tries []try) string {
	var s []string
	for _, t := range tries {
		s = append(s, since(t.at))
	}
	return strings.Join(s, ", ")
}

// longestRow finds the segment that was sent most often, or the longest row of
// probes, and what ended it.
func longestRow(t *trace.Trace, flow int) (best []try, end time.Duration, outcome string) {
	if flow < 0 || flow >= len(t.Flows) {
		return nil, 0, ""
	}
	type row struct {
		side  int
		tries []try
	}
	var rows []row
	open := map[[2]uint32]int{} // side and sequence number → row
	probes := [2]int{-1, -1}
	for _, i := range t.Flows[flow].Packets {
		p := &t.Packets[i]
		if p.TCP == nil {
			continue
		}
		x := try{p.At, p.Lost(), p.TCP.Flags.String()}
		_, keep := p.Has(trace.Keepalive)
		_, window := p.Has(trace.WindowProbe)
		switch {
		case keep || window:
			if probes[p.Side] < 0 {
				probes[p.Side] = len(rows)
				rows = append(rows, row{side: p.Side})
			}
			x.what = "probe"
			rows[probes[p.Side]].tries = append(rows[probes[p.Side]].tries, x)
		case p.TCP.Len() > 0:
			key := [2]uint32{uint32(p.Side), p.Seq}
			if _, ok := p.Has(trace.Retransmission); !ok || open[key] == 0 {
				rows = append(rows, row{side: p.Side})
				open[key] = len(rows) // index plus one
			}
			rows[open[key]-1].tries = append(rows[open[key]-1].tries, x)
		}
	}
	side := 0
	for _, r := range rows {
		if len(r.tries) > len(best) {
			best, side = r.tries, r.side
		}
	}
	if len(best) < 2 {
		return nil, 0, ""
	}
	last := best[len(best)-1].at
	for _, s := range t.States { // the end, if it came
		if s.Flow == flow && s.Side == side && s.At > last && s.State == wire.Closed {
			if s.Packet >= 0 {
				if n, ok := t.Packets[s.Packet].Has(trace.ResetCause); ok {
					return best, s.At, "RST: " + n.Text
				}
			}
			return best, s.At, cond(s.Why != "", s.Why, "CLOSED")
		}
	}
	if !best[len(best)-1].lost {
		return best, 0, ""
	}
	return best, t.End(), "the end of what was captured"
}

func cond(c bool, a, b string) string {
	if c {
		return a
	}
	return b
}

// writeBackoff draws the row to scale on one line, and lists it below.
func writeBackoff(tries []try, end time.Duration, outcome string, width int) []string {
	first, last := tries[0].at, max(end, tries[len(tries)-1].at)
	axis := []rune(strings.Repeat("─", width-2))
	place := func(at time.Duration) int {
		return int(math.Round(float64(at-first) / float64(max(1, last-first)) * float64(len(axis)-1)))
	}
	for i, t := range tries {
		c := '┼'
		if i < 10 {
			c = rune('0' + i)
		}
		axis[place(t.at)] = c
	}
	if outcome != "" {
		axis[len(axis)-1] = '╳'
	}
	lines := []string{" " + string(axis), ""}
	entry := func(mark, at, wait, what string) {
		line := fmt.Sprintf("%3s  %-14s %-16s %s", mark, at, wait, what)
		if width < 60 {
			line = fmt.Sprintf("%3s  %s  %s  %s", mark, at, wait, what)
		}
		lines = append(lines, wrap(line, width)...)
	}
	const most = 40
	for i, t := range tries {
		if i >= most {
			lines = append(lines, fmt.Sprintf("  … %d more", len(tries)-most))
			break
		}
		wait := ""
		if i > 0 {
			wait = "after " + span2(t.at-tries[i-1].at)
		}
		fate := "arrived"
		if t.lost {
			fate = "lost"
		}
		entry(fmt.Sprint(i), since(t.at), wait, t.what+", "+fate)
	}
	if outcome != "" {
		entry("╳", since(end), "after "+span2(end-tries[len(tries)-1].at), outcome)
	}
	return lines
}

func drawBackoff(title string, tries []try, end time.Duration, outcome string, notes []string) *scene {
	const left, width = 40.0, 720.0
	s := &scene{w: left*2 + width}
	s.add(text{point{pad, 30}, bold.shorten(title, 14, width), 14, start, bold, ink, false})
	if len(tries) == 0 {
		s.add(text{point{pad, 60}, "nothing was sent again", labelSize, start, italic, muted, false})
		s.h = 80
		return s
	}
	first, last := tries[0].at, max(end, tries[len(tries)-1].at)
	x := func(at time.Duration) float64 {
		return left + width*float64(at-first)/float64(max(1, last-first))
	}
	const axis = 110.0
	s.add(line{point{left, axis}, point{left + width, axis}, stroke{ink, 1.4, nil}})
	free := math.Inf(-1) // of the row of numbers
	for i, t := range tries {
		c := point{x(t.at), axis}
		s.add(line{point{c.x, axis - 16}, point{c.x, axis}, stroke{blue, 2.2, nil}})
		if t.lost {
			s.add(cross(point{c.x, axis - 20}, 4.5, stroke{red, 2.2, nil})...)
		} else {
			s.add(rect{c.x - 4, axis - 24, 8, 8, 4, blue, stroke{}})
		}
		if n := fmt.Sprint(i); c.x-free > 4 {
			s.add(text{point{c.x, axis - 32}, n, noteSize, middle, bold, ink, false})
			free = c.x + bold.width(n, noteSize)
		}
		if i > 0 {
			bracket(s, x(tries[i-1].at), c.x, axis+10, span2(t.at-tries[i-1].at))
		}
	}
	if outcome != "" {
		e := x(end)
		s.add(line{point{e, axis - 26}, point{e, axis + 6}, stroke{red, 2.2, nil}})
		s.add(text{point{e, axis - 34}, sans.shorten(outcome, noteSize, 260), noteSize, endIf(e > width*0.7), bold, red, true})
		bracket(s, x(tries[len(tries)-1].at), e, axis+10, span2(end-tries[len(tries)-1].at))
	}
	y := scale(s, first, last, left, width, axis+46)
	s.add(text{point{pad, y + 24}, "0 is the first sending; × was lost; the axis is to scale", noteSize, start, sans, muted, false})
	y += 24
	for _, n := range notes {
		for _, l := range wrapWidth(n, sans, noteSize, width) {
			y += 16
			s.add(text{point{pad, y}, l, noteSize, start, sans, muted, false})
		}
	}
	s.h = y + 16
	return s
}

func endIf(b bool) anchor {
	if b {
		return end
	}
	return middle
}

// bracket marks a wait under the axis, with its length if there is room.
func bracket(s *scene, a, b, y float64, label string) {
	if b-a < 6 {
		return
	}
	st := stroke{muted, 1, nil}
	s.add(line{point{a + 1, y}, point{b - 1, y}, st}, line{point{a + 1, y - 4}, point{a + 1, y + 1}, st}, line{point{b - 1, y - 4}, point{b - 1, y + 1}, st})
	if sans.width(label, smallSize) < b-a-4 {
		s.add(text{point{(a + b) / 2, y + 14}, label, smallSize, middle, sans, ink, false})
	}
}

// scale draws round times under the picture and returns the y below them.
func scale(s *scene, first, last time.Duration, left, width, y float64) float64 {
	total := max(1, last-first)
	step := time.Duration(math.Pow(10, math.Floor(math.Log10(float64(total)))))
	for _, f := range []time.Duration{1, 2, 5} {
		if total/(step/10*f) <= 8 || f == 5 {
			step = step / 10 * f
			break
		}
	}
	for total/max(1, step) > 10 {
		step *= 2
	}
	s.add(line{point{left, y}, point{left + width, y}, stroke{rule, 1, nil}})
	for at := time.Duration(0); at <= total; at += max(1, step) {
		x := left + width*float64(at)/float64(total)
		s.add(line{point{x, y}, point{x, y + 5}, stroke{rule, 1, nil}},
			text{point{x, y + 18}, cond(at == 0, "0", span2(at)), smallSize, middle, sans, muted, false})
	}
	return y + 18
}
