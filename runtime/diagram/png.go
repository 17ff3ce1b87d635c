package diagram

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strconv"
	"strings"
	"sync"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// maxPixels bounds the memory of a PNG, at four bytes a pixel.
const maxPixels = 16 << 20

// raster draws a scene into an image, with Go's own fonts.
type raster struct {
	img   *image.RGBA
	scale float64
	faces map[faceKey]xfont.Face
	err   error // the first
}

type faceKey struct {
	font font
	size float64
}

func (s *scene) png(scale float64) ([]byte, error) {
	if !(scale > 0) { // NaN too
		return nil, fmt.Errorf("draw PNG: scale %v is not above zero", scale)
	}
	if s.w*s.h*scale*scale > maxPixels {
		scale = math.Sqrt(maxPixels / (s.w * s.h))
	}
	r := &raster{img: image.NewRGBA(image.Rect(0, 0, max(1, int(s.w*scale)), max(1, int(s.h*scale)))), scale: scale, faces: map[faceKey]xfont.Face{}}
	draw.Draw(r.img, r.img.Bounds(), image.NewUniform(rgb(paper)), image.Point{}, draw.Src)
	r.item(rect{0.5, 0.5, s.w - 1, s.h - 1, 0, "", stroke{color: frame, width: 1}})
	for _, i := range s.items {
		r.item(i)
	}
	if r.err != nil {
		return nil, fmt.Errorf("draw PNG: %w", r.err)
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, paletted(r.img)); err != nil {
		return nil, fmt.Errorf("encode PNG: %w", err)
	}
	return b.Bytes(), nil
}

// shades are the colours of a PNG: every ink, and each in steps between it and
// the paper, for the smooth edges of letters and lines.
var shades = sync.OnceValue(func() color.Palette {
	const steps = 18
	p := color.Palette{rgb(paper), rgb("#ffffff"), rgb(frame), rgb(faint)}
	for _, st := range walkStyles {
		p = append(p, rgb(st.tint))
	}
	ground := rgb(paper)
	for _, s := range append([]string{ink, muted, rule, red}, flowInks...) {
		c := rgb(s)
		for i := range steps {
			mix := func(a, b uint8) uint8 { return uint8((int(a)*(steps-1-i) + int(b)*i) / (steps - 1)) }
			p = append(p, color.RGBA{mix(c.R, ground.R), mix(c.G, ground.G), mix(c.B, ground.B), 255})
		}
	}
	return p[:min(len(p), 256)]
})

// paletted reduces an image to 256 colours, which a drawing with a handful of
// inks does not miss; it makes the file half as large and its encoding several
// times as fast. Five bits of each channel are enough to find a shade.
func paletted(img *image.RGBA) *image.Paletted {
	out := image.NewPaletted(img.Rect, shades())
	var index [1 << 15]int16 // place in the palette, plus one
	for i := 0; i < len(img.Pix); i += 4 {
		c := color.RGBA{img.Pix[i], img.Pix[i+1], img.Pix[i+2], 255}
		k := int(c.R>>3)<<10 | int(c.G>>3)<<5 | int(c.B>>3)
		if index[k] == 0 {
			index[k] = int16(out.Palette.Index(c)) + 1
		}
		out.Pix[i/4] = uint8(index[k] - 1)
	}
	return out
}

