package diagram

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"sockbook/runtime/trace"
	"sockbook/runtime/wire"
)

// walk is the way that one end of a connection took through the states.
type walk struct {
	name  string // of the host
	steps []walkStep
}

type walkStep struct {
	state wire.State
	at    time.Duration
	why   string // what led here; empty for the first
	short string // the same in a word, for the picture
	guess bool
}

// States draws the TCP state diagram (RFC 9293 figure 5, with Linux's names)
// and in it the way that each end of a flow took. A flow that is not TCP, or
// an index that is none, gives the diagram alone.
func States(t *trace.Trace, flow int, o Options) *Picture {
	var walks []walk
	title := "The TCP states (RFC 9293)"
	if flow >= 0 && flow < len(t.Flows) && t.Flows[flow].Initial[0] != 0 {
		f := &t.Flows[flow]
		walks = []walk{walkOf(t, flow, 0), walkOf(t, flow, 1)}
		title = "TCP states  " + strings.TrimPrefix(flowName(t, f), "TCP  ")
	}
	if o.Title != "" {
		title = o.Title
	}
	return &Picture{Title: title, Desc: walkDesc(walks), scene: drawStates(title, walks), text: writeStates(title, walks, textWidth(o.TextWidth))}
}

func walkOf(t *trace.Trace, flow, side int) walk {
	f := &t.Flows[flow]
	w := walk{name: address(t, f.Ends[side].Addr), steps: []walkStep{{state: f.Initial[side]}}}
	if h := f.Ends[side].Host; h >= 0 {
		w.name = t.Hosts[h].Name
	}
	for _, c := range t.States {
		if c.Flow != flow || c.Side != side {
			continue
		}
		s := walkStep{state: c.State, at: c.At, guess: c.Inferred, why: c.Why, short: c.Why}
		switch {
		case c.Packet >= 0 && t.Packets[c.Packet].TCP != nil:
			flags := t.Packets[c.Packet].TCP.Flags.String()
			s.short = flags
			if s.why = "receives " + flags; c.Sent {
				s.why = "sends " + flags
			}
			if c.Why != "" {
				s.why, s.short = s.why+", "+c.Why, c.Why
			}
		case s.why == "":
			s.why, s.short = "reported by the host", "no packet"
		}
		w.steps = append(w.steps, s)
	}
	return w
}

func walkDesc(walks []walk) string {
	if walks == nil {
		return "The eleven states of a TCP connection and the transitions between them."
	}
	var parts []string
	for _, w := range walks {
		var names []string
		for _, s := range w.steps {
			names = append(names, s.state.String())
		}
		parts = append(parts, w.name+": "+strings.Join(names, ", "))
	}
	return "The ways through the TCP states. " + strings.Join(parts, ". ") + "."
}

// writeStates writes the ways as a table, one line a step, in order of time.
func writeStates(title string, walks []walk, width int) []string {
	lines := append(wrap(title, width), "")
	if walks == nil {
		for _, e := range edges {
			lines = append(lines, cutText(fmt.Sprintf("%-12s → %-12s %s", e.from, e.to, e.label), width))
		}
		return lines
	}
	col := 16
	if width < 70 {
		col = 12
	}
	row := func(at string, states [2]string, why string) {
		line := fmt.Sprintf("%-12s%-*s%-*s", at, col, states[0], col, states[1])
		if utf8.RuneCountInString(line+why) > width { // on lines of its own
			lines = append(lines, strings.TrimRight(line, " "))
			line = strings.Repeat(" ", 12)
		}
		for _, part := range wrap(line+why, width) {
			lines = append(lines, strings.TrimRight(part, " "))
		}
	}
	row("", [2]string{cutText(walks[0].name, col-1), cutText(walks[1].name, col-1)}, "")
	row("at first", [2]string{walks[0].steps[0].state.String(), walks[1].steps[0].state.String()}, "")
	next := [2]int{1, 1}
	guess := false
	for next[0] < len(walks[0].steps) || next[1] < len(walks[1].steps) {
		side := 0
		if next[0] == len(walks[0].steps) || next[1] < len(walks[1].steps) && walks[1].steps[next[1]].at < walks[0].steps[next[0]].at {
			side = 1
		}
		s := walks[side].steps[next[side]]
		next[side]++
		var states [2]string
		states[side] = s.state.String()
		if s.guess {
			states[side] += "*"
			guess = true
		}
		row(since(s.at), states, s.why)
	}
	if guess {
		lines = append(append(lines, ""), wrap("* concluded from the packets (RFC 9293), not asked of the host", width)...)
	}
	return lines
}

