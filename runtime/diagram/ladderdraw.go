package diagram

import (
	"math"
	"strings"
)

// Measures of the drawn ladder, in pixels.
const (
	labelSize = 12.5
	noteSize  = 11.5
	smallSize = 10.5
	drop      = 11.0 // how far an arrow falls on its way
	pad       = 18.0
	maxMargin = 250.0
	lostAt    = 0.82 // where on its way a packet is lost, and where the hub stands
)

// page is a drawn ladder under construction.
type page struct {
	*story
	scene  scene
	x      []float64 // of the rails
	left   float64   // where the left rail's notes begin
	right  float64   // where the right rail's notes end
	y      float64
	top    float64       // where the rails begin
	free   []float64     // beside each rail, the first y not taken by a note
	turns  [][]turn      // of each rail, in order of y
	flight map[int][]int // packet → arrows waiting for their arrival
	arrows []arrow
	timeY  float64
	said   string // the last time label
}

// turn is where a rail changes its look.
type turn struct {
	y    float64
	look railLook
}

type railLook uint8

const (
	solid railLook = iota
	silent
	broken
)

// arrow is a packet on the page; y2 of a late one comes with its arrival.
type arrow struct {
	row            row
	x1, y1, x2, y2 float64
	to             target
	first          bool // the one of several copies that has the label
	hub            bool
}

func (s *story) draw() *scene {
	p := &page{story: s, free: make([]float64, len(s.rails)), turns: make([][]turn, len(s.rails)), flight: map[int][]int{}, timeY: -100}
	p.columns()
	p.head()
	for i, r := range s.rows {
		if r.gap > 0 {
			p.silence(span2(r.gap) + " pass")
		} else if i > 0 {
			ms := float64(r.at-s.rows[i-1].at) / 1e6
			p.y += min(22, 8*math.Log10(1+max(0, ms)))
		}
		p.row(r)
	}
	if len(s.rows) == 0 {
		p.y += 30
		p.scene.add(text{point{(p.x[0] + p.x[len(p.x)-1]) / 2, p.y}, "no packets", labelSize, middle, italic, muted, true})
	}
	for _, f := range p.free {
		p.y = max(p.y, f-8)
	}
	p.y += 14
	p.flush()
	p.rails()
	p.foot()
	return &p.scene
}

// columns finds the x of every rail, from what has to stand between them.
func (p *page) columns() {
	last := len(p.story.rails) - 1
	margin := []float64{60, 60}
	gaps := make([]float64, last)
	for i := range gaps {
		gaps[i] = 260
	}
	if last == 1 {
		gaps[0] = 400
	}
	widen := func(n note) {
		w := min(noteWidth(n), maxMargin)
		switch n.rail {
		case 0:
			margin[0] = max(margin[0], w)
		case last:
			margin[1] = max(margin[1], w)
		default:
			if n.rail > 0 {
				gaps[n.rail] = max(gaps[n.rail], w+30)
			}
		}
	}
	for i, r := range p.story.rails {
		for _, st := range r.states {
			widen(note{rail: i, kind: stateNote, text: st})
		}
		half := min(headWidth(r), 2*maxMargin) / 2
		if i == 0 {
			margin[0] = max(margin[0], half-30)
		} else {
			gaps[i-1] = max(gaps[i-1], half*2)
		}
		if i == last {
			margin[1] = max(margin[1], half)
		}
	}
	for _, r := range p.rows {
		for _, n := range append(r.sent[:len(r.sent):len(r.sent)], r.got...) {
			widen(n)
		}
		p.room(r, gaps)
	}
	p.left = pad + 70
	x := p.left + margin[0] + 10
	for i := range p.story.rails {
		p.x = append(p.x, x)
		if i < last {
			x += gaps[i]
		}
	}
	p.right = x + margin[1] + 10
}

// room widens the gaps that an arrow crosses until its label fits.
func (p *page) room(r row, gaps []float64) {
	if r.kind == foldRow || r.kind == wireRow {
		return
	}
	need := min(p.labelWidth(r)+56, 640)
	for _, t := range r.to {
		a, b := r.between(t, len(p.story.rails))
		if t.lost || t.hub || r.from < 0 {
			need /= lostAt
		}
		lo, hi := min(a, b), max(a, b)
		have := 0.0
		for g := lo; g < hi; g++ {
			have += gaps[g]
		}
		for g := lo; g < hi && have < need; g++ {
			gaps[g] += (need - have) / float64(hi-lo)
		}
	}
}

