package trace

import (
	"slices"
	"time"

	"sockbook/runtime/wire"
)

// cut takes away what happened before Input.From: it served to know what came
// after. Flows go too of which only states are left: those of a connection that
// has nothing to do with what happened.
func (b *builder) cut() {
	if b.in.From.IsZero() {
		return
	}
	t := b.t
	for _, m := range t.Marks {
		if m.At >= 0 || m.HostIndex < 0 {
			continue
		}
		delete(t.DownBefore, m.HostIndex)
		if m.Down {
			if t.DownBefore == nil {
				t.DownBefore = map[int]string{}
			}
			t.DownBefore[m.HostIndex] = m.Text
		}
	}
	if !b.in.CallsFrom.IsZero() {
		t.first = min(0, t.SinceStart(b.in.CallsFrom))
	}
	calls := make([]int, len(t.Calls)) // old index → new
	keptCalls := t.Calls[:0:0]
	for i, c := range t.Calls {
		calls[i] = -1
		if c.BeganAt >= t.first || c.End.IsZero() || c.EndedAt >= t.first {
			calls[i] = len(keptCalls)
			keptCalls = append(keptCalls, c)
		}
	}
	packets := make([]int, len(t.Packets))
	keptPackets := t.Packets[:0:0]
	used := make([]bool, len(t.Flows))
	for i, p := range t.Packets {
		packets[i] = -1
		if p.At < 0 && !slices.ContainsFunc(p.Arrivals, func(a Arrival) bool { return a.Fate == wire.Delivered && a.At >= 0 }) {
			continue
		}
		packets[i] = len(keptPackets)
		if p.Flow >= 0 {
			used[p.Flow] = true
		}
		if p.Call >= 0 {
			p.Call = calls[p.Call]
		}
		keptPackets = append(keptPackets, p)
	}
	for _, c := range keptCalls {
		if c.Flow >= 0 && c.BeganAt >= t.first {
			used[c.Flow] = true
		}
	}
	var keptStates []StateChange
	for _, s := range t.States {
		if s.At < 0 {
			t.Flows[s.Flow].Initial[s.Side] = s.State
			continue
		}
		if !used[s.Flow] {
			continue
		}
		if s.Packet >= 0 {
			s.Packet = packets[s.Packet]
		}
		keptStates = append(keptStates, s)
	}
	b.forget()
	t.Marks = slices.DeleteFunc(t.Marks, func(m Mark) bool { return m.At < 0 })
	t.Calls, t.Packets, t.States = keptCalls, keptPackets, keptStates
	cutFlows(t, used, packets)
}

// forget takes the states of connections from hosts that were started again
// after these had begun, and before the trace begins.
func (b *builder) forget() {
	for _, m := range b.t.Marks {
		if m.At >= 0 || !m.Up || m.HostIndex < 0 {
			continue
		}
		for i := range b.t.Flows {
			f := &b.t.Flows[i]
			for side, end := range f.Ends {
				if end.Host == m.HostIndex && b.t.Packets[f.Packets[0]].At < m.At && !b.movedSince(i, side, m.At) {
					f.Initial[side] = wire.Closed
				}
			}
		}
	}
}

// movedSince tells whether a side of a flow changed its state after that time
// and before the trace begins.
func (b *builder) movedSince(flow, side int, at time.Duration) bool {
	return slices.ContainsFunc(b.t.States, func(s StateChange) bool {
		return s.Flow == flow && s.Side == side && s.At > at && s.At < 0
	})
}

func cutFlows(t *Trace, used []bool, packets []int) {
	flows := make([]int, len(t.Flows))
	kept := t.Flows[:0:0]
	for i, f := range t.Flows {
		flows[i] = -1
		if !used[i] {
			continue
		}
		flows[i] = len(kept)
		var left []int
		for _, p := range f.Packets {
			if packets[p] >= 0 {
				left = append(left, packets[p])
			}
		}
		f.Packets = left
		kept = append(kept, f)
	}
	t.Flows = kept
	for i := range t.Packets {
		if p := &t.Packets[i]; p.Flow >= 0 {
			p.Flow = flows[p.Flow]
		}
	}
	for i := range t.States {
		t.States[i].Flow = flows[t.States[i].Flow]
	}
	for i := range t.Calls {
		if c := &t.Calls[i]; c.Flow >= 0 {
			c.Flow = flows[c.Flow]
		}
	}
}
