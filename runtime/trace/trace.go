// Package trace says what a run of captured frames means: who talked with
// whom, in which order, after how long, in which TCP state, and what was
// sent again, lost or refused, and why.
//
// Fill an [Input] and call [Build]. Package diagram draws the result;
// [Trace.Events] is the order to read it in. Everything is pure: no clock, no
// sockets, the same input gives the same trace.
package trace

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// Input is what was seen. Only Frames are needed; each of the other parts
// makes the trace say more.
type Input struct {
	// Hosts in the order in which they are drawn. Hosts that only frames name
	// are added behind them.
	Hosts []Host
	// Frames as the hub captured them.
	Frames []wire.Frame
	// Samples are states of sockets seen at other moments than a frame's
	// passing, in any order; the frames carry their own.
	Samples []Sample
	// Roll, if not nil, is what hosts said of all their connections at the end.
	Roll *Roll
	// Calls are system calls of the cells, in any order.
	Calls []Call
	// Marks are things done to hosts and links, in any order.
	Marks []Mark
	// From is the moment at which the trace begins. Earlier frames and calls
	// are used (for initial sequence numbers, states, window scales) but are
	// not part of the result. Zero: from the first frame or call.
	From time.Time
	// CallsFrom, if not zero, is a moment before From from which on calls are
	// part of the result too: what led to the first packet.
	CallsFrom time.Time
	// Lost is the number of frames that the capture could not keep.
	Lost uint64
	// Notes are sentences to be shown under a picture, such as
	// "tcp_retries2 is 3 here; Linux's own value is 15".
	Notes []string
	// Housekeeping keeps the link's own packets (IPv6 router and multicast
	// listener messages, ARP between hosts that know each other), which are left
	// out otherwise.
	Housekeeping bool
}

// Host is a machine on the wire.
type Host struct {
	Name  string
	Addrs []netip.Addr // the one to show first
	Where string       // to show instead of an address
}

// Roll is a list of all connections of some hosts at a moment: one that is not
// in it is CLOSED.
type Roll struct {
	Time   time.Time
	Hosts  []string // that were asked
	States []wire.Sample
}

// Sample is the state of a socket at a moment.
type Sample struct {
	Time time.Time
	wire.Sample
}

// Call is a system call, or a function of package net, that a cell made.
type Call struct {
	Begin  time.Time
	End    time.Time // zero while it waits
	Host   string
	Worker string // the process, if its name is not the host's
	Kind   CallKind
	Cell   int    // 0: not known
	Line   int    // 0: not known
	Name   string // "connect", "Write"
	Args   string // what to show after the name: "14 B"
	Result string // "ETIMEDOUT", "6 B"; empty for plain success
	// Failed tells that Result is an error.
	Failed        bool
	Bytes         int            // handed over or taken, if the call is about data
	Proto         packet.Kind    // TCP or UDP; Other if not known
	Local, Remote netip.AddrPort // as far as known; Remote may be all of what is known
	// Socket and Peer name the two ends where they have no port: a path, "fd 5".
	Socket, Peer string
	// Inode and FD say which socket or pipe it is, whatever its name, and under
	// which number the process has it; Other and Second are the other end's,
	// of a call that made both. 0: not known.
	Inode, Other uint64
	FD, Second   int
	Pipe         bool // both ends have the same Inode

	// BeganAt and EndedAt are the times since the trace's start, Flow the
	// index of the connection the call is about, or -1. Build sets them.
	BeganAt, EndedAt time.Duration
	Flow             int
	// HostIndex is the rail, -1 if the host is not among the trace's.
	HostIndex int
}

// Mark is something done to a host or link: "crash server".
type Mark struct {
	Time time.Time
	Host string // empty: to the wire as a whole
	Text string // to show: "crashed", "cut client server"
	Down bool   // the host is silent from here on
	Up   bool   // the host is there again

	At        time.Duration // since the trace's start; Build sets it
	HostIndex int           // -1: the wire as a whole; Build sets it
}

// Trace is what Build made of an Input.
type Trace struct {
	Start   time.Time // the moment that times count from
	Hosts   []Host
	Flows   []Flow
	Packets []Packet      // in the order sent
	States  []StateChange // in the order of time
	Calls   []Call        // in the order begun
	Marks   []Mark
	Notes   []string
	Lost    uint64
	// DownBefore are the hosts (indexes) that were silent when it began, and
	// what had been done to them: "crashed".
	DownBefore map[int]string

	first time.Duration // calls from here on are part of it
}

// Who stands where the index of a host is expected, but is none.
const (
	Nobody = -1 // no host of the lab has the address, or it is not known
	Hub    = -2 // the wire itself, as a router
)

// Endpoint is one side of a flow.
type Endpoint struct {
	Host int // index in Trace.Hosts, or Nobody
	Addr netip.AddrPort
}

// Flow is a connection, or an exchange of datagrams between two endpoints.
// Side 0 is the one that began: that sent the first SYN or the first packet.
type Flow struct {
	Kind    packet.Kind
	Ends    [2]Endpoint
	Midway  bool // the first packet seen was not the first sent: relative numbers count from it
	Packets []int
	Bytes   [2]int64      // new data sent by each side
	Initial [2]wire.State // of TCP: the states at the start of the trace
	Scaled  bool          // window scaling is known to be on or off
	isn     [2]uint32
	tcp     *conversation
}

