package trace

import (
	"net/netip"
	"slices"
	"time"

	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// machines follow the TCP state of both sides of one flow. They move by the
// transitions of RFC 9293 section 3.3.2, and where the hosts were asked, by
// what they said.
type machines struct {
	b       *builder
	flow    int
	state   [2]wire.State
	seen    [2]bool // its host was asked at least once
	finSent [2]bool
	finEnd  [2]uint32 // number after the FIN
	been    [2]bool   // was ESTABLISHED
	ended   [2]bool   // is CLOSED for good
	samples []Sample  // of the input, of this flow, not looked at yet
}

func newMachines(b *builder, flow int) *machines {
	m := &machines{b: b, flow: flow}
	f := &b.t.Flows[flow]
	if f.Kind != packet.TCP {
		return m
	}
	for side := range 2 {
		m.state[side] = wire.Closed
		if f.Midway {
			m.state[side] = wire.Established
		}
	}
	m.samples = b.samplesOf(f)
	if f.Midway {
		m.midway(f)
	} else if b.answered(f) { // someone was listening
		m.state[1] = wire.Listen
	}
	f.Initial = m.state
	return m
}

// midway takes the states of a connection that is older than the capture from
// the first packet that says them.
func (m *machines) midway(f *Flow) {
	for _, i := range f.Packets {
		p := &m.b.t.Packets[i]
		for _, x := range m.b.in.Frames[p.Frame].Before {
			side := sideOf(f, x)
			if side < 0 || x.State == 0 || m.seen[side] || side == p.Side && p.TCP.Flags.Has(packet.FIN) {
				continue
			}
			m.state[side], m.seen[side] = x.State, true
		}
		if m.seen[0] && m.seen[1] {
			return
		}
	}
}

// answered tells whether the second side answered the first's SYN with its own.
func (b *builder) answered(f *Flow) bool {
	for _, i := range f.Packets {
		if p := &b.t.Packets[i]; p.TCP != nil && p.Side == 1 {
			return p.TCP.Flags.Has(packet.SYN | packet.ACK)
		}
	}
	return false
}

func (b *builder) samplesOf(f *Flow) []Sample {
	var out []Sample
	for _, s := range b.in.Samples {
		if sideOf(f, s.Sample) >= 0 {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(x, y Sample) int { return x.Time.Compare(y.Time) })
	return append(out, b.rolled(f)...)
}

// unmap gives an IPv4 address that an IPv6 socket has as what the packets have.
func unmap(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

// rolled is what the roll says of a flow's two ends.
func (b *builder) rolled(f *Flow) (out []Sample) {
	r := b.in.Roll
	if r == nil {
		return nil
	}
	for side, me := range f.Ends {
		if me.Host < 0 || !slices.Contains(r.Hosts, b.t.Hosts[me.Host].Name) {
			continue
		}
		x := wire.Sample{Host: b.t.Hosts[me.Host].Name, Local: me.Addr, Remote: f.Ends[1-side].Addr, State: wire.Closed}
		for _, s := range r.States {
			if s.Host == x.Host && unmap(s.Local) == x.Local && unmap(s.Remote) == x.Remote {
				x.State = s.State
			}
		}
		out = append(out, Sample{Time: r.Time, Sample: x})
	}
	return out
}

// sideOf tells whose end of the flow a sample is, or -1.
func sideOf(f *Flow, s wire.Sample) int {
	for side := range 2 {
		if f.Ends[side].Addr == s.Local && f.Ends[1-side].Addr == s.Remote {
			return side
		}
	}
	return -1
}

// enter records that a side is in a state from step s on.
func (m *machines) enter(side int, to wire.State, s step, inferred bool, why string) {
	if m.state[side] == to {
		return
	}
	m.ended[side] = to == wire.Closed
	m.been[side] = m.been[side] || to == wire.Established
	m.state[side], m.seen[side] = to, m.seen[side] || !inferred
	f := &m.b.t.Flows[m.flow]
	m.b.t.States = append(m.b.t.States, StateChange{At: s.at, Flow: m.flow, Side: side, Host: f.Ends[side].Host, State: to,
		Inferred: inferred, Packet: s.packet, Sent: s.packet >= 0 && !s.arrived, Why: why})
}

// confirm marks the newest change of a side as seen.
func (m *machines) confirm(side int) {
	m.seen[side] = true
	for i := len(m.b.t.States) - 1; i >= 0; i-- {
		if c := &m.b.t.States[i]; c.Flow == m.flow && c.Side == side {
			c.Inferred = false
			return
		}
	}
}

// send moves the sender's machine.
func (m *machines) send(s step) {
	m.untimed(s.at)
	p := &m.b.t.Packets[s.packet]
	side, fl := p.Side, p.TCP.Flags
	state := m.state[side]
	switch {
	case fl.Has(packet.RST):
		m.enter(side, wire.Closed, s, true, "")
	case fl.Has(packet.SYN | packet.ACK):
		if state == wire.Closed || state == wire.Listen {
			m.enter(side, wire.SynRecv, s, true, "")
		}
	case fl.Has(packet.SYN):
		if state == wire.Closed || state == wire.Listen {
			m.enter(side, wire.SynSent, s, true, "")
		}
	}
	if fl.Has(packet.FIN) {
		m.finSent[side], m.finEnd[side] = true, p.Seq+p.TCP.Len()
		switch m.state[side] {
		case wire.Established, wire.SynRecv:
			m.enter(side, wire.FinWait1, s, true, "")
		case wire.CloseWait:
			m.enter(side, wire.LastAck, s, true, "")
		}
	}
}

// receive moves the receiver's machine.
func (m *machines) receive(s step) {
	m.untimed(s.at)
	p := &m.b.t.Packets[s.packet]
	side, fl := 1-p.Side, p.TCP.Flags
	h := &m.b.t.Flows[m.flow].tcp.half[side]
	if fl.Has(packet.RST) {
		if m.state[side] != wire.TimeWait && m.state[side] != wire.Listen {
			m.enter(side, wire.Closed, s, true, "")
		}
		return
	}
	ackOfSyn := fl.Has(packet.ACK) && p.Ack > 0
	switch m.state[side] {
	case wire.Listen, wire.Closed:
		if fl&(packet.SYN|packet.ACK) == packet.SYN && m.state[side] == wire.Listen {
			m.enter(side, wire.SynRecv, s, true, "")
		}
	case wire.SynSent:
		if fl.Has(packet.SYN|packet.ACK) && ackOfSyn {
			if m.acks(side, s.packet) {
				m.enter(side, wire.Established, s, true, "")
			}
		} else if fl.Has(packet.SYN) {
			m.enter(side, wire.SynRecv, s, true, "")
		}
	case wire.SynRecv:
		if ackOfSyn {
			m.enter(side, wire.Established, s, true, "")
		}
	}
	m.receiveClosing(s, side, h)
}

// acks tells whether a side sent an ACK after a packet. A SYN,ACK that is not
// acknowledged was for a SYN that no socket had sent, or nobody was there any
// more: nothing tells that ESTABLISHED was reached.
func (m *machines) acks(side, after int) bool {
	for _, i := range m.b.t.Flows[m.flow].Packets {
		p := &m.b.t.Packets[i]
		if i > after && p.TCP != nil && p.Side == side && p.TCP.Flags&(packet.ACK|packet.RST) == packet.ACK {
			return true
		}
	}
	return false
}

// receiveClosing handles the end: the ACK of this side's FIN, and the FIN of
// the other, once all bytes before it have arrived.
func (m *machines) receiveClosing(s step, side int, h *half) {
	p := &m.b.t.Packets[s.packet]
	if m.finSent[side] && p.TCP.Flags.Has(packet.ACK) && !before(p.Ack, m.finEnd[side]) {
		switch m.state[side] {
		case wire.FinWait1:
			if !m.finArrives(p, h) {
				m.enter(side, wire.FinWait2, s, true, "")
			} else {
				m.enter(side, wire.TimeWait, s, true, "")
				return
			}
		case wire.Closing:
			m.enter(side, wire.TimeWait, s, true, "")
		case wire.LastAck:
			m.enter(side, wire.Closed, s, true, "")
		}
	}
	if !m.finArrives(p, h) {
		return
	}
	switch m.state[side] {
	case wire.Established, wire.SynRecv:
		m.enter(side, wire.CloseWait, s, true, "")
	case wire.FinWait1:
		m.enter(side, wire.Closing, s, true, "")
	case wire.FinWait2:
		m.enter(side, wire.TimeWait, s, true, "")
	}
}

// finArrives tells whether with p the other side's FIN, and all before it, is
// there. h has taken p in already.
func (m *machines) finArrives(p *Packet, h *half) bool {
	return m.finSent[p.Side] && h.gotAny && !before(h.got, m.finEnd[p.Side])
}

// leaves moves the machines when a packet is sent.
func (m *machines) leaves(s step) {
	p := &m.b.t.Packets[s.packet]
	asked := false
	for _, x := range m.b.in.Frames[p.Frame].Before {
		switch side := sideOf(&m.b.t.Flows[m.flow], x); {
		case side == p.Side: // its state includes the packet already
			m.told(side, x.State, s)
			asked = asked || x.State != 0
		case side >= 0:
			m.told(side, x.State, step{at: s.at, packet: -1})
		}
	}
	kept, state, ended, been := len(m.b.t.States), m.state, m.ended, m.been
	m.send(s)
	if asked { // the host's word is enough: with a SYN cookie it stays in LISTEN
		m.b.t.States = m.b.t.States[:kept]
		m.state, m.ended, m.been = state, ended, been
	}
}

// arrives moves the machines when a packet is received. If the receiver's host
// says otherwise than the transitions, the host is right: an ACK that finds
// the accept queue full is thrown away.
func (m *machines) arrives(s step) {
	p := &m.b.t.Packets[s.packet]
	side := 1 - p.Side
	kept, state, ended, been := len(m.b.t.States), m.state, m.ended, m.been
	m.receive(s)
	for _, x := range m.b.in.Frames[p.Frame].After {
		if sideOf(&m.b.t.Flows[m.flow], x) != side {
			continue
		}
		if x.State != 0 && x.State != m.state[side] {
			m.b.t.States = m.b.t.States[:kept]
			m.state, m.ended, m.been = state, ended, been
		}
		m.told(side, x.State, s)
	}
}

// untimed takes in the samples that were taken between packets.
func (m *machines) untimed(until time.Duration) {
	f := &m.b.t.Flows[m.flow]
	for len(m.samples) > 0 {
		x := m.samples[0]
		at := m.b.t.SinceStart(x.Time)
		if at >= until {
			return
		}
		m.told(sideOf(f, x.Sample), x.State, step{at: at, packet: -1})
		m.samples = m.samples[1:]
	}
}

// told moves a side to the state that its host reports, by way of the states
// that must lie between. A report that is older than what the packets have
// shown is left aside.
func (m *machines) told(side int, to wire.State, s step) {
	from := m.state[side]
	if to == wire.Listen {
		switch from {
		case 0, wire.Closed, wire.Listen, wire.SynSent, wire.SynRecv:
		default: // the host has no such connection any more, but a listener for its address
			to = wire.Closed
		}
	}
	switch {
	case to == from:
		m.confirm(side)
		return
	case to == 0, m.ended[side]:
		return
	case from == wire.Closed && to == wire.Listen: // it had listened before
		m.state[side], m.seen[side] = to, true
		m.b.t.Flows[m.flow].Initial[side] = to
		return
	case from == wire.Listen && to == wire.Closed: // of the pair of addresses, there is no socket yet
		return
	}
	if from == wire.Listen && to == wire.Established {
		m.enter(side, to, s, false, "SYN cookie")
		return
	}
	path := between(from, to)
	if path == nil {
		return
	}
	for _, st := range path[:len(path)-1] {
		m.enter(side, st, s, true, "")
	}
	m.enter(side, to, s, false, "")
}

// transitions are those of RFC 9293 figure 5, but for the ones to CLOSED,
// which an abort makes from everywhere.
var transitions = map[wire.State][]wire.State{
	wire.Listen:      {wire.SynRecv, wire.SynSent},
	wire.SynSent:     {wire.Established, wire.SynRecv},
	wire.SynRecv:     {wire.Established, wire.FinWait1},
	wire.Established: {wire.FinWait1, wire.CloseWait},
	wire.FinWait1:    {wire.FinWait2, wire.Closing, wire.TimeWait},
	wire.FinWait2:    {wire.TimeWait},
	wire.Closing:     {wire.TimeWait},
	wire.CloseWait:   {wire.LastAck},
}

// between returns the states after from on the shortest way to to, or nil if
// there is none. From CLOSED every state can be reported next: with SYN
// cookies, a server keeps no state before ESTABLISHED.
func between(from, to wire.State) []wire.State {
	if to == wire.Closed || from == wire.Closed {
		return []wire.State{to}
	}
	type way []wire.State
	queue := []way{{from}}
	seen := map[wire.State]bool{from: true}
	for len(queue) > 0 {
		w := queue[0]
		queue = queue[1:]
		for _, next := range transitions[w[len(w)-1]] {
			longer := append(slices.Clone(w), next)
			if next == to {
				return longer[1:]
			}
			if !seen[next] {
				seen[next] = true
				queue = append(queue, longer)
			}
		}
	}
	return nil
}
