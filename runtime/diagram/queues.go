package diagram

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// Socket is what a picture of queues needs to know of one socket. A listening
// socket has Backlog and the two queues before accept; a connected one has the
// two buffers. All sizes of buffers are in bytes.
type Socket struct {
	Host      string
	Name      string // "10.0.0.1:7777", "10.0.0.1:7777 ← 10.0.0.2:41522"
	State     string
	Listening bool

	// Of a listening socket: connections that wait for accept, and how many
	// may (listen(fd, n) on Linux: n+1); connections whose handshake is not
	// complete, and how many may be (0: not known).
	Accept, AcceptMax int
	SYN, SYNMax       int

	// Of a connected socket: bytes received and not read, and the size of the
	// buffer (SO_RCVBUF); bytes sent and not acknowledged, bytes not sent yet,
	// and the size of the buffer (SO_SNDBUF). A size of 0 is not known.
	Unread, RecvBuf          int
	Unacked, Unsent, SendBuf int
}

// slots is how many places of a queue are drawn one by one.
const slots = 16

// queue is one row of the picture: a heading and its parts.
type queue struct {
	label string
	parts []part
	size  int // 0: not known
	unit  string
	dots  bool // one mark for each, as long as there are few
}

type part struct {
	n     int
	name  string
	fill  string
	mark  rune // in text
	hatch int  // how the part is told apart without colour: 0 plain, 1 stripes
}

func (q queue) used() int {
	n := 0
	for _, p := range q.parts {
		n += p.n
	}
	return n
}

// words says what a queue holds: "2 of 3 connections: full".
func (q queue) words() string {
	var parts []string
	for _, p := range q.parts {
		if len(q.parts) > 1 {
			parts = append(parts, fmt.Sprintf("%s %s", thousands(p.n), p.name))
		}
	}
	s := fmt.Sprintf("%s%s", thousands(q.used()), q.unit)
	if q.size > 0 {
		s = fmt.Sprintf("%s of %s%s", thousands(q.used()), thousands(q.size), q.unit)
	}
	if len(parts) > 0 && q.used() > 0 {
		s += " (" + strings.Join(parts, ", ") + ")"
	}
	if q.size > 0 && q.used() >= q.size {
		s += ": full"
	}
	return s
}

func (s Socket) queues() []queue {
	for _, n := range []*int{&s.Accept, &s.AcceptMax, &s.SYN, &s.SYNMax, &s.Unread, &s.RecvBuf, &s.Unacked, &s.Unsent, &s.SendBuf} {
		*n = max(*n, 0)
	}
	if s.Listening {
		return []queue{
			{label: "SYN queue", parts: []part{{n: s.SYN, name: "half-open", fill: amber, mark: '◌', hatch: 1}}, size: s.SYNMax, unit: " half-open", dots: true},
			{label: "accept queue", parts: []part{{n: s.Accept, name: "waiting for accept", fill: blue, mark: '●'}}, size: s.AcceptMax, unit: " waiting for accept", dots: true},
		}
	}
	return []queue{
		{label: "send buffer", parts: []part{{n: s.Unacked, name: "B sent, not acknowledged", fill: amber, mark: '▒', hatch: 1},
			{n: s.Unsent, name: "B not sent yet", fill: blue, mark: '█'}}, size: s.SendBuf, unit: " B"},
		{label: "receive buffer", parts: []part{{n: s.Unread, name: "B not read", fill: blue, mark: '█'}}, size: s.RecvBuf, unit: " B"},
	}
}

func (s Socket) heading() string {
	return strings.TrimSpace(strings.Join([]string{s.Host, s.Name, s.State}, "  "))
}

// Queues draws what stands in the queues of sockets: of listening ones the
// connections before accept, of connected ones the bytes in the two buffers.
// At most 50 sockets are drawn.
func Queues(sockets []Socket, o Options) *Picture {
	const most = 50
	title := o.Title
	if title == "" {
		title = "Queues of " + plural(len(sockets), "socket")
	}
	more := ""
	if len(sockets) > most {
		more = fmt.Sprintf("and %s", plural(len(sockets)-most, "more socket"))
		sockets = sockets[:most]
	}
	width := textWidth(o.TextWidth)
	lines := append(wrap(title, width), "")
	var desc []string
	for _, s := range sockets {
		lines = append(lines, wrap(s.heading(), width)...)
		for _, q := range s.queues() {
			lines = append(lines, q.write(width)...)
			desc = append(desc, fmt.Sprintf("%s %s: %s", s.heading(), q.label, q.words()))
		}
		lines = append(lines, "")
	}
	if more != "" {
		lines = append(lines, more)
	} else {
		lines = lines[:len(lines)-1]
	}
	return &Picture{Title: title, Desc: strings.Join(desc, ". "), scene: drawQueues(title, sockets, more), text: lines}
}

