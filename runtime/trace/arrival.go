package trace

import (
	"slices"
	"time"

	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// proveArrivals moves arrivals back before the answers that prove them. The
// hub takes the time of an arrival when it has handed the frame over, and by
// then the receiver's kernel may have answered; an answer cannot be sent
// before what it answers has arrived.
func (b *builder) proveArrivals() {
	sent := map[int][]int{} // host → its packets
	for i := range b.t.Packets {
		if p := &b.t.Packets[i]; p.From >= 0 && !p.Made {
			sent[p.From] = append(sent[p.From], i)
		}
	}
	for i := range b.t.Packets {
		p := &b.t.Packets[i]
		if len(p.Arrivals) != 1 || p.Arrivals[0].Fate != wire.Delivered {
			continue
		}
		a := &p.Arrivals[0]
		theirs := sent[a.To]
		first, _ := slices.BinarySearch(theirs, i)
		for _, j := range theirs[first:] {
			q := &b.t.Packets[j]
			if q.At >= a.At {
				break
			}
			if answers(q, p, a.At-q.At) {
				a.At = max(p.At, q.At-1)
				break
			}
		}
	}
}

// Within these times before its arrival is said to be, a packet that may be
// the answer counts as one: an ACK without data, and anything else.
const (
	prompt   = time.Millisecond
	handOver = 150 * time.Microsecond
)

// answers tells whether q, sent early before p is said to have arrived, shows
// that p was there already.
func answers(q, p *Packet, early time.Duration) bool {
	switch {
	case p.TCP == nil:
		return early < handOver
	case q.TCP == nil || q.Flow != p.Flow:
		return false
	case q.TCP.Flags.Has(packet.RST) && !q.TCP.Flags.Has(packet.ACK):
		return p.TCP.Flags.Has(packet.ACK) && q.TCP.Seq == p.TCP.Ack
	case !q.TCP.Flags.Has(packet.ACK):
		return false
	case p.TCP.Len() > 0 && !before(q.TCP.Ack, p.TCP.Seq+p.TCP.Len()):
		return true
	}
	// A probe has no bytes to acknowledge; bytes that were there before, or
	// that come after a gap, are acknowledged already or not yet.
	return q.TCP.Len() == 0 && early < prompt || p.TCP.Len() == 0 && early < handOver
}
