package diagram

import (
	"fmt"
	"time"

	"sockbook/runtime/trace"
)

// Options of a ladder. The zero value is what a notebook shows.
type Options struct {
	// MaxArrows is how many packets are drawn at most; of more, the first and
	// the last are, with a line between that says what was left out. Zero
	// means 60.
	MaxArrows int
	// TextWidth is the number of columns of the text; zero means TextWidth,
	// and less than MinTextWidth counts as that.
	TextWidth int
	// Silence is the least time without packets that is shown as a break;
	// zero means a second.
	Silence time.Duration
	// Windows shows the window of every TCP packet, not only where it matters.
	Windows bool
	// Title stands above the drawing; empty means one made from the trace.
	Title string
}

func (o Options) arrows() int {
	if o.MaxArrows <= 0 {
		return 60
	}
	return max(o.MaxArrows, 2)
}

func (o Options) silence() time.Duration {
	if o.Silence <= 0 {
		return time.Second
	}
	return o.Silence
}

// Ladder draws the packets of a trace between the hosts: time goes down, each
// host is a rail, each packet an arrow from rail to rail. TCP states stand at
// the rails where they are entered, calls where they were made. What was lost
// ends in a cross on its way.
func Ladder(t *trace.Trace, o Options) *Picture {
	s := newStory(t, o)
	title := o.Title
	if title == "" {
		title = s.title()
	}
	return &Picture{Title: title, Desc: s.desc(), scene: s.draw(), text: s.write(textWidth(o.TextWidth))}
}

// title names the picture after its one flow, or after what there is.
func (s *story) title() string {
	switch len(s.t.Flows) {
	case 0:
		if len(s.t.Packets) == 0 {
			return "No packets"
		}
		return plural(len(s.t.Packets), "packet")
	case 1:
		return flowName(s.t, &s.t.Flows[0])
	}
	return fmt.Sprintf("%s in %s", plural(len(s.t.Packets), "packet"), plural(len(s.t.Flows), "flow"))
}

// desc tells the story to those who cannot see it, in one paragraph.
func (s *story) desc() string {
	lost, again := 0, 0
	for i := range s.t.Packets {
		if s.t.Packets[i].Lost() {
			lost++
		}
		if _, ok := s.t.Packets[i].Has(trace.Retransmission); ok {
			again++
		}
	}
	text := "Ladder of " + plural(len(s.t.Packets), "packet")
	if lost > 0 {
		text += fmt.Sprintf(", %d of them lost", lost)
	}
	if again > 0 {
		text += ", " + plural(again, "retransmission")
	}
	text += " between"
	for i, r := range s.rails {
		switch {
		case i == 0:
			text += " " + r.name
		case i == len(s.rails)-1:
			text += " and " + r.name
		default:
			text += ", " + r.name
		}
	}
	return text + "."
}
