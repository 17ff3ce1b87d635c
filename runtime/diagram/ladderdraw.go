package diagram

import (
	"math"
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
		widen(note{rail: i, kind: markNote, text: r.down})
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
		if r.down != "" {
			look = silent
		}
		p.turns[i] = []turn{{p.top, look}}
		p.free[i] = p.top + 6
		if r.down != "" {
			p.note(note{rail: i, kind: markNote, text: r.down}, p.top+16)
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
