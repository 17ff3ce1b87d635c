package trace

import (
	"slices"
	"time"

	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// CallKind says what a call does to a connection.
type CallKind uint8

const (
	OtherCall CallKind = iota
	Connect            // connect, net.Dial
	Accept             // accept, Listener.Accept
	Send               // write, send, sendto, sendmsg, Conn.Write
	Receive            // read, recv, recvfrom, recvmsg, Conn.Read
	Close              // close, Conn.Close, the end of the process
	Shutdown           // shutdown, Conn.CloseWrite
)

// Took is how long the call took, or zero while it waits.
func (c *Call) Took() time.Duration { return max(0, c.EndedAt-c.BeganAt) }

// linkCalls finds the flow of each call and the call behind each packet.
func (b *builder) linkCalls() {
	if len(b.t.Calls) == 0 {
		return
	}
	type place struct{ flow, side int }
	byFlow := map[place][]int{}
	for i := range b.t.Calls {
		c := &b.t.Calls[i]
		if f, side := b.flowOfCall(c); f >= 0 {
			c.Flow = f
			byFlow[place{f, side}] = append(byFlow[place{f, side}], i)
		}
	}
	for fi := range b.t.Flows {
		for side := range 2 {
			if calls := byFlow[place{fi, side}]; len(calls) > 0 {
				b.tie(&b.t.Flows[fi], side, calls)
				b.failed(fi, side, calls)
			}
		}
	}
}

// flowOfCall finds the newest flow that existed while the call was made.
func (b *builder) flowOfCall(c *Call) (flow, side int) {
	switch known := c.Local.IsValid() && c.Local.Port() != 0; {
	case c.HostIndex < 0 || !c.Remote.IsValid() && !known:
		return -1, 0
	case !c.Remote.IsValid() && c.Kind != Receive && c.Kind != Send && c.Kind != Close && c.Kind != Shutdown:
		return -1, 0 // a listener's: its port is that of many
	}
	for fi, f := range slices.Backward(b.t.Flows) {
		if c.Proto != packet.Other && c.Proto != f.Kind || len(f.Packets) == 0 {
			continue
		}
		first := b.t.Packets[f.Packets[0]].At
		if !c.End.IsZero() && first > c.EndedAt || c.Kind == Connect && first < c.BeganAt {
			continue
		}
		for side := range 2 {
			me, peer := f.Ends[side], f.Ends[1-side]
			if me.Host != c.HostIndex || c.Remote.IsValid() && peer.Addr != c.Remote {
				continue
			}
			if c.Local.IsValid() && c.Local.Port() != 0 && c.Local.Port() != me.Addr.Port() {
				continue
			}
			return fi, side
		}
	}
	return -1, 0
}

// tie names the call behind each packet that one side of a flow sent. What
// TCP sends of its own accord (ACKs, retransmissions, probes) has none.
func (b *builder) tie(f *Flow, side int, calls []int) {
	stream := b.stream(f, side, calls)
	for _, i := range f.Packets {
		p := &b.t.Packets[i]
		if p.Side != side || p.Made || b.ownAccord(p) {
			continue
		}
		switch {
		case p.UDP != nil:
			p.Call = b.latest(calls, p.At, true, Send, Connect)
		case p.TCP.Flags&(packet.SYN|packet.ACK) == packet.SYN:
			p.Call = b.latest(calls, p.At, false, Connect)
		case p.TCP.Size > 0 && stream != nil:
			p.Call = stream.at(int64(p.Seq) - 1)
		case p.TCP.Size > 0:
			p.Call = b.latest(calls, p.At, true, Send)
		case p.TCP.Flags&(packet.FIN|packet.RST) != 0:
			p.Call = b.latest(calls, p.At, false, Close, Shutdown)
		}
	}
}

func (b *builder) ownAccord(p *Packet) bool {
	for _, n := range p.Notes {
		switch n.Kind {
		case Retransmission, Keepalive, WindowProbe:
			return true
		}
	}
	return p.TCP != nil && p.TCP.Flags&(packet.SYN|packet.FIN|packet.RST) == 0 && p.TCP.Size == 0 ||
		p.TCP != nil && p.TCP.Flags.Has(packet.RST) && !p.TCP.Flags.Has(packet.ACK) // an answer
}

// slack is how much later than the end of a call its packet may be seen on
// the wire.
const slack = 2 * time.Millisecond

// latest returns the last call of the given kinds that began before a moment
// and, if it must, had not ended long before it.
func (b *builder) latest(calls []int, at time.Duration, running bool, kinds ...CallKind) int {
	for _, i := range slices.Backward(calls) {
		c := &b.t.Calls[i]
		if c.BeganAt > at || !slices.Contains(kinds, c.Kind) {
			continue
		}
		if running && !c.End.IsZero() && c.EndedAt+slack < at {
			return -1
		}
		return i
	}
	return -1
}

// stream knows which call wrote which byte of a connection.
type stream struct {
	ends  []int64 // offset after each call's bytes
	calls []int
}

// stream returns nil if the calls do not account for the connection from its
// beginning: then offsets would name the wrong call.
func (b *builder) stream(f *Flow, side int, calls []int) *stream {
	if f.Midway {
		return nil
	}
	s := &stream{}
	var sum int64
	whole := false
	for _, i := range calls {
		c := &b.t.Calls[i]
		switch c.Kind {
		case Connect, Accept:
			whole = true
		case Send:
			if !whole {
				return nil
			}
			sum += int64(c.Bytes)
			s.ends, s.calls = append(s.ends, sum), append(s.calls, i)
		}
	}
	if sum < f.Bytes[side] {
		return nil
	}
	return s
}

func (s *stream) at(offset int64) int {
	i, _ := slices.BinarySearch(s.ends, offset+1)
	if i == len(s.ends) {
		return -1
	}
	return s.calls[i]
}

// fatal are the errors after which a TCP socket is CLOSED.
var fatal = []string{"ETIMEDOUT", "ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ENETUNREACH", "EPIPE"}

// ownFINSent are the states in which EPIPE only says that this side's shutdown
// has ended what it may write (shutdown(2)): the connection lives on.
var ownFINSent = []wire.State{wire.FinWait1, wire.FinWait2, wire.Closing, wire.LastAck, wire.TimeWait}

// failed enters CLOSED where only a call's error tells of it: when
// retransmissions are given up, no packet is sent.
func (b *builder) failed(fi, side int, calls []int) {
	f := &b.t.Flows[fi]
	if f.Kind != packet.TCP {
		return
	}
	for _, i := range calls {
		c := &b.t.Calls[i]
		if !c.Failed || c.End.IsZero() || !slices.Contains(fatal, c.Result) {
			continue
		}
		state, last := f.Initial[side], -1
		for k, s := range b.t.States {
			if s.Flow == fi && s.Side == side {
				state, last = s.State, k
			}
		}
		if last >= 0 && b.t.States[last].At > c.EndedAt {
			if s := &b.t.States[last]; s.State == wire.Closed && s.Packet < 0 { // seen when the host was asked; now it is known since when
				s.At, s.Why = c.EndedAt, c.Result
				slices.SortStableFunc(b.t.States, func(x, y StateChange) int { return int(x.At - y.At) })
			}
			return
		}
		if state == wire.Closed {
			return
		}
		if c.Result == "EPIPE" && slices.Contains(ownFINSent, state) {
			continue
		}
		b.t.States = append(b.t.States, StateChange{At: c.EndedAt, Flow: fi, Side: side, Host: f.Ends[side].Host,
			State: wire.Closed, Inferred: true, Packet: -1, Why: c.Result})
		slices.SortStableFunc(b.t.States, func(x, y StateChange) int { return int(x.At - y.At) })
		return
	}
}