func rgb(s string) color.RGBA {
	v, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	if err != nil {
		return color.RGBA{A: 255}
	}
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

func (r *raster) item(i item) {
	switch i := i.(type) {
	case line:
		r.line(i.a, i.b, i.stroke)
	case curve:
		r.curve(i)
	case poly:
		r.fill(i.pts, i.fill)
	case rect:
		r.rect(i)
	case text:
		r.text(i)
	case group:
		for _, k := range i.items {
			r.item(k)
		}
	}
}

// fill paints a closed polygon, given in the scene's units.
func (r *raster) fill(pts []point, c string) {
	if len(pts) < 3 || c == "" {
		return
	}
	lo, hi := span(pts...)
	box := image.Rect(int(math.Floor(lo.x*r.scale)), int(math.Floor(lo.y*r.scale)), int(math.Ceil(hi.x*r.scale))+1, int(math.Ceil(hi.y*r.scale))+1)
	box = box.Intersect(r.img.Bounds()) // the rasterizer clips lines, not boxes
	if box.Empty() {
		return
	}
	z := vector.NewRasterizer(box.Dx(), box.Dy())
	to := func(p point) (x, y float32) {
		return float32(p.x*r.scale - float64(box.Min.X)), float32(p.y*r.scale - float64(box.Min.Y))
	}
	z.MoveTo(to(pts[0]))
	for _, p := range pts[1:] {
		z.LineTo(to(p))
	}
	z.ClosePath()
	z.Draw(r.img, box, image.NewUniform(rgb(c)), image.Point{})
}

// line draws a straight line, dash by dash.
func (r *raster) line(a, b point, s stroke) {
	if s.color == "" {
		return
	}
	length := math.Hypot(b.x-a.x, b.y-a.y)
	if length == 0 {
		return
	}
	u := point{(b.x - a.x) / length, (b.y - a.y) / length}
	piece := func(from, to float64) {
		r.segment(point{a.x + u.x*from, a.y + u.y*from}, point{a.x + u.x*to, a.y + u.y*to}, s)
	}
	if len(s.dash) == 0 {
		piece(0, length)
		return
	}
	for at, k := 0.0, 0; at < length; k++ {
		d := max(0.5, s.dash[k%len(s.dash)])
		if k%2 == 0 {
			piece(at, min(at+d, length))
		}
		at += d
	}
}

// segment draws a solid line pixel by pixel: how much of a pixel is covered
// follows from its distance to the line. A polygon would do too, but the
// rasterizer works on whole boxes, and that of a long slanted line is large.
func (r *raster) segment(a, b point, s stroke) {
	ax, ay, bx, by := a.x*r.scale, a.y*r.scale, b.x*r.scale, b.y*r.scale
	length, half := math.Hypot(bx-ax, by-ay), s.width*r.scale/2
	if length < 1e-6 {
		return
	}
	ux, uy := (bx-ax)/length, (by-ay)/length
	c := rgb(s.color)
	reach := half + 1
	steep := math.Abs(uy) > math.Abs(ux)
	lo, hi, cross := min(ax, bx)-reach, max(ax, bx)+reach, math.Abs(ux)
	if steep {
		lo, hi, cross = min(ay, by)-reach, max(ay, by)+reach, math.Abs(uy)
	}
	bounds := r.img.Bounds()
	lo, hi = max(lo, -reach), min(hi, float64(max(bounds.Dx(), bounds.Dy())))
	for i := int(math.Floor(lo)); i <= int(math.Ceil(hi)); i++ {
		// Where the line is at this column, or row if it is steep.
		f := float64(i) + 0.5
		mid := ay + (f-ax)*uy/nonzero(ux)
		if steep {
			mid = ax + (f-ay)*ux/nonzero(uy)
		}
		for k := int(math.Floor(mid - reach/cross)); k <= int(math.Ceil(mid+reach/cross)); k++ {
			x, y := i, k
			if steep {
				x, y = k, i
			}
			px, py := float64(x)+0.5-ax, float64(y)+0.5-ay
			along, off := px*ux+py*uy, math.Abs(py*ux-px*uy)
			cover := min(1, half+0.5-off) * min(1, along+0.5, length-along+0.5)
			if cover > 0 && half+0.5 > off && along > -0.5 && along < length+0.5 {
				r.blend(x, y, c, cover)
			}
		}
	}
}

func nonzero(f float64) float64 {
	if f == 0 {
		return 1
	}
	return f
}

// blend lays a colour over a pixel.
func (r *raster) blend(x, y int, c color.RGBA, cover float64) {
	if !(image.Point{x, y}).In(r.img.Bounds()) {
		return
	}
	i := r.img.PixOffset(x, y)
	p := r.img.Pix[i : i+3 : i+3]
	for k, v := range [3]uint8{c.R, c.G, c.B} {
		p[k] = uint8(float64(p[k])*(1-cover) + float64(v)*cover + 0.5)
	}
}

func (r *raster) curve(c curve) {
	const n = 32
	left, right := make([]point, 0, 2*n+2), make([]point, 0, n+1)
	prev := c.p[0]
	var run float64 // along the curve, for dashes
	for i := 0; i <= n; i++ {
		p, d := bezier(c.p, float64(i)/n)
		if len(c.dash) > 0 {
			if i > 0 {
				r.dashed(prev, p, c.stroke, &run)
			}
			prev = p
			continue
		}
		l := max(math.Hypot(d.x, d.y), 1e-9)
		nx, ny := -d.y/l*c.width/2, d.x/l*c.width/2
		left, right = append(left, point{p.x + nx, p.y + ny}), append(right, point{p.x - nx, p.y - ny})
	}
	for i := len(right) - 1; i >= 0; i-- {
		left = append(left, right[i])
	}
	r.fill(left, c.color)
}

// dashed draws a piece of a dashed curve; run is how much lies before it.
func (r *raster) dashed(a, b point, s stroke, run *float64) {
	length := math.Hypot(b.x-a.x, b.y-a.y)
	period := s.dash[0] + s.dash[len(s.dash)-1]
	for at := 0.0; at < length; at += 0.5 {
		if math.Mod(*run+at, period) < s.dash[0] {
			f, g := at/length, min(1, (at+0.5)/length)
			plain := s
			plain.dash = nil
			r.line(point{a.x + (b.x-a.x)*f, a.y + (b.y-a.y)*f}, point{a.x + (b.x-a.x)*g, a.y + (b.y-a.y)*g}, plain)
		}
	}
	*run += length
}

// bezier returns the point at t and the direction there.
func bezier(p [4]point, t float64) (at, dir point) {
	u := 1 - t
	mix := func(a, b, c, d float64) (float64, float64) {
		return u*u*u*a + 3*u*u*t*b + 3*u*t*t*c + t*t*t*d, 3*u*u*(b-a) + 6*u*t*(c-b) + 3*t*t*(d-c)
	}
	at.x, dir.x = mix(p[0].x, p[1].x, p[2].x, p[3].x)
	at.y, dir.y = mix(p[0].y, p[1].y, p[2].y, p[3].y)
	return at, dir
}

// outline returns the border of a rectangle with round corners.
func (i rect) outline(grow float64) []point {
	x, y, w, h, rad := i.x-grow, i.y-grow, i.w+2*grow, i.h+2*grow, min(i.r+grow, (i.w+2*grow)/2, (i.h+2*grow)/2)
	if i.r == 0 || rad <= 0 {
		return []point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}
	}
	var pts []point
	for k, c := range []point{{x + w - rad, y + h - rad}, {x + rad, y + h - rad}, {x + rad, y + rad}, {x + w - rad, y + rad}} {
		for s := range 9 {
			sin, cos := math.Sincos((float64(k) + float64(s)/8) * math.Pi / 2)
			pts = append(pts, point{c.x + rad*cos, c.y + rad*sin})
		}
	}
	return pts
}