// node is a state's place in the figure. CLOSED has two: where a connection
// begins and where it ends.
type node struct {
	name string
	x, y float64
}

const (
	nodeW, nodeH = 122.0, 34.0
	figureX      = 30.0
	figureY      = 60.0
)

var nodes = map[string]node{
	"CLOSED":      {"CLOSED", 400, 30},
	"LISTEN":      {"LISTEN", 400, 120},
	"SYN_RECV":    {"SYN_RECV", 150, 210},
	"SYN_SENT":    {"SYN_SENT", 650, 210},
	"ESTABLISHED": {"ESTABLISHED", 400, 300},
	"FIN_WAIT1":   {"FIN_WAIT1", 150, 410},
	"CLOSING":     {"CLOSING", 400, 410},
	"CLOSE_WAIT":  {"CLOSE_WAIT", 650, 410},
	"FIN_WAIT2":   {"FIN_WAIT2", 150, 520},
	"TIME_WAIT":   {"TIME_WAIT", 400, 520},
	"LAST_ACK":    {"LAST_ACK", 650, 520},
	"END":         {"CLOSED", 400, 610},
}

var nodeOrder = []string{"CLOSED", "LISTEN", "SYN_RECV", "SYN_SENT", "ESTABLISHED", "FIN_WAIT1", "CLOSING", "CLOSE_WAIT", "FIN_WAIT2", "TIME_WAIT", "LAST_ACK", "END"}

// edge is a transition: what happens, and after the stroke what is sent.
type edge struct {
	from, to string
	label    string
	p        [4]point // relative to the figure
	at       point    // of the label
	anchor   anchor
}

// straight makes an edge between two points of nodes.
func straight(from, to, label string, a, b, at point, anc anchor) edge {
	third := func(f float64) point { return point{a.x + (b.x-a.x)*f, a.y + (b.y-a.y)*f} }
	return edge{from, to, label, [4]point{a, third(1.0 / 3), third(2.0 / 3), b}, at, anc}
}

var edges = []edge{
	straight("CLOSED", "LISTEN", "listen", point{400, 47}, point{400, 103}, point{416, 80}, start),
	{"CLOSED", "SYN_SENT", "connect / SYN", [4]point{{461, 30}, {580, 30}, {650, 90}, {650, 193}}, point{598, 100}, end},
	{"LISTEN", "SYN_RECV", "SYN / SYN,ACK", [4]point{{339, 120}, {220, 120}, {150, 140}, {150, 193}}, point{196, 128}, end},
	straight("SYN_SENT", "SYN_RECV", "SYN / SYN,ACK  (simultaneous open)", point{589, 210}, point{211, 210}, point{400, 202}, middle),
	{"SYN_RECV", "ESTABLISHED", "ACK", [4]point{{190, 227}, {220, 280}, {280, 300}, {339, 300}}, point{240, 274}, start},
	{"SYN_SENT", "ESTABLISHED", "SYN,ACK / ACK", [4]point{{610, 227}, {580, 280}, {520, 300}, {461, 300}}, point{560, 290}, start},
	straight("SYN_RECV", "FIN_WAIT1", "close / FIN", point{130, 227}, point{130, 393}, point{118, 300}, end),
	{"ESTABLISHED", "FIN_WAIT1", "close / FIN", [4]point{{360, 317}, {340, 360}, {270, 400}, {211, 402}}, point{292, 354}, end},
	{"ESTABLISHED", "CLOSE_WAIT", "FIN / ACK", [4]point{{440, 317}, {460, 360}, {530, 400}, {589, 402}}, point{508, 354}, start},
	straight("FIN_WAIT1", "FIN_WAIT2", "ACK", point{150, 427}, point{150, 503}, point{134, 470}, end),
	straight("FIN_WAIT1", "CLOSING", "FIN / ACK", point{211, 416}, point{339, 416}, point{275, 440}, middle),
	straight("FIN_WAIT1", "TIME_WAIT", "FIN,ACK / ACK", point{196, 427}, point{345, 503}, point{284, 482}, end),
	straight("CLOSING", "TIME_WAIT", "ACK", point{400, 427}, point{400, 503}, point{416, 470}, start),
	straight("FIN_WAIT2", "TIME_WAIT", "FIN / ACK", point{211, 524}, point{339, 524}, point{275, 548}, middle),
	straight("CLOSE_WAIT", "LAST_ACK", "close / FIN", point{650, 427}, point{650, 503}, point{666, 470}, start),
	straight("TIME_WAIT", "END", "after 60 s (2 MSL)", point{400, 537}, point{400, 593}, point{416, 572}, start),
	{"LAST_ACK", "END", "ACK", [4]point{{650, 537}, {650, 590}, {560, 610}, {461, 610}}, point{622, 594}, start},
}