// Packet is one frame in its context.
type Packet struct {
	packet.Packet
	At       time.Duration // when it left its host
	From     int           // index in Hosts, or Hub
	Arrivals []Arrival     // one for each host it was sent to; broadcasts have several
	Flow     int           // index in Flows, -1 if none
	Side     int           // who of the flow sent it
	Seq, Ack uint32        // relative to the flow's initial sequence numbers
	Window   int           // in bytes, scaled; -1 if the scale is not known
	Notes    []Note
	Call     int  // index in Calls of the call that sent it, -1 if not known
	Made     bool // by the hub, not by a host
	Frame    int  // index in Input.Frames of the first copy; -1 of a Message
	// Message says what was handed over, where only calls tell of it (see
	// Local); there is no frame then, and nothing else is set.
	Message string
}

// Arrival is the fate of one copy of a packet.
type Arrival struct {
	To   int // index in Hosts, Nobody or Hub
	Fate wire.Fate
	By   string        // what was done to it: "crash server"
	At   time.Duration // valid if Fate is wire.Delivered
}

// Lost tells whether no copy of the packet arrived or will.
func (p *Packet) Lost() bool {
	for _, a := range p.Arrivals {
		if a.Fate == wire.Delivered || a.Fate == wire.UnderWay {
			return false
		}
	}
	return true
}

// Has returns the packet's first note of a kind.
func (p *Packet) Has(k NoteKind) (Note, bool) {
	for _, n := range p.Notes {
		if n.Kind == k {
			return n, true
		}
	}
	return Note{}, false
}

// StateChange is a TCP state that one end of a connection entered.
type StateChange struct {
	At       time.Duration
	Flow     int
	Side     int
	Host     int // index in Hosts, or Nobody
	State    wire.State
	Inferred bool   // concluded from RFC 9293's transitions, not seen by asking the host
	Packet   int    // index of the packet that caused it, or -1
	Sent     bool   // by sending that packet, not by receiving it
	Why      string // where it needs an explanation: "ETIMEDOUT", "SYN cookie"
}

// Event is one thing that happened; Index says which in the slice its Kind
// stands for.
type Event struct {
	At    time.Duration
	Kind  EventKind
	Index int
	Copy  int // which arrival, for PacketArrived
}

// EventKind says what an Event is.
type EventKind uint8

const (
	MarkMade      EventKind = iota // Trace.Marks
	CallBegan                      // Trace.Calls
	StateEntered                   // Trace.States
	PacketSent                     // Trace.Packets
	PacketArrived                  // Trace.Packets
	CallEnded                      // Trace.Calls
)

// Events returns everything in the order in which it happened. What happened
// at the same instant is in the order of cause and effect: the call, the new
// state of the sender, its packet, the arrival, the new state of the receiver,
// the end of the call.
func (t *Trace) Events() []Event {
	var ev []Event
	for i, m := range t.Marks {
		ev = append(ev, Event{At: m.At, Kind: MarkMade, Index: i})
	}
	for i, c := range t.Calls {
		if c.BeganAt >= t.first {
			ev = append(ev, Event{At: c.BeganAt, Kind: CallBegan, Index: i})
		}
		if !c.End.IsZero() {
			ev = append(ev, Event{At: c.EndedAt, Kind: CallEnded, Index: i})
		}
	}
	sent, got := map[int][]int{}, map[int][]int{} // packet → the state changes it caused
	for i, s := range t.States {
		switch {
		case s.Packet < 0:
			ev = append(ev, Event{At: s.At, Kind: StateEntered, Index: i})
		case s.Sent:
			sent[s.Packet] = append(sent[s.Packet], i)
		default:
			got[s.Packet] = append(got[s.Packet], i)
		}
	}
	for i := range t.Packets {
		p := &t.Packets[i]
		for _, s := range sent[i] {
			ev = append(ev, Event{At: p.At, Kind: StateEntered, Index: s})
		}
		ev = append(ev, Event{At: p.At, Kind: PacketSent, Index: i})
		for k, a := range p.Arrivals {
			if a.Fate == wire.Delivered {
				ev = append(ev, Event{At: a.At, Kind: PacketArrived, Index: i, Copy: k})
			}
		}
		for _, s := range got[i] {
			ev = append(ev, Event{At: t.States[s].At, Kind: StateEntered, Index: s})
		}
	}
	slices.SortStableFunc(ev, func(a, b Event) int {
		if c := cmp.Compare(a.At, b.At); c != 0 {
			return c
		}
		return cmp.Compare(t.phase(a), t.phase(b))
	})
	return ev
}

// phase orders events of one instant; it only matters between different
// kinds, as the sort is stable.
func (t *Trace) phase(e Event) int {
	switch e.Kind {
	case MarkMade:
		return 0
	case CallBegan:
		return 1
	case CallEnded:
		return 3
	case StateEntered:
		if c := t.States[e.Index]; c.Packet < 0 && c.Why != "" { // known from the call's error
			return 4
		}
	}
	return 2
}

// SinceStart turns a moment into the time since the trace began.
func (t *Trace) SinceStart(m time.Time) time.Duration { return m.Sub(t.Start) }

// End is the time of the last event.
func (t *Trace) End() time.Duration {
	var end time.Duration
	for _, e := range t.Events() {
		end = max(end, e.At)
	}
	return end
}
