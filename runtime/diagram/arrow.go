package diagram

import (
	"math"
	"strings"
)

// arrow is a packet on the page; y2 of a late one comes with its arrival.
type arrow struct {
	row            row
	x1, y1, x2, y2 float64
	to             target
	first          bool // the one of several copies that has the label
	hub            bool
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