// walkStyle tells the two ways apart: by line, by the shape of the numbers, by
// colour.
var walkStyles = [2]struct {
	ink, tint string
	dash      []float64
	radius    float64 // of the badge
	words     string
	shift     float64 // where both take the same edge
}{
	{blue, "#dde7f4", nil, 9, "solid line, round numbers", -6},
	{amber, "#f6e8d6", []float64{9, 4}, 2, "dashed line, square numbers", 6},
}

func drawStates(title string, walks []walk) *scene {
	s := &scene{w: 860, h: 720}
	s.add(text{point{pad, 30}, bold.shorten(title, 14, 820), 14, start, bold, ink, false})
	shift := func(p point) point { return point{p.x + figureX, p.y + figureY} }
	for _, e := range edges {
		color, width := rule, 1.2
		for i := range e.p {
			e.p[i] = shift(e.p[i])
		}
		s.add(curve{e.p, stroke{color, width, nil}}, arrowhead(e.p[2], e.p[3], 8, color))
	}
	var labels []item
	for _, e := range edges {
		labels = append(labels, text{shift(e.at), e.label, smallSize + 0.5, e.anchor, sans, muted, true})
	}
	visited, last := map[string]int{}, map[string][]string{}
	shared := sharedEdges(walks)
	var badges []item
	for i, w := range walks {
		badges = append(badges, drawWalk(s, w, i, visited, shared)...)
		if n := len(w.steps); n > 1 || n == 1 && w.steps[0].state != wire.Closed {
			end := nodeOf(w.steps, n-1)
			last[end] = append(last[end], w.name)
		}
	}
	s.add(labels...)
	for _, k := range nodeOrder {
		drawNode(s, nodes[k], visited[k], last[k], shift)
	}
	s.add(badges...)
	y := figureY + 660
	for i, w := range walks {
		st := walkStyles[i]
		x := pad + 330*float64(i)
		s.add(line{point{x, y - 4}, point{x + 34, y - 4}, stroke{st.ink, 3, st.dash}},
			text{point{x + 42, y}, bold.shorten(w.name, noteSize, 120), noteSize, start, bold, ink, false},
			text{point{x + 50 + min(120, bold.width(w.name, noteSize)), y}, st.words, noteSize, start, sans, muted, false})
	}
	s.h = y + 20
	if walks == nil {
		s.h = figureY + 650
	}
	return s
}

// sharedEdges are those that both ways take: there they are drawn side by
// side.
func sharedEdges(walks []walk) map[[2]string]bool {
	taken := map[[2]string]int{}
	for side, w := range walks {
		for i := 1; i < len(w.steps); i++ {
			taken[[2]string{nodeOf(w.steps, i-1), nodeOf(w.steps, i)}] |= 1 << side
		}
	}
	shared := map[[2]string]bool{}
	for e, sides := range taken {
		shared[e] = sides == 3
	}
	return shared
}

// nodeOf names the node of a step: CLOSED at the end is another than at the
// beginning, except that a connect that failed goes back to where it began.
func nodeOf(steps []walkStep, i int) string {
	name := steps[i].state.String()
	if steps[i].state == wire.Closed && i > 0 && steps[i-1].state != wire.SynSent && steps[i-1].state != wire.Listen {
		return "END"
	}
	return name
}

func findEdge(from, to string) *edge {
	for i := range edges {
		if edges[i].from == from && edges[i].to == to {
			return &edges[i]
		}
	}
	return nil
}

