package trace

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// conversation is what is known of both sides of a TCP connection while its
// packets are gone through.
type conversation struct {
	half [2]half
}

// half is one side of a TCP connection. Sequence numbers are relative.
type half struct {
	known  bool // the initial sequence number is known
	syn    bool // its SYN was seen
	scale  int  // shift count offered, -1 none
	opened bool // it sent a SYN of its own accord
	sent   bool // something that takes sequence space was sent
	began  bool // it sent a SYN, alone or with an ACK
	next   uint32
	times  map[uint32]int // how often a segment starting here was sent
	acked  uint32         // highest ACK that the other side sent and this side got
	window int            // last window this side advertised; -1 not known
	ack    uint32         // last ACK number this side sent
	spoke  bool           // ack and window are set
	dups   int            // duplicate ACKs sent in a row
	probes int            // keepalives or window probes sent in a row
	// As receiver of the other side's bytes:
	got     uint32   // next byte expected; valid if gotAny
	gotAny  bool     //
	ahead   []extent // received beyond a gap
	last    int      // packet that arrived here last, -1
	gotData int64    // new bytes that arrived
	fin     bool     // sent a FIN
	reset   bool     // sent an RST
	dupsGot int      // duplicate ACKs that arrived here in a row
}

type extent struct{ from, to uint32 }

func before(a, b uint32) bool { return int32(a-b) < 0 } // sequence space wraps
func upTo(a, b uint32) bool   { return int32(a-b) <= 0 }

// sequence makes a packet's numbers relative and its window whole. It is
// called in the order of sending.
func (b *builder) sequence(f *Flow, i int) {
	p := &b.t.Packets[i]
	t := p.TCP
	if f.tcp == nil {
		f.tcp = &conversation{half: [2]half{newHalf(), newHalf()}}
		f.Midway = t.Flags&packet.SYN == 0
	}
	me, peer := &f.tcp.half[p.Side], &f.tcp.half[1-p.Side]
	syn := t.Flags.Has(packet.SYN)
	// An RST that refuses a SYN has sequence number 0 and says nothing about
	// where its sender would begin (RFC 9293 section 3.5.2).
	refusal := t.Flags.Has(packet.RST) && !me.known
	if syn && !me.syn {
		f.isn[p.Side], me.known, me.syn, me.scale = t.Seq, true, true, t.Options.WindowScale
	} else if !me.known && !refusal {
		f.isn[p.Side], me.known = t.Seq-1, true
	}
	if t.Flags.Has(packet.ACK) && !peer.known {
		f.isn[1-p.Side], peer.known = t.Ack-1, true
	}
	p.Seq = t.Seq - f.isn[p.Side]
	if refusal {
		p.Seq = 0
	}
	if t.Flags.Has(packet.ACK) {
		p.Ack = t.Ack - f.isn[1-p.Side]
	}
	p.Window = window(f, p, me, peer)
}

func newHalf() half {
	return half{scale: -1, window: -1, last: -1, times: map[uint32]int{}}
}

func window(f *Flow, p *Packet, me, peer *half) int {
	t := p.TCP
	if t.Flags.Has(packet.SYN) || t.Window == 0 {
		return int(t.Window) // never scaled in a SYN, RFC 7323 section 2.2
	}
	if !me.syn || !peer.syn {
		return -1
	}
	f.Scaled = true
	if me.scale < 0 || peer.scale < 0 {
		return int(t.Window)
	}
	return int(t.Window) << me.scale
}

// step is a packet leaving or arriving.
type step struct {
	at      time.Duration
	packet  int
	arrived bool
}

// converse goes through every TCP flow in the order of time and notes what
// each packet means.
func (b *builder) converse() {
	for fi := range b.t.Flows {
		f := &b.t.Flows[fi]
		m := newMachines(b, fi)
		for _, s := range b.steps(f) {
			p := &b.t.Packets[s.packet]
			if f.Kind != packet.TCP {
				if !s.arrived && p.UDP != nil {
					f.Bytes[p.Side] += int64(p.UDP.Size)
				}
				continue
			}
			if !s.arrived {
				b.sent(f, m, s.packet)
				m.leaves(s)
			} else {
				b.arrived(f, s.packet)
				m.arrives(s)
			}
		}
		if f.Kind == packet.TCP {
			m.untimed(math.MaxInt64)
		}
	}
	slices.SortStableFunc(b.t.States, func(x, y StateChange) int { return cmp.Compare(x.At, y.At) })
}

func (b *builder) steps(f *Flow) []step {
	var steps []step
	for _, i := range f.Packets {
		p := &b.t.Packets[i]
		steps = append(steps, step{at: p.At, packet: i})
		for _, a := range p.Arrivals {
			if a.Fate == wire.Delivered {
				steps = append(steps, step{at: a.At, packet: i, arrived: true})
			}
		}
	}
	slices.SortStableFunc(steps, func(x, y step) int { return cmp.Compare(x.at, y.at) })
	return steps
}

