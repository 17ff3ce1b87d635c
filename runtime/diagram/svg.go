package diagram

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// svg writes the scene as an SVG 1.1 document that needs nothing but itself.
func (s *scene) svg(title, desc string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" aria-label="%s" font-family="sans-serif">`+"\n",
		num(s.w), num(s.h), num(s.w), num(s.h), escape(title))
	fmt.Fprintf(&b, "<title>%s</title>\n<desc>%s</desc>\n", escape(title), escape(desc))
	svgItem(&b, rect{0.5, 0.5, s.w - 1, s.h - 1, 8, paper, stroke{color: frame, width: 1}})
	for _, i := range s.items {
		svgItem(&b, i)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func svgItem(b *bytes.Buffer, i item) {
	switch i := i.(type) {
	case line:
		fmt.Fprintf(b, `<path d="M%s %sL%s %s"%s/>`+"\n", num(i.a.x), num(i.a.y), num(i.b.x), num(i.b.y), svgStroke(i.stroke))
	case curve:
		fmt.Fprintf(b, `<path d="M%s %sC%s %s %s %s %s %s" fill="none"%s/>`+"\n", num(i.p[0].x), num(i.p[0].y), num(i.p[1].x), num(i.p[1].y),
			num(i.p[2].x), num(i.p[2].y), num(i.p[3].x), num(i.p[3].y), svgStroke(i.stroke))
	case poly:
		b.WriteString(`<path d="`)
		for k, p := range i.pts {
			fmt.Fprintf(b, "%c%s %s", "ML"[min(k, 1)], num(p.x), num(p.y))
		}
		fmt.Fprintf(b, `Z" fill="%s"/>`+"\n", i.fill)
	case rect:
		fill := i.fill
		if fill == "" {
			fill = "none"
		}
		fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s" rx="%s" fill="%s"%s/>`+"\n", num(i.x), num(i.y), num(i.w), num(i.h), num(i.r), fill, svgStroke(i.stroke))
	case text:
		svgText(b, i)
	case group:
		fmt.Fprintf(b, "<g><title>%s</title>\n", escape(i.title))
		for _, k := range i.items {
			svgItem(b, k)
		}
		b.WriteString("</g>\n")
	}
}

func svgStroke(s stroke) string {
	if s.color == "" {
		return ""
	}
	out := fmt.Sprintf(` stroke="%s"`, s.color)
	if s.width != 1 {
		out += fmt.Sprintf(` stroke-width="%s"`, num(s.width))
	}
	if len(s.dash) > 0 {
		var d []string
		for _, f := range s.dash {
			d = append(d, num(f))
		}
		out += fmt.Sprintf(` stroke-dasharray="%s"`, strings.Join(d, " "))
	}
	return out
}

var (
	anchorNames = [...]string{start: "", middle: ` text-anchor="middle"`, end: ` text-anchor="end"`}
	fontAttrs   = [...]string{sans: "", bold: ` font-weight="bold"`, italic: ` font-style="italic"`, mono: ` font-family="monospace"`}
)

func svgText(b *bytes.Buffer, t text) {
	halo := ""
	if t.halo {
		halo = fmt.Sprintf(` stroke="%s" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`, paper)
	}
	fmt.Fprintf(b, `<text x="%s" y="%s" font-size="%s" fill="%s"%s%s%s>%s</text>`+"\n", num(t.at.x), num(t.at.y), num(t.size), t.color,
		anchorNames[t.anchor], fontAttrs[t.font], halo, escape(keepSpaces(t.s)))
}

// keepSpaces makes runs of spaces survive: SVG would join them into one.
func keepSpaces(s string) string { return strings.ReplaceAll(s, "  ", "\u00a0 ") }

func escape(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil { // a Buffer's Write does not fail
		return ""
	}
	return b.String()
}

// num writes a coordinate with at most one digit after the point.
func num(f float64) string {
	s := strconv.FormatFloat(f, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if s == "-0" {
		return "0"
	}
	return s
}
