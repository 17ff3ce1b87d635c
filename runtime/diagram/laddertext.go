package diagram

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Characters of the text drawing.
const (
	railUp    = '│'
	railDown  = '┊'
	railBreak = '⋮'
)

// sheet is a text ladder under construction.
type sheet struct {
	*story
	width int
	cols  []int // of the rails
	down  []bool
	time  int // width of the time column
	lines []string
}

// write draws the story in characters, no line wider than width.
func (s *story) write(width int) []string {
	p := &sheet{story: s, width: width, down: make([]bool, len(s.rails))}
	for _, r := range s.rows {
		p.time = max(p.time, utf8.RuneCountInString(since(r.at)))
	}
	p.time = min(p.time+1, width/4)
	first, last := p.time+5, width-10
	for i := range s.rails {
		p.cols = append(p.cols, first+(last-first)*i/(len(s.rails)-1))
	}
	p.header()
	prev := ""
	for _, r := range s.rows {
		if r.gap > 0 {
			p.breakLine(span2(r.gap) + " pass")
		}
		at := since(r.at)
		if at == prev && r.kind != arrowRow {
			at = ""
		}
		prev = since(r.at)
		p.row(r, at)
	}
	if len(s.rows) == 0 {
		p.emit(p.blank())
	}
	p.footer()
	return p.lines
}

func (p *sheet) header() {
	if t := p.opts.Title; t != "" {
		p.wrapped(t, "", "")
	} else {
		p.wrapped(p.title(), "", "")
	}
	p.lines = append(p.lines, "")
	room := p.cols[1] - p.cols[0] - 2
	var lines [][]rune
	for i, r := range p.rails {
		parts := []string{r.name + " " + r.addr}
		if utf8.RuneCountInString(parts[0]) > room || r.addr == "" {
			parts = wrap(r.name, room)
			if r.addr != "" {
				parts = append(parts, wrap(r.addr, room)...)
			}
		}
		for k, part := range parts {
			if k == len(lines) {
				lines = append(lines, p.space())
			}
			p.centre(lines[k], p.cols[i], part)
		}
	}
	for _, l := range lines {
		p.emit(l)
	}
	for k := 0; ; k++ {
		line, any := p.blank(), false
		for i, r := range p.rails {
			states := r.states
			if r.down != "" {
				p.down[i] = true
				states = []string{r.down}
			}
			if k < len(states) {
				p.centre(line, p.cols[i], cutText(states[k], room))
				any = true
			}
		}
		if !any {
			return
		}
		p.emit(line)
	}
}

func (p *sheet) footer() {
	if len(p.under) > 0 {
		p.lines = append(p.lines, "")
	}
	for _, u := range p.under {
		p.wrapped(u, "   ", "   ")
	}
}

// row writes one row of the story.
func (p *sheet) row(r row, at string) {
	switch r.kind {
	case arrowRow:
		for _, n := range r.sent {
			p.note(n, "")
		}
		p.arrow(r, at)
		for _, n := range r.got {
			p.note(n, "")
		}
	case arrivalRow, noteRow:
		for _, n := range r.got {
			p.note(n, at)
			at = ""
		}
	case wireRow:
		p.across('┄', at, r.text, true)
	case foldRow:
		p.across(railBreak, at, r.text, false)
	}
}

func (p *sheet) breakLine(text string) { p.across(railBreak, "", text, false) }

// across writes a text between the outer rails. The rails become mark, or
// with ruled the space between them is filled with it.
func (p *sheet) across(mark rune, at, text string, ruled bool) {
	first, last := p.cols[0], p.cols[len(p.cols)-1]
	for _, part := range wrap(text, last-first-6) {
		line := p.blank()
		p.timeLabel(line, at)
		at = ""
		for c := first; c <= last; c++ {
			if ruled || p.isRail(c) {
				line[c] = mark
			}
		}
		n := utf8.RuneCountInString(part)
		put(line, (first+last-n)/2-1, " "+part+" ")
		p.emit(line)
	}
}

func (p *sheet) isRail(c int) bool {
	for _, x := range p.cols {
		if x == c {
			return true
		}
	}
	return false
}

// note writes a state on its rail, or a call beside it.
func (p *sheet) note(n note, at string) {
	if n.rail < 0 {
		return
	}
	line := p.blank()
	p.timeLabel(line, at)
	col := p.cols[n.rail]
	if n.kind != callNote {
		p.down[n.rail] = p.down[n.rail] && !n.up || n.down
		text := cutText(n.text, p.width-p.time)
		if at != "" { // clear of the time
			col = max(col, utf8.RuneCountInString(at)+1+utf8.RuneCountInString(text)/2)
		}
		p.centre(line, col, text)
		p.emit(line)
		return
	}
	text := n.text
	if n.detail != "" {
		text += "   " + n.detail
	}
	if n.rail == len(p.rails)-1 { // the last rail has its notes on the left
		room := col - 2 - p.time
		text = cutCall(n, text, room)
		put(line, col-1-utf8.RuneCountInString(text), text)
	} else {
		put(line, col+2, cutCall(n, text, p.width-col-2))
	}
	p.emit(line)
}

// cutCall shortens the call and keeps its place, if both do not fit.
func cutCall(n note, text string, room int) string {
	if utf8.RuneCountInString(text) <= room || n.detail == "" {
		return cutText(text, room)
	}
	return cutText(n.text, max(1, room-len(n.detail)-3)) + "   " + n.detail
}