// sent notes what the sender meant by a packet.
func (b *builder) sent(f *Flow, m *machines, i int) {
	p := &b.t.Packets[i]
	t := p.TCP
	me, peer := &f.tcp.half[p.Side], &f.tcp.half[1-p.Side]
	note := func(k NoteKind, n int) { p.Notes = append(p.Notes, Note{Kind: k, N: n}) }
	if t.Flags.Has(packet.RST) {
		p.Notes = append(p.Notes, Note{Kind: ResetCause, Text: b.resetCause(f, m, i)})
		me.reset = true
		return
	}
	if p.Made && p.From >= 0 {
		note(Copy, 0)
		return
	}
	if f.Midway && !me.sent {
		me.acked = p.Seq
	}
	n, end := t.Len(), p.Seq+t.Len()
	if t.Flags.Has(packet.SYN) && !me.began {
		me.sent, me.began = false, true // what it sent before was of an older connection
	}
	probe := me.sent && t.Size <= 1 && t.Flags&(packet.SYN|packet.FIN) == 0 && p.Seq == me.next-1 && me.acked == me.next
	switch {
	case probe:
		me.probes++
		if peer.window == 0 {
			note(WindowProbe, me.probes)
		} else {
			note(Keepalive, me.probes)
		}
		return
	case me.opened && t.Flags.Has(packet.SYN|packet.ACK) && me.times[p.Seq] == 1:
		// Of a simultaneous open: its SYN again, now with an ACK.
	case n > 0 && me.sent && upTo(end, me.next):
		if peer.dups >= 3 && me.dupsGot >= 3 {
			note(FastRetransmit, 0)
		}
		note(Retransmission, max(1, me.times[p.Seq]))
	case n > 0 && me.sent && before(p.Seq, me.next):
		note(PartlyNew, 0)
	case n == 0:
		b.pureAck(p, me, peer, note)
	}
	if n > 0 {
		if t.Flags&(packet.SYN|packet.ACK) == packet.SYN {
			me.opened = true
			if peer.opened && len(p.Notes) == 0 {
				note(SimultaneousOpen, 0)
			}
		}
		if !me.sent || before(me.next, end) {
			f.Bytes[p.Side] += int64(min(end-me.next, uint32(t.Size)))
			if !me.sent {
				f.Bytes[p.Side] += int64(t.Size) - int64(min(end-me.next, uint32(t.Size)))
			}
			me.next, me.sent = end, true
		}
		me.times[p.Seq]++
		me.probes = 0
		if t.Size > 0 && peer.window > 0 && peer.spoke && end == peer.ack+uint32(peer.window) {
			note(FillsWindow, 0)
		}
		me.fin = me.fin || t.Flags.Has(packet.FIN)
	} else if !me.sent {
		me.next, me.sent = p.Seq, true
	}
	if t.Flags.Has(packet.ACK) {
		me.ack, me.window, me.spoke = p.Ack, p.Window, true
	}
}

// pureAck notes what an ACK without data is about.
func (b *builder) pureAck(p *Packet, me, peer *half, note func(NoteKind, int)) {
	if me.last >= 0 {
		q := &b.t.Packets[me.last]
		if q.TCP.Flags&(packet.SYN|packet.ACK) == packet.SYN && p.Ack != q.Seq+1 {
			note(ChallengeAck, 0)
		} else if _, ok := q.Has(Keepalive); ok {
			note(KeepaliveReply, 0)
		} else if _, ok := q.Has(WindowProbe); ok {
			note(ProbeReply, 0)
		}
		me.last = -1 // answered
	}
	again := me.spoke && p.Ack == me.ack
	switch {
	case p.Window == 0:
		note(ZeroWindow, 0)
	case again && me.window == 0:
		note(WindowOpens, 0)
	case again && len(p.Notes) == 0 && p.Window == me.window && peer.sent && before(p.Ack, peer.next):
		me.dups++
		note(DuplicateAck, me.dups)
		return
	}
	if !again {
		me.dups = 0
	}
}