func (p *page) labelWidth(r row) float64 {
	w := labelLength(r.label)
	if r.tag != "" {
		w += 24
	}
	second := italic.width(r.remark, noteSize)
	if r.late && r.remark != "" {
		return w + second + 14
	}
	return max(w, second+30)
}

func headWidth(r rail) float64 {
	return max(bold.width(r.name, 13), sans.width(r.addr, noteSize)) + 28
}

// head draws the title and the hosts.
func (p *page) head() {
	title := p.opts.Title
	if title == "" {
		title = p.title()
	}
	p.scene.add(text{point{pad, 30}, bold.shorten(title, 14, p.right-pad), 14, start, bold, ink, false})
	top, h := 48.0, 42.0
	for i, r := range p.story.rails {
		room := maxMargin * 2
		if i > 0 {
			room = p.x[i] - p.x[i-1] - 10
		}
		if i+1 < len(p.x) {
			room = min(room, p.x[i+1]-p.x[i]-10)
		}
		w := min(headWidth(r), room)
		p.scene.add(rect{p.x[i] - w/2, top, w, h, 6, "#ffffff", stroke{color: ink, width: 1.4}})
		if r.addr == "" {
			p.scene.add(text{point{p.x[i], top + 26}, bold.shorten(r.name, 13, w-12), 13, middle, bold, ink, false})
		} else {
			p.scene.add(text{point{p.x[i], top + 18}, bold.shorten(r.name, 13, w-12), 13, middle, bold, ink, false},
				text{point{p.x[i], top + 34}, sans.shorten(r.addr, noteSize, w-12), noteSize, middle, sans, muted, false})
		}
	}
	p.top = top + h
	p.y = p.top + 6
	for i, r := range p.story.rails {
		look := solid
		if r.down {
			look = silent
		}
		p.turns[i] = []turn{{p.top, look}}
		p.free[i] = p.top + 6
		if r.down {
			p.note(note{rail: i, kind: markNote, text: "crashed"}, p.top+16)
			p.y = max(p.y, p.free[i])
			continue
		}
		for _, st := range r.states {
			p.note(note{rail: i, kind: stateNote, text: st}, max(p.top+16, p.free[i]+8))
		}
		p.y = max(p.y, p.free[i])
	}
}

// row draws one row and moves y behind it.
func (p *page) row(r row) {
	switch r.kind {
	case arrowRow:
		p.arrow(r)
	case arrivalRow:
		p.y = max(p.y+13, p.clear(r.got))
		for _, k := range p.flight[r.packet] {
			if a := &p.arrows[k]; a.to.rail == r.from {
				a.y2 = p.y
			}
		}
		p.gotNotes(r.got)
	case noteRow:
		p.y = max(p.y+20, p.clear(r.got))
		p.time(r)
		p.notes(r.got, p.y)
	case wireRow:
		p.y += 24
		p.time(r)
		a, b := p.x[0], p.x[len(p.x)-1]
		p.scene.add(line{point{a, p.y}, point{b, p.y}, stroke{red, 1.2, []float64{2, 4}}},
			text{point{(a + b) / 2, p.y + 4}, bold.shorten(r.text, noteSize, b-a-40), noteSize, middle, bold, red, true})
		p.y += 6
	case foldRow:
		p.fold(r)
	}
}

// clear returns the first y at which notes do not touch those before.
func (p *page) clear(notes []note) float64 {
	var y float64
	for _, n := range notes {
		if n.rail >= 0 {
			y = max(y, p.free[n.rail]+8)
		}
	}
	return y
}

func (p *page) outer(rail int) bool { return rail == 0 || rail == len(p.x)-1 }

// notes draws notes at a level: of outer rails in the margin, stacked; of
// inner ones beside the rail, each on a level of its own.
func (p *page) notes(notes []note, y float64) {
	for _, n := range notes {
		if n.rail < 0 {
			continue
		}
		at := max(y, p.free[n.rail]+8)
		p.note(n, at)
		if !p.outer(n.rail) {
			p.y = max(p.y, p.free[n.rail]-2)
		}
	}
}

// gotNotes draws what an arrival brought: beside its head, or under it where
// other arrows may go on.
func (p *page) gotNotes(notes []note) {
	for _, n := range notes {
		y := p.y
		if n.rail >= 0 && !p.outer(n.rail) {
			y += 14
		}
		p.notes([]note{n}, y)
	}
}