// write draws a queue in characters: "accept queue   ●●●  3 of 3: full".
func (q queue) write(width int) []string {
	room := min(30, width/3)
	var bar strings.Builder
	scale := 1.0
	total := max(q.size, q.used())
	if !q.dots || total > room {
		scale = float64(room) / float64(max(1, total))
	}
	drawn := 0
	for _, p := range q.parts {
		n := int(math.Round(float64(p.n) * scale))
		if p.n > 0 {
			n = max(n, 1) // a little is not nothing
		}
		n = min(n, room-drawn)
		bar.WriteString(strings.Repeat(string(p.mark), n))
		drawn += n
	}
	free := int(math.Round(float64(total)*scale)) - drawn
	bar.WriteString(strings.Repeat("·", max(0, free)))
	head := fmt.Sprintf("  %-15s [%s]", q.label, bar.String())
	if utf8.RuneCountInString(head)+1+utf8.RuneCountInString(q.words()) <= width {
		return []string{head + " " + q.words()}
	}
	lines := []string{head}
	for _, p := range wrap(q.words(), width-18) {
		lines = append(lines, strings.Repeat(" ", 18)+p)
	}
	return lines
}

func drawQueues(title string, sockets []Socket, more string) *scene {
	const left, barX, barW, h = pad, 150.0, 420.0, 22.0
	s := &scene{}
	s.add(text{point{left, 30}, bold.shorten(title, 14, 640), 14, start, bold, ink, false})
	y := 44.0
	for _, k := range sockets {
		y += 22
		s.add(text{point{left, y}, bold.shorten(k.heading(), 12.5, 640), 12.5, start, bold, ink, false})
		y += 10
		for _, q := range k.queues() {
			s.add(text{point{barX - 12, y + 15}, q.label, noteSize, end, sans, ink, false})
			q.draw(s, barX, y, barW, h)
			y += h + 5
			for _, l := range wrapWidth(q.words(), sans, noteSize, barW) {
				y += 13
				s.add(text{point{barX, y}, l, noteSize, start, sans, muted, false})
			}
			y += 11
		}
		s.add(line{point{left, y}, point{barX + barW, y}, stroke{faint, 1, nil}})
	}
	if more != "" {
		y += 20
		s.add(text{point{left, y}, more, noteSize, start, italic, muted, false})
	}
	s.w, s.h = barX+barW+pad, y+16
	return s
}

// draw draws a queue as places, or as a bar if there are too many.
func (q queue) draw(s *scene, x, y, w, h float64) {
	total := max(q.size, q.used(), 1)
	full := q.size > 0 && q.used() >= q.size
	border := stroke{ink, 1.2, nil}
	if full {
		border.width = 2.4
	}
	if q.dots && total <= slots {
		const slot = 26.0
		i := 0
		for _, p := range q.parts {
			for range p.n {
				c := point{x + slot*float64(i) + slot/2, y + h/2}
				s.add(rect{c.x - 11, y, 22, h, 3, "#ffffff", border})
				mark := rect{c.x - 7, c.y - 7, 14, 14, 7, p.fill, stroke{}}
				if p.hatch > 0 { // a ring: not complete
					mark = rect{c.x - 6, c.y - 6, 12, 12, 6, "#ffffff", stroke{p.fill, 2.6, nil}}
				}
				s.add(mark)
				i++
			}
		}
		for ; i < q.size; i++ {
			s.add(rect{x + slot*float64(i) + 2, y, 22, h, 3, "#ffffff", stroke{rule, 1, []float64{3, 3}}})
		}
		return
	}
	s.add(rect{x, y, w, h, 0, "#ffffff", border})
	at := x
	for _, p := range q.parts {
		pw := float64(p.n) / float64(total) * w
		if p.n > 0 {
			pw = max(pw, 2)
		}
		pw = min(pw, x+w-at)
		if pw <= 0 {
			continue
		}
		if p.hatch == 0 {
			s.add(rect{at, y + 1.5, pw, h - 3, 0, p.fill, stroke{}})
		} else {
			s.add(rect{at, y + 1.5, pw, h - 3, 0, "#f6e8d6", stroke{}})
			for k := at + 4; k < at+pw; k += 6 {
				s.add(line{point{k, y + 2}, point{k, y + h - 2}, stroke{p.fill, 2, nil}})
			}
		}
		at += pw
	}
}
