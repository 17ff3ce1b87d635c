package check

import (
	"fmt"
	"slices"
	"time"

	"sockbook/runtime/lab"
	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// NeedLab ends the check where there is no network of hosts. Checks of
// exercises that cannot work on the loopback alone begin with it.
func (t *T) NeedLab() {
	if !t.stage.Lab() {
		t.noLab("", ErrNoLab)
	}
}

// Addr is where a process on host is reached at the port: "server:7777", or
// "127.0.0.1:7777" where all processes share the machine's loopback.
func (t *T) Addr(host string, port int) string {
	if !t.stage.Lab() {
		host = "127.0.0.1"
	}
	return fmt.Sprintf("%s:%d", host, port)
}

// Lab tells whether there is a network of hosts. A check that can do without
// leaves out what needs it; see [T.NeedLab] for one that cannot.
func (t *T) Lab() bool { return t.stage.Lab() }

// Sockets are the TCP and UDP sockets of a host, of all with "", with states,
// queues and options, as %sockets shows them.
func (t *T) Sockets(host string) []lab.Socket {
	list, err := t.stage.Sockets(t.ctx, host)
	t.noLab("list the sockets", err)
	return slices.Clone(list)
}

// Connections are the TCP sockets of a host that have the port at either end
// and do not listen.
func (t *T) Connections(host string, port int) []lab.Socket {
	return slices.DeleteFunc(t.Sockets(host), func(s lab.Socket) bool {
		return s.Protocol != "tcp" || s.State == "LISTEN" || int(s.Local.Port()) != port && int(s.Remote.Port()) != port
	})
}

// Listeners are the TCP sockets of a host that listen at the port.
func (t *T) Listeners(host string, port int) []lab.Socket {
	return slices.DeleteFunc(t.Sockets(host), func(s lab.Socket) bool {
		return s.State != "LISTEN" || int(s.Local.Port()) != port
	})
}

// States are the states of Connections, sorted: "CLOSE_WAIT", "ESTABLISHED".
func (t *T) States(host string, port int) []string {
	var states []string
	for _, s := range t.Connections(host, port) {
		states = append(states, s.State)
	}
	slices.Sort(states)
	return states
}

// Packet is a TCP or UDP packet that crossed the wire.
type Packet struct {
	From, To         string // hosts; "router" for the wire itself, empty if nobody has the address
	FromPort, ToPort int
	UDP              bool
	SYN, FIN, RST    bool
	ACK, PSH         bool
	Data             []byte // as far as it was kept
	Len              int    // bytes of data
	Lost             bool
	Retransmission   bool
	Keepalive        bool // a probe of SO_KEEPALIVE
	Window           int  // in bytes; -1 if the scale is not known
	At               time.Duration
}

// Mark makes the next Packets leave out what has been sent until now.
func (t *T) Mark() { t.from = time.Now() }

// Packets are those that crossed the wire since the check began or Mark was
// called, in the order in which they were sent. Call it when what is looked
// for has happened; see [T.Eventually].
func (t *T) Packets() []Packet {
	all := t.Trace()
	var list []Packet
	for _, p := range all.Packets {
		if all.Start.Add(p.At).Before(t.from) {
			continue
		}
		if q, ok := newPacket(all, p); ok {
			list = append(list, q)
		}
	}
	return list
}

// Trace is all that crossed the wire since the check began, for checks that
// must look closer than Packets does.
func (t *T) Trace() *trace.Trace {
	all, err := t.stage.Trace(t.ctx)
	t.noLab("read the packets", err)
	return all
}

// newPacket tells of a packet what checks need; ok is false if it is neither
// TCP nor UDP.
func newPacket(t *trace.Trace, p trace.Packet) (q Packet, ok bool) {
	if p.Kind != packet.TCP && p.Kind != packet.UDP {
		return q, false
	}
	from, to := p.Ports()
	q = Packet{From: hostName(t, p.From), FromPort: int(from), ToPort: int(to), UDP: p.Kind == packet.UDP, Lost: p.Lost(), Window: p.Window, At: p.At}
	if len(p.Arrivals) > 0 {
		q.To = hostName(t, p.Arrivals[0].To)
	}
	if p.UDP != nil {
		q.Data, q.Len = p.UDP.Payload, p.UDP.Size
	}
	if h := p.TCP; h != nil {
		has := func(f packet.Flags) bool { return h.Flags&f != 0 }
		q.SYN, q.FIN, q.RST, q.ACK, q.PSH = has(packet.SYN), has(packet.FIN), has(packet.RST), has(packet.ACK), has(packet.PSH)
		q.Data, q.Len = h.Payload, h.Size
	}
	_, q.Retransmission = p.Has(trace.Retransmission)
	_, q.Keepalive = p.Has(trace.Keepalive)
	return q, true
}

func hostName(t *trace.Trace, i int) string {
	switch {
	case i == trace.Hub:
		return wire.Router
	case i >= 0 && i < len(t.Hosts):
		return t.Hosts[i].Name
	}
	return ""
}