// note draws one note with its middle at y.
func (p *page) note(n note, y float64) {
	x, a := p.x[n.rail]+10, start
	room := maxMargin
	if n.rail == 0 {
		x, a = p.x[0]-10, end
	}
	if !p.outer(n.rail) {
		room = p.x[n.rail+1] - p.x[n.rail] - 20
	}
	p.free[n.rail] = y + 8
	switch n.kind {
	case stateNote:
		p.scene.add(text{point{x, y + 4}, bold.shorten(n.text, noteSize, room), noteSize, a, bold, green, true})
		p.turns[n.rail] = append(p.turns[n.rail], turn{y, p.look(n.rail)}) // a dot on the rail
	case markNote:
		p.scene.add(text{point{x, y + 4}, bold.shorten(n.text, noteSize, room), noteSize, a, bold, red, true})
		look := p.look(n.rail)
		if n.down {
			look = silent
			p.scene.add(group{items: cross(point{p.x[n.rail], y}, 5, stroke{red, 2.2, nil})})
		} else if n.up {
			look = solid
		}
		p.turns[n.rail] = append(p.turns[n.rail], turn{y, look})
	case callNote:
		p.scene.add(text{point{x, y + 4}, mono.shorten(n.text, noteSize, room), noteSize, a, mono, ink, true})
		if n.detail != "" {
			p.scene.add(text{point{x, y + 17}, n.detail, smallSize, a, sans, muted, true})
			p.free[n.rail] = y + 21
		}
	}
}

func (p *page) look(rail int) railLook {
	for i := len(p.turns[rail]) - 1; i >= 0; i-- {
		if t := p.turns[rail][i]; t.look != broken {
			return t.look
		}
	}
	return solid
}

func noteHeight(n note) float64 {
	if n.kind == callNote && n.detail != "" {
		return 29
	}
	return 16
}

func noteWidth(n note) float64 {
	switch n.kind {
	case callNote:
		return max(mono.width(n.text, noteSize), sans.width(n.detail, smallSize))
	default:
		return bold.width(n.text, noteSize)
	}
}

// time writes a row's time, unless it would say the same again.
func (p *page) time(r row) {
	s := since(r.at)
	if s == p.said || p.y-p.timeY < 12 {
		return
	}
	p.said, p.timeY = s, p.y
	p.scene.add(text{point{pad, p.y + 4}, s, noteSize, start, sans, muted, false})
}

// arrow puts a packet on the page.
func (p *page) arrow(r row) {
	var inner, beside []note
	for _, n := range r.sent {
		if n.rail >= 0 && p.outer(n.rail) {
			beside = append(beside, n)
		} else {
			inner = append(inner, n)
		}
	}
	if len(inner) > 0 {
		p.y = max(p.y+18, p.clear(inner))
		p.notes(inner, p.y)
	}
	// The last note stands where the arrow begins, those before it above.
	above := map[int]float64{}
	for i, n := range beside {
		if i+1 < len(beside) {
			above[n.rail] += noteHeight(n)
		}
	}
	y := max(p.y+24, p.clear(beside))
	for rail, h := range above {
		y = max(y, p.free[rail]+8+h)
	}
	p.y = y
	p.time(r)
	for _, n := range beside {
		p.notes([]note{n}, y-above[n.rail])
	}
	for i, t := range r.to {
		from, to := r.between(t, len(p.story.rails))
		a := arrow{row: r, x1: p.x[from], y1: y, x2: p.x[to], y2: y + drop, to: t, first: i == len(r.to)-1, hub: r.from < 0}
		if a.hub {
			a.x1 += (p.x[to] - p.x[from]) * (1 - lostAt)
		}
		if t.hub {
			a.x2 -= (p.x[to] - p.x[from]) * (1 - lostAt)
		}
		if len(r.to) > 1 { // all copies on one line
			a.y2 = y + drop*math.Abs(a.x2-a.x1)/(p.x[len(p.x)-1]-p.x[0])
		}
		p.arrows = append(p.arrows, a)
		p.flight[r.packet] = append(p.flight[r.packet], len(p.arrows)-1)
	}
	if r.late {
		p.y = y + 4
		return
	}
	p.y = y + drop
	p.gotNotes(r.got)
	if r.remark != "" {
		p.y = max(p.y, y+drop/2+noteSize+4)
	}
}