// arrived notes what a packet meant to its receiver.
func (b *builder) arrived(f *Flow, i int) {
	p := &b.t.Packets[i]
	t := p.TCP
	me, peer := &f.tcp.half[p.Side], &f.tcp.half[1-p.Side]
	peer.last = i
	if t.Flags.Has(packet.ACK) && (me.sent || peer.sent) {
		if before(peer.acked, p.Ack) {
			peer.acked, peer.probes, peer.dupsGot = p.Ack, 0, 0
		}
		if _, ok := p.Has(KeepaliveReply); ok {
			peer.probes = 0
		}
		if _, ok := p.Has(DuplicateAck); ok {
			peer.dupsGot++
		}
	}
	n := t.Len()
	if n == 0 || t.Flags.Has(packet.RST) {
		return
	}
	if _, probe := p.Has(WindowProbe); probe {
		return
	}
	if _, probe := p.Has(Keepalive); probe {
		return
	}
	end := p.Seq + n
	switch {
	case !peer.gotAny:
		peer.got, peer.gotAny = end, true
		peer.gotData += int64(t.Size)
	case upTo(end, peer.got) && me.opened && t.Flags.Has(packet.SYN|packet.ACK) && me.times[p.Seq] <= 2:
	case t.Flags&(packet.SYN|packet.ACK) == packet.SYN && !peer.sent:
		// A listener with a full queue forgets what it does not answer.
		p.Notes = append(p.Notes, Note{Kind: Ignored})
	case t.Flags&(packet.SYN|packet.ACK) == packet.SYN && !peer.began:
		// One that still had an older connection answered with a challenge ACK.
	case upTo(end, peer.got):
		p.Notes = append(p.Notes, Note{Kind: Duplicate})
	case before(peer.got, p.Seq):
		if slices.ContainsFunc(peer.ahead, func(e extent) bool { return upTo(e.from, p.Seq) && upTo(end, e.to) }) {
			p.Notes = append(p.Notes, Note{Kind: Duplicate})
			return
		}
		p.Notes = append(p.Notes, Note{Kind: Gap, N: int(p.Seq - peer.got)})
		peer.ahead = append(peer.ahead, extent{p.Seq, end})
		peer.gotData += int64(t.Size)
	default:
		peer.gotData += int64(min(end-peer.got, uint32(t.Size)))
		peer.got = end
		peer.join()
	}
}

// join moves the next expected byte over what had arrived beyond it.
func (h *half) join() {
	slices.SortFunc(h.ahead, func(x, y extent) int { return int(int32(x.from - y.from)) })
	for len(h.ahead) > 0 && upTo(h.ahead[0].from, h.got) {
		if before(h.got, h.ahead[0].to) {
			h.got = h.ahead[0].to
		}
		h.ahead = h.ahead[1:]
	}
}

// resetCause concludes why an RST was sent (RFC 9293 section 3.5.2 and
// section 3.10.7; for resets of Linux's own accord tcp_send_active_reset).
func (b *builder) resetCause(f *Flow, m *machines, i int) string {
	p := &b.t.Packets[i]
	me := &f.tcp.half[p.Side]
	var trigger *Packet
	if me.last >= 0 {
		trigger = &b.t.Packets[me.last]
	}
	port := f.Ends[p.Side].Addr.Port()
	host := "the hub"
	if h := f.Ends[p.Side].Host; h >= 0 {
		host = b.t.Hosts[h].Name
	}
	syn := trigger != nil && trigger.TCP.Flags&(packet.SYN|packet.ACK) == packet.SYN
	state := m.state[p.Side]
	switch {
	case p.Made:
		return "made by the wire"
	case syn && !me.sent && p.TCP.Flags.Has(packet.ACK):
		return fmt.Sprintf("nothing listens on port %d", port)
	case p.TCP.Flags.Has(packet.ACK):
		return b.activeReset(f, p.Side, me)
	case me.reset:
		return "the connection was reset already"
	case me.fin:
		return "the socket was closed already"
	case me.syn && !m.been[p.Side] && b.overflowed(f, p.Side, trigger):
		return "the accept queue is full"
	case state == wire.SynSent:
		return "not the answer to its SYN"
	case trigger != nil:
		return host + " has no such connection"
	}
	return "no such connection"
}

// overflowed tells whether an ACK met a half-open connection, as its host says:
// an RST is then the answer of a listener whose accept queue is full, with
// tcp_abort_on_overflow. Without that option Linux is silent.
func (b *builder) overflowed(f *Flow, side int, trigger *Packet) bool {
	if trigger == nil || trigger.TCP.Flags != packet.ACK || trigger.TCP.Size > 0 {
		return false
	}
	return slices.ContainsFunc(b.in.Frames[trigger.Frame].Before, func(s wire.Sample) bool {
		return sideOf(f, s) == side && s.State == wire.SynRecv
	})
}

// activeReset explains an RST that its sender was not asked for. The packets
// alone do not tell SO_LINGER from a listener that was closed before it
// accepted; the calls do, if they are known.
func (b *builder) activeReset(f *Flow, side int, me *half) string {
	accepted := side == 0 || b.acceptKnown(f, side)
	switch {
	case me.probes == 1:
		return "gave up after 1 probe"
	case me.probes > 0:
		return fmt.Sprintf("gave up after %d probes", me.probes)
	case me.gotData > 0:
		return "closed with data not read, or SO_LINGER 0"
	case accepted:
		return "closed with SO_LINGER 0"
	}
	return "closed before accept, or SO_LINGER 0"
}

// acceptKnown tells whether an accept returned this side's connection.
func (b *builder) acceptKnown(f *Flow, side int) bool {
	for i := range b.t.Calls {
		c := &b.t.Calls[i]
		if c.Kind == Accept && !c.Failed && c.HostIndex == f.Ends[side].Host && c.Remote == f.Ends[1-side].Addr {
			return true
		}
	}
	return false
}