// drawWalk draws one way over the figure and returns its numbers, to be put
// on top.
func drawWalk(s *scene, w walk, side int, visited map[string]int, shared map[[2]string]bool) (badges []item) {
	st := walkStyles[side]
	visited[nodeOf(w.steps, 0)] |= 1 << side
	for i := 1; i < len(w.steps); i++ {
		from, to := nodeOf(w.steps, i-1), nodeOf(w.steps, i)
		visited[to] |= 1 << side
		p, label := wayBetween(from, to, w.steps[i].short)
		across := point{}
		if shared[[2]string{from, to}] {
			across = sideways(p)
		}
		for k := range p {
			p[k] = point{p[k].x + figureX + st.shift*across.x, p[k].y + figureY + st.shift*across.y}
		}
		s.add(curve{p, stroke{st.ink, 3, st.dash}}, arrowhead(p[2], p[3], 12, st.ink))
		at, _ := bezier(p, 0.3+0.3*float64(side))
		if label != "" {
			badges = append(badges, text{point{at.x + 14, at.y + 4}, label, noteSize, start, italic, red, true})
		}
		num := fmt.Sprint(i)
		bw := max(18, bold.width(num, smallSize)+8)
		badges = append(badges, rect{at.x - bw/2, at.y - 9, bw, 18, st.radius, st.ink, stroke{paper, 1.5, nil}},
			text{point{at.x, at.y + 4}, num, smallSize, middle, bold, "#ffffff", false})
	}
	return badges
}

// sideways is the unit vector across an edge, to draw two ways beside each
// other.
func sideways(p [4]point) point {
	dx, dy := p[3].x-p[0].x, p[3].y-p[0].y
	if dx*dx > dy*dy {
		return point{0, 1}
	}
	return point{1, 0}
}

// wayBetween finds the edge of the figure, or makes one for an abort (an RST,
// a timeout) and for what a host reported without what led there.
func wayBetween(from, to, why string) (p [4]point, label string) {
	if e := findEdge(from, to); e != nil {
		return e.p, ""
	}
	a, b := nodes[from], nodes[to]
	if why == "" {
		why = "?"
	}
	switch {
	case from == "SYN_SENT" && to == "CLOSED": // beside the way that led there
		return [4]point{{690, 193}, {720, 60}, {600, 12}, {461, 22}}, why
	case a.x < 300:
		return [4]point{{a.x - nodeW/2, a.y}, {10, a.y + 60}, {20, b.y}, {b.x - nodeW/2, b.y}}, why
	case a.x > 500:
		return [4]point{{a.x + nodeW/2, a.y}, {800, a.y + 60}, {780, b.y}, {b.x + nodeW/2, b.y}}, why
	}
	return [4]point{{a.x + nodeW/2 - 12, a.y + nodeH/2}, {540, a.y + 120}, {530, b.y - 60}, {b.x + nodeW/2 - 12, b.y - nodeH/2}}, why
}

func drawNode(s *scene, n node, visited int, here []string, shift func(point) point) {
	c := shift(point{n.x, n.y})
	fill, border, width := "#ffffff", rule, 1.2
	f := sans
	if visited != 0 {
		border, width, f = ink, 2, bold
		fill = "#e9e6dd"
		if visited < 3 {
			fill = walkStyles[visited-1].tint
		}
	}
	if len(here) > 0 { // a second border: the way ends here
		s.add(rect{c.x - nodeW/2 - 4, c.y - nodeH/2 - 4, nodeW + 8, nodeH + 8, 10, paper, stroke{ink, 1.4, nil}})
	}
	s.add(rect{c.x - nodeW/2, c.y - nodeH/2, nodeW, nodeH, 7, fill, stroke{border, width, nil}},
		text{point{c.x, c.y + 4.5}, n.name, 12.5, middle, f, ink, false})
	if len(here) > 0 {
		label := "end of " + f.shorten(strings.Join(here, " and "), smallSize, 170)
		if n.y > 600 { // beside, there is room
			s.add(text{point{c.x - nodeW/2 - 12, c.y + 4}, label, smallSize, end, italic, ink, true})
		} else {
			s.add(text{point{c.x, c.y + nodeH/2 + 16}, label, smallSize, middle, italic, ink, true})
		}
	}
}
