// Package diagram draws what package trace found out: the ladder of packets
// between hosts, the TCP state diagram with the way taken, the queues of
// sockets, the backoff of retransmissions.
//
// Call [Ladder], [States], [Queues] or [Backoff]; each gives a [Picture],
// which is to be had as SVG, as PNG and as text. All three say the same; the
// same input always gives the same bytes. Nothing is said by colour alone.
//
// JupyterLab shows an SVG as an <img>: it sees no style of the page. So every
// picture brings its own light ground, which reads well in a dark theme too,
// asks only for generic fonts, and leaves room for the widest of them.
package diagram

import "strings"

// Picture is a finished drawing.
type Picture struct {
	Title string // a few words, for a list of pictures
	Desc  string // what is to be seen, in a sentence or more
	scene *scene
	text  []string
}

// Size is the width and height of the SVG in CSS pixels, and those of the PNG
// at scale 1.
func (p *Picture) Size() (width, height int) { return ceil(p.scene.w), ceil(p.scene.h) }

// Text returns the drawing in box characters, lines ended by \n.
func (p *Picture) Text() string {
	if len(p.text) == 0 {
		return ""
	}
	return strings.Join(p.text, "\n") + "\n"
}

// SVG returns the drawing as an SVG document.
func (p *Picture) SVG() []byte { return p.scene.svg(p.Title, p.Desc) }

// PNG returns the drawing as a PNG image, scale pixels for each of the SVG's.
// Pictures of more than 16 million pixels are drawn at a smaller scale.
func (p *Picture) PNG(scale float64) ([]byte, error) { return p.scene.png(scale) }

// TextWidth is how many columns a text takes unless Options say otherwise.
const TextWidth = 100

// MinTextWidth is the least that can be asked for.
const MinTextWidth = 40

func textWidth(w int) int {
	if w == 0 {
		return TextWidth
	}
	return max(w, MinTextWidth)
}