// flush draws the arrows, now that all their ends are known.
func (p *page) flush() {
	var lines, labels []item
	for _, a := range p.arrows {
		g, label := a.draw(p)
		title := since(a.row.at) + ": " + a.row.label
		if a.row.remark != "" {
			title += " (" + a.row.remark + ")"
		}
		lines = append(lines, group{title, g})
		labels = append(labels, label...)
	}
	p.scene.items = append(append(lines, labels...), p.scene.items...)
}

// draw returns the shapes of one arrow, and its texts.
func (a *arrow) draw(p *page) (shapes, texts []item) {
	color, width := flowInks[0], 1.7
	if a.row.tag != "" && a.row.packet >= 0 {
		color = flowInks[p.t.Packets[a.row.packet].Flow%len(flowInks)]
	}
	from, tip := point{a.x1, a.y1}, point{a.x2, a.y2}
	dir := 1.0
	if a.x2 < a.x1 {
		dir = -1
	}
	if a.to.open { // a broken line that ends on the way
		tip = point{a.x1 + (a.x2-a.x1)*lostAt, a.y1 + (a.y2-a.y1)*lostAt}
		shapes = append(shapes, line{from, tip, stroke{color, width, []float64{6, 5}}})
	} else if a.to.lost {
		tip = point{a.x1 + (a.x2-a.x1)*lostAt, a.y1 + (a.y2-a.y1)*lostAt}
		shapes = append(shapes, line{from, tip, stroke{color, width, nil}})
		shapes = append(shapes, cross(tip, 5.5, stroke{red, 2.4, nil})...)
	} else {
		tip.x -= dir * 1.5
		shapes = append(shapes, line{from, point{tip.x - dir*7, tip.y}, stroke{color, width, nil}}, arrowhead(from, tip, 10, color))
	}
	if a.hub {
		shapes = append(shapes, diamond(point{a.x1, a.y1}, color))
		texts = append(texts, text{point{a.x1 - dir*12, a.y1 + 4}, "router", noteSize, startIf(dir < 0), bold, color, true})
	}
	if a.to.hub {
		shapes = append(shapes, diamond(point{a.x2 + dir*5, a.y2}, color))
		texts = append(texts, text{point{a.x2 + dir*17, a.y2 + 4}, "router", noteSize, startIf(dir > 0), bold, color, true})
	}
	if a.first {
		texts = append(texts, a.label(dir, color)...)
	}
	return shapes, texts
}

// diamond is the sign of the hub as a router.
func diamond(c point, color string) poly {
	return poly{[]point{{c.x - 6, c.y}, {c.x, c.y - 6}, {c.x + 6, c.y}, {c.x, c.y + 6}}, color}
}

func startIf(b bool) anchor {
	if b {
		return start
	}
	return end
}

// label returns the texts over and under an arrow.
func (a *arrow) label(dir float64, color string) []item {
	span := math.Abs(a.x2 - a.x1)
	tagWidth := 0.0
	if a.row.tag != "" {
		tagWidth = bold.width(a.row.tag, smallSize) + 14
	}
	label, remark := a.row.label, a.row.remark
	inks := amber
	if a.row.bad {
		inks = red
	}
	label = sans.shorten(label, labelSize, max(60, span-tagWidth-30))
	flags, rest, _ := strings.Cut(label, "  ")
	fw, w := bold.width(flags, labelSize), labelLength(label)
	var items []item
	x, y := (a.x1+a.x2)/2, (a.y1+a.y2)/2-5-math.Abs(a.y2-a.y1)/span*(w+tagWidth)/2
	if a.row.late { // on a steep line: where it begins, above it
		y = a.y1 - 5
		rest := 0.0
		if remark != "" {
			rest = italic.width(remark, noteSize) + 14
		}
		x = a.x1 + dir*(14+(tagWidth+w+rest)/2)
		if remark != "" {
			items = append(items, text{point{x + (tagWidth+w-rest)/2 + 14, y}, remark, noteSize, start, italic, inks, true})
			x -= rest / 2
		}
	} else if remark != "" {
		if a.to.lost {
			x = a.x1 + (a.x2-a.x1)*lostAt/2
			span *= lostAt
		}
		items = append(items, text{point{x, (a.y1+a.y2)/2 + noteSize + 5}, italic.shorten(remark, noteSize, span-20), noteSize, middle, italic, inks, true})
	}
	if tagWidth > 0 {
		bx := x - (w+tagWidth)/2
		items = append(items, rect{bx, y - 11, tagWidth - 5, 14, 7, color, stroke{}},
			text{point{bx + (tagWidth-5)/2, y - 0.5}, a.row.tag, smallSize, middle, bold, "#ffffff", false})
		x += tagWidth / 2
	}
	// The flags are bold; as widths differ between fonts, both parts meet at
	// one point instead of being centred each.
	meet := x - w/2 + fw
	return append(items, text{point{meet, y}, flags, labelSize, end, bold, ink, true},
		text{point{meet + labelGap, y}, rest, labelSize, start, sans, ink, true})
}

