package diagram

import "math"

// The palette. All inks have a contrast of at least 4.5:1 on the paper.
const (
	paper  = "#fcfbf8"
	frame  = "#cfcabd"
	ink    = "#1d2129"
	muted  = "#5c6270"
	rule   = "#8a8f9a"
	faint  = "#e6e2d8"
	blue   = "#1d4f91"
	red    = "#ad1f23"
	green  = "#1b6a3a"
	amber  = "#8a4b00"
	violet = "#65318e"
	teal   = "#0b6270"
)

// flowInks tell the flows of one picture apart, besides their letters.
var flowInks = []string{blue, amber, green, violet, teal, "#7a1f4f"}

// scene is a drawing as simple shapes, ready for any renderer. Units are CSS
// pixels, y goes down.
type scene struct {
	w, h  float64
	items []item
}

type point struct{ x, y float64 }

// item is one of line, poly, rect, curve, text, group.
type item interface{ bounds() (lo, hi point) }

type stroke struct {
	color string // empty: no line
	width float64
	dash  []float64
}

type line struct {
	a, b point
	stroke
}

type poly struct { // closed
	pts  []point
	fill string
}

type rect struct {
	x, y, w, h, r float64 // r: radius of the corners
	fill          string
	stroke
}

type curve struct { // cubic Bézier
	p [4]point
	stroke
}

// anchor says which part of a text is at its x.
type anchor uint8

const (
	start anchor = iota
	middle
	end
)

type text struct {
	at     point // on the baseline
	s      string
	size   float64
	anchor anchor
	font   font
	color  string
	halo   bool // paper around the letters, where they stand on lines
}

// group is items with a title of their own, for readers of the SVG.
type group struct {
	title string
	items []item
}

func (s *scene) add(i ...item) { s.items = append(s.items, i...) }

func span(pts ...point) (lo, hi point) {
	lo, hi = pts[0], pts[0]
	for _, p := range pts[1:] {
		lo = point{min(lo.x, p.x), min(lo.y, p.y)}
		hi = point{max(hi.x, p.x), max(hi.y, p.y)}
	}
	return lo, hi
}

func (l line) bounds() (lo, hi point)  { return span(l.a, l.b) }
func (p poly) bounds() (lo, hi point)  { return span(p.pts...) }
func (r rect) bounds() (lo, hi point)  { return span(point{r.x, r.y}, point{r.x + r.w, r.y + r.h}) }
func (c curve) bounds() (lo, hi point) { return span(c.p[:]...) }

func (t text) bounds() (lo, hi point) {
	w := t.font.width(t.s, t.size)
	x := t.at.x - w*float64(t.anchor)/2
	return point{x, t.at.y - 0.8*t.size}, point{x + w, t.at.y + 0.25*t.size}
}

func (g group) bounds() (lo, hi point) {
	var pts []point
	for _, i := range g.items {
		a, b := i.bounds()
		pts = append(pts, a, b)
	}
	if pts == nil {
		return point{}, point{}
	}
	return span(pts...)
}

// arrowhead is a filled triangle whose tip is at tip, coming from from.
func arrowhead(from, tip point, size float64, color string) poly {
	d := math.Hypot(tip.x-from.x, tip.y-from.y)
	if d == 0 {
		d = 1
	}
	u := point{(tip.x - from.x) / d, (tip.y - from.y) / d}
	base := point{tip.x - u.x*size, tip.y - u.y*size}
	n := point{-u.y * size * 0.42, u.x * size * 0.42}
	return poly{[]point{tip, {base.x + n.x, base.y + n.y}, {base.x - n.x, base.y - n.y}}, color}
}

// cross is an ✕, the end of a packet that was lost.
func cross(at point, r float64, s stroke) []item {
	return []item{
		line{point{at.x - r, at.y - r}, point{at.x + r, at.y + r}, s},
		line{point{at.x - r, at.y + r}, point{at.x + r, at.y - r}, s},
	}
}

func ceil(f float64) int { return int(math.Ceil(f)) }
