package diagram

import (
	"strings"
	"unicode/utf8"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// rowBuilder turns events into rows.
type rowBuilder struct {
	*story
	show   []bool
	called map[int]bool      // calls that have a place already
	acks   map[[2]int]uint32 // flow and side → last ACK number shown
	hidden []int             // packets left out since the last row
	unsaid []int             // states entered meanwhile
	open   int               // the row whose packet has just left and not arrived, -1
}

func (b *rowBuilder) build() {
	for _, c := range b.t.States {
		if c.Inferred {
			b.guessed = true
		} else {
			b.asked = true
		}
	}
	for _, f := range b.t.Flows {
		if f.Kind == packet.TCP && (f.Initial[0] != wire.Closed || f.Initial[1] != wire.Closed) && !b.asked {
			b.guessed = true
		}
	}
	for _, e := range b.t.Events() {
		switch e.Kind {
		case trace.PacketSent:
			b.packetSent(e.Index)
		case trace.PacketArrived:
			b.packetArrived(e)
		case trace.StateEntered:
			b.state(e.Index)
		case trace.MarkMade:
			b.mark(e.Index)
		case trace.CallBegan, trace.CallEnded:
			b.call(e)
		}
	}
	b.unfold()
	b.rows = foldCalls(b.rows)
}

// foldCalls leaves out the middle of long runs of calls between which no packet
// is drawn.
func foldCalls(rows []row) []row {
	const head, tail, most = 12, 6, 24
	isCall := func(r row) bool {
		return r.kind == noteRow && len(r.got) == 1 && r.got[0].kind == callNote
	}
	var out []row
	for i := 0; i < len(rows); {
		n := 0
		for i+n < len(rows) && isCall(rows[i+n]) {
			n++
		}
		if n <= most {
			out = append(out, rows[i:i+max(n, 1)]...)
			i += max(n, 1)
			continue
		}
		out = append(out, rows[i:i+head]...)
		out = append(out, row{kind: foldRow, at: rows[i+head].at, text: "… " + plural(n-head-tail, "more call"), packet: -1})
		out = append(out, rows[i+n-tail:i+n]...)
		i += n
	}
	return out
}

// unfold ends a stretch of packets that were left out.
func (b *rowBuilder) unfold() {
	if len(b.hidden) > 0 {
		b.rows = append(b.rows, row{kind: foldRow, at: b.t.Packets[b.hidden[0]].At, text: b.folded(b.hidden), packet: -1})
		b.hidden = nil
	}
	// Of the states that were entered meanwhile, the last of each socket that
	// is not done with.
	last := map[[2]int]int{}
	for _, i := range b.unsaid {
		last[[2]int{b.t.States[i].Flow, b.t.States[i].Side}] = i
	}
	var notes []note
	for _, i := range b.unsaid {
		c := &b.t.States[i]
		if r := b.rail(c.Host); last[[2]int{c.Flow, c.Side}] == i && r >= 0 && b.drawnLater(c) && len(notes) < 6 {
			notes = append(notes, note{rail: r, kind: stateNote, text: b.stateText(c)})
		}
	}
	b.unsaid = nil
	for _, n := range notes {
		b.rows = append(b.rows, row{kind: noteRow, at: b.rows[len(b.rows)-1].at, got: []note{n}, packet: -1})
	}
}

// drawnLater tells whether a flow has packets after a state change that are
// drawn.
func (b *rowBuilder) drawnLater(c *trace.StateChange) bool {
	for _, i := range b.t.Flows[c.Flow].Packets {
		if b.show[i] && b.t.Packets[i].At > c.At {
			return true
		}
	}
	return false
}

func (b *rowBuilder) packetSent(i int) {
	p := &b.t.Packets[i]
	if !b.show[i] {
		b.hidden = append(b.hidden, i)
		b.open = -1
		return
	}
	pending := b.takePending(i)
	b.unfold()
	r := row{kind: arrowRow, at: p.At, packet: i, from: b.rail(p.From), tag: b.tag(p.Flow), sent: pending}
	for _, a := range p.Arrivals {
		if to := b.rail(a.To); to >= 0 || len(p.Arrivals) == 1 {
			r.to = append(r.to, target{rail: to, hub: a.To == trace.Hub && a.Fate == wire.Delivered, at: a.At,
				lost: a.Fate == wire.Dropped || a.Fate == wire.Refused, open: a.Fate == wire.UnderWay})
		}
	}
	if p.TCP != nil {
		key := [2]int{p.Flow, p.Side}
		old, known := b.acks[key]
		r.label = describe(b.t, p, known && old != p.Ack || p.TCP.Flags&(packet.SYN|packet.RST) != 0, b.opts.Windows)
		b.acks[key] = p.Ack
	} else {
		r.label = describe(b.t, p, true, b.opts.Windows)
	}
	r.remark = remark(p)
	_, reset := p.Has(trace.ResetCause)
	r.bad = p.Lost() || reset
	if p.Call >= 0 && !b.called[p.Call] {
		b.called[p.Call] = true
		c := &b.t.Calls[p.Call]
		quick := c.Took() < b.opts.silence() && !c.End.IsZero() && !c.Failed
		r.sent = append([]note{callNoteOf(r.from, c, quick)}, r.sent...)
	}
	b.open = len(b.rows)
	b.rows = append(b.rows, r)
}

// takePending takes the states that a packet's sending caused; the events
// name them before the packet.
func (b *rowBuilder) takePending(packet int) []note {
	var notes []note
	rest := b.unsaid[:0]
	for _, i := range b.unsaid {
		c := &b.t.States[i]
		if c.Packet == packet && c.Sent {
			if r := b.rail(c.Host); r >= 0 {
				notes = append(notes, note{rail: r, kind: stateNote, text: b.stateText(c)})
			}
			continue
		}
		rest = append(rest, i)
	}
	b.unsaid = rest
	return notes
}

func (b *rowBuilder) packetArrived(e trace.Event) {
	if !b.show[e.Index] || len(b.rows) == 0 {
		return
	}
	if b.open >= 0 && b.rows[b.open].packet == e.Index {
		return // at once: the arrow's own row
	}
	rail := b.rail(b.t.Packets[e.Index].Arrivals[e.Copy].To)
	if rail < 0 {
		return
	}
	for i := range b.rows {
		if b.rows[i].packet == e.Index && b.rows[i].kind == arrowRow {
			b.rows[i].late = true
		}
	}
	b.rows = append(b.rows, row{kind: arrivalRow, at: e.At, packet: e.Index, from: rail})
	b.open = -1
}

func (b *rowBuilder) state(i int) {
	c := &b.t.States[i]
	r := b.rail(c.Host)
	if r < 0 {
		return
	}
	n := note{rail: r, kind: stateNote, text: b.stateText(c)}
	switch {
	case c.Packet >= 0 && !b.show[c.Packet]:
		b.unsaid = append(b.unsaid, i)
	case c.Packet >= 0 && c.Sent:
		b.unsaid = append(b.unsaid, i) // its packet comes next
	case c.Packet >= 0:
		for k := len(b.rows) - 1; k >= 0; k-- {
			if w := &b.rows[k]; w.packet == c.Packet && (w.kind == arrivalRow && w.from == r || w.kind == arrowRow && !w.late) {
				w.got = append(w.got, n)
				return
			}
		}
	case len(b.hidden) > 0:
		b.unsaid = append(b.unsaid, i)
	default:
		b.rows = append(b.rows, row{kind: noteRow, at: c.At, got: []note{n}, packet: -1})
	}
}

func (b *rowBuilder) mark(i int) {
	m := &b.t.Marks[i]
	b.unfold()
	if r := b.rail(m.HostIndex); r >= 0 {
		b.rows = append(b.rows, row{kind: noteRow, at: m.At, packet: -1,
			got: []note{{rail: r, kind: markNote, text: m.Text, down: m.Down, up: m.Up}}})
		return
	}
	b.rows = append(b.rows, row{kind: wireRow, at: m.At, text: m.Text, packet: -1})
}

// callNoteOf is a call beside its rail. Where it is long, its result goes before
// its place.
func callNoteOf(rail int, c *trace.Call, result bool) note {
	n := note{rail: rail, kind: callNote, text: callText(c, result), detail: place(c)}
	if result && c.Result != "" && utf8.RuneCountInString(n.text) > 36 {
		n.text = callText(c, false)
		n.detail = strings.TrimSuffix(c.Result+",  "+n.detail, ",  ")
	}
	return n
}

// call gives a row to a call that no packet is drawn for, or whose end is
// worth telling.
func (b *rowBuilder) call(e trace.Event) {
	c := &b.t.Calls[e.Index]
	r := b.rail(c.HostIndex)
	if r < 0 || len(b.hidden) > 0 {
		return
	}
	n := callNoteOf(r, c, true)
	at := c.EndedAt
	if e.Kind == trace.CallBegan {
		if !c.End.IsZero() {
			return
		}
		n.text, at = callText(c, false)+" …", c.BeganAt // still waits
	} else if b.called[e.Index] && !c.Failed && (c.Result == "" || c.Took() < b.opts.silence()) {
		return
	}
	b.called[e.Index] = true
	// An error that a packet has just brought stands beside that packet.
	b.rows = append(b.rows, row{kind: noteRow, at: at, got: []note{n}, packet: -1})
}