// arrow writes a packet.
func (p *sheet) arrow(r row, at string) {
	line := p.blank()
	p.timeLabel(line, at)
	label, remark := r.label, r.remark
	if r.tag != "" {
		label = r.tag + "  " + label
	}
	for _, t := range r.to {
		if r.late && !t.lost && t.at-r.at >= p.opts.silence()/1000 {
			if remark != "" {
				remark += ", "
			}
			remark += "arrives " + since(t.at)
			break
		}
	}
	lo, hi := p.width, 0 // where the label may stand
	for _, t := range p.farFirst(r) {
		a, b := p.shaft(line, r, t)
		lo, hi = min(lo, a), max(hi, b)
	}
	if lo > hi {
		lo, hi = p.cols[0], p.cols[len(p.cols)-1]
	}
	full := label
	if remark != "" {
		full += "   " + remark
	}
	room := hi - lo - 6
	at0 := lo + 5
	if n := utf8.RuneCountInString(full); n > room-3 && (n <= room || utf8.RuneCountInString(label) > room-3) {
		at0 = lo + 2
	}
	switch n := utf8.RuneCountInString; {
	case n(full) <= room:
		put(line, at0, " "+full+" ")
		remark = ""
	case n(label) <= room:
		put(line, at0, " "+label+" ")
	default: // on lines of its own, above
		for _, part := range wrap(label, max(20, room+6)) {
			above := p.blank()
			put(above, min(lo+2, p.width-n(part)), part)
			p.emit(above)
		}
	}
	p.emit(line)
	if remark != "" {
		for _, part := range wrap(remark, max(20, room+2)) {
			below := p.blank()
			put(below, min(lo+6, p.width-utf8.RuneCountInString(part)), part)
			p.emit(below)
		}
	}
}

// farFirst orders the copies of a packet so that the heads of shorter arrows
// are drawn over the shafts of longer ones.
func (p *sheet) farFirst(r row) []target {
	far := func(t target) int {
		a, b := p.ends(r, t)
		return max(a, b) - min(a, b)
	}
	to := slices.Clone(r.to)
	slices.SortStableFunc(to, func(x, y target) int { return far(y) - far(x) })
	return to
}

// shaft draws the line of one copy of a packet and returns its two columns.
func (p *sheet) shaft(line []rune, r row, t target) (lo, hi int) {
	from, to := p.ends(r, t)
	a, b := from, to
	step, tail, head := 1, '├', '►'
	if to < from {
		step, tail, head = -1, '┤', '◄'
	}
	if r.from < 0 {
		tail = '◇'
	}
	stop := b - step // where the head stands
	if t.hub {
		line[b] = '◇'
	}
	if t.lost || t.open {
		head = '╳'
		if t.open {
			head = '…'
		}
		stop = b - 3*step
	}
	line[a] = tail
	for c := a + step; c != stop; c += step {
		if p.isRail(c) {
			line[c] = '┼'
		} else {
			line[c] = '─'
		}
	}
	line[stop] = head
	return min(a, b), max(a, b)
}

// ends returns the columns between which an arrow goes. The hub stands on the
// way to the neighbour of the rail that it talks with; what goes to nobody
// goes towards a neighbour.
func (p *sheet) ends(r row, t target) (from, to int) {
	a, b := r.between(t, len(p.cols))
	from, to = p.cols[a], p.cols[b]
	switch hub := int(lostAt * float64(to-from)); {
	case r.from < 0:
		return to - hub, to
	case t.hub:
		return from, from + hub
	}
	return from, to
}

// between returns the rails between which an arrow goes, of n: where an end is
// the hub or nobody, the neighbour of the other stands for it.
func (r row) between(t target, n int) (from, to int) {
	neighbour := func(i int) int {
		if i < n-1 {
			return i + 1
		}
		return i - 1
	}
	switch {
	case r.from < 0 && t.rail < 0:
		return 0, 1
	case r.from < 0:
		return neighbour(t.rail), t.rail
	case t.rail < 0 || t.rail == r.from:
		return r.from, neighbour(r.from)
	}
	return r.from, t.rail
}

func (p *sheet) space() []rune {
	line := make([]rune, p.width)
	for i := range line {
		line[i] = ' '
	}
	return line
}

// blank is a line with only the rails.
func (p *sheet) blank() []rune {
	line := p.space()
	for i, c := range p.cols {
		line[c] = railUp
		if p.down[i] {
			line[c] = railDown
		}
	}
	return line
}

func (p *sheet) timeLabel(line []rune, at string) { put(line, 0, cutText(at, p.cols[0]-1)) }

// centre puts s around a column, moved as far as the edges demand.
func (p *sheet) centre(line []rune, col int, s string) {
	n := utf8.RuneCountInString(s)
	put(line, max(0, min(col-n/2, p.width-n)), s)
}

func (p *sheet) emit(line []rune) {
	p.lines = append(p.lines, strings.TrimRight(string(line), " "))
}

func (p *sheet) wrapped(s, first, next string) {
	for i, part := range wrap(s, p.width-len(first)) {
		if i > 0 {
			first = next
		}
		p.lines = append(p.lines, first+part)
	}
}