// labelGap is between the bold flags of a label and the rest.
const labelGap = 8

// labelLength is the width of a label as it is drawn.
func labelLength(label string) float64 {
	flags, rest, _ := strings.Cut(label, "  ")
	return bold.width(flags, labelSize) + labelGap + sans.width(rest, labelSize)
}

// silence breaks the rails and says how long nothing happened.
func (p *page) silence(s string) {
	p.y += 10
	for i := range p.x {
		look := p.look(i)
		p.turns[i] = append(p.turns[i], turn{p.y, broken}, turn{p.y + 22, look})
		p.free[i] = max(p.free[i], p.y+22)
	}
	p.scene.add(text{point{(p.x[0] + p.x[len(p.x)-1]) / 2, p.y + 15}, s, noteSize, middle, italic, muted, true})
	p.y += 24
}

// fold breaks the rails and says what is left out.
func (p *page) fold(r row) {
	p.y += 10
	a, b := p.x[0], p.x[len(p.x)-1]
	lines := wrapWidth(r.text, sans, noteSize, b-a-40)
	h := float64(len(lines))*16 + 10
	for i := range p.x {
		look := p.look(i)
		p.turns[i] = append(p.turns[i], turn{p.y, broken}, turn{p.y + h, look})
		p.free[i] = max(p.free[i], p.y+h)
	}
	p.scene.add(rect{a + 14, p.y + 1, b - a - 28, h - 2, 5, faint, stroke{}})
	y := p.y
	p.y += h/2 - 1
	p.time(r)
	for i, l := range lines {
		p.scene.add(text{point{(a + b) / 2, y + 17 + 16*float64(i)}, l, noteSize, middle, sans, ink, false})
	}
	p.y = y + h
}

// rails draws the hosts' lines behind everything else.
func (p *page) rails() {
	var items []item
	for i, x := range p.x {
		turns := append(p.turns[i], turn{p.y, solid})
		for k := 0; k+1 < len(turns); k++ {
			a, b := turns[k], turns[k+1]
			switch a.look {
			case solid:
				items = append(items, line{point{x, a.y}, point{x, b.y}, stroke{ink, 1.6, nil}})
			case silent:
				items = append(items, line{point{x, a.y}, point{x, b.y}, stroke{rule, 1.4, []float64{2, 5}}})
			case broken:
				for _, d := range []float64{-3, 3} { // two strokes across, as on a broken axis
					m := (a.y + b.y) / 2
					items = append(items, line{point{x - 6, m + d + 3}, point{x + 6, m + d - 3}, stroke{ink, 1.4, nil}})
				}
				items = append(items, line{point{x, a.y}, point{x, (a.y+b.y)/2 - 5}, stroke{ink, 1.6, nil}},
					line{point{x, (a.y+b.y)/2 + 5}, point{x, b.y}, stroke{ink, 1.6, nil}})
			}
			if k > 0 && a.look == solid && turns[k-1].look == solid {
				items = append(items, rect{x - 3.5, a.y - 3.5, 7, 7, 3.5, green, stroke{paper, 1.2, nil}})
			}
		}
	}
	p.scene.items = append(items, p.scene.items...)
}

func (p *page) foot() {
	p.y += 8
	for _, u := range p.under {
		for _, l := range wrapWidth(u, sans, noteSize, p.right-2*pad) {
			p.y += 16
			p.scene.add(text{point{pad, p.y}, l, noteSize, start, sans, muted, false})
		}
	}
	p.scene.w, p.scene.h = math.Ceil(p.right+pad), math.Ceil(p.y+16)
}

// wrapWidth breaks s into lines that fit in a width.
func wrapWidth(s string, f font, size, width float64) []string {
	chars := max(20, int(width/(size*0.45)))
	for ; chars > 20; chars-- {
		lines, ok := wrap(s, chars), true
		for _, l := range lines {
			ok = ok && f.width(l, size) <= width
		}
		if ok {
			return lines
		}
	}
	return wrap(s, 20)
}