func (r *raster) rect(i rect) {
	if i.color == "" {
		r.fill(i.outline(0), i.fill)
		return
	}
	if i.fill != "" && len(i.dash) == 0 { // a larger one behind makes the border
		r.fill(i.outline(i.width/2), i.color)
		r.fill(i.outline(-i.width/2), i.fill)
		return
	}
	r.fill(i.outline(0), i.fill)
	pts := i.outline(0)
	for k := range pts {
		r.line(pts[k], pts[(k+1)%len(pts)], i.stroke)
	}
}

var fontData = [...][]byte{sans: goregular.TTF, bold: gobold.TTF, italic: goitalic.TTF, mono: gomono.TTF}

func (r *raster) face(f font, size float64) xfont.Face {
	key := faceKey{f, size}
	if face, ok := r.faces[key]; ok {
		return face
	}
	var face xfont.Face
	parsed, err := opentype.Parse(fontData[f])
	if err == nil {
		face, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: size * r.scale, DPI: 72, Hinting: xfont.HintingNone})
	}
	if err != nil && r.err == nil {
		r.err = err
	}
	r.faces[key] = face
	return face
}

func (r *raster) text(t text) {
	face := r.face(t.font, t.size)
	if face == nil {
		return
	}
	s := strings.ReplaceAll(t.s, "\u00a0", " ")
	width := float64(xfont.MeasureString(face, s)) / 64
	x, y := t.at.x*r.scale-width*float64(t.anchor)/2, t.at.y*r.scale
	if t.halo {
		r.fill([]point{
			{x/r.scale - 2, t.at.y - 0.8*t.size}, {(x+width)/r.scale + 2, t.at.y - 0.8*t.size},
			{(x+width)/r.scale + 2, t.at.y + 0.25*t.size}, {x/r.scale - 2, t.at.y + 0.25*t.size}}, paper)
	}
	d := xfont.Drawer{Dst: r.img, Src: image.NewUniform(rgb(t.color)), Face: face, Dot: fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(y * 64)}}
	d.DrawString(s)
}
