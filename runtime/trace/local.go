package trace

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// maxLocal bounds the rails of a trace of calls.
const maxLocal = 8

// Local makes a trace from calls alone. It is for traffic within one host,
// over loopback or UNIX-domain sockets and pipes, which passes no wire. The
// "hosts" of the result are sockets, each named by its process and address;
// its packets are Messages: what a call handed over, at the moment of the
// call. Segments, ACKs and states are not known. Calls before from are left
// out, and times count from the first that is not.
func Local(calls []Call, from time.Time) *Trace {
	t := &Trace{Calls: slices.Clone(calls),
		Notes: []string{"drawn from the calls: what stays within one host does not pass the wire"}}
	slices.SortStableFunc(t.Calls, func(x, y Call) int { return x.Begin.Compare(y.Begin) })
	nameEnds(t.Calls)
	t.Calls = slices.DeleteFunc(t.Calls, func(c Call) bool { return c.Begin.Before(from) })
	if len(t.Calls) > 0 {
		t.Start = t.Calls[0].Begin
	}
	rails := map[string]int{}
	owner := map[string]string{} // address → process
	for i := range t.Calls {
		if c := &t.Calls[i]; c.own() != "" {
			owner[c.own()] = c.process()
		}
	}
	rail := func(process, address string) int {
		if address == "" {
			return Nobody
		}
		if p := owner[address]; p != "" {
			process = p
		}
		name := process + " " + address
		i, ok := rails[name]
		if !ok {
			if len(t.Hosts) == maxLocal {
				return Nobody
			}
			i = len(t.Hosts)
			where, _, _ := strings.Cut(address, hidden)
			rails[name] = i
			t.Hosts = append(t.Hosts, Host{Name: process, Where: where})
		}
		return i
	}
	for i := range t.Calls {
		c := &t.Calls[i]
		c.Host, c.Worker = c.process(), ""
		c.Flow, c.HostIndex = -1, rail(c.process(), c.own())
		c.BeganAt, c.EndedAt = t.SinceStart(c.Begin), 0
		if !c.End.IsZero() {
			c.EndedAt = max(c.BeganAt, t.SinceStart(c.End))
		}
		if m := c.message(); m != "" && c.HostIndex >= 0 {
			a := Arrival{To: rail("?", c.other()), Fate: wire.Delivered, At: c.BeganAt}
			if a.To < 0 || c.Failed {
				a.Fate, a.By = wire.Dropped, c.Result
			}
			t.Packets = append(t.Packets, Packet{At: c.BeganAt, From: c.HostIndex, Arrivals: []Arrival{a}, Flow: -1, Window: -1, Call: i, Frame: -1, Message: m})
		}
	}
	return t
}

func (c *Call) process() string {
	if c.Worker != "" {
		return c.Worker
	}
	return c.Host
}

// own names the call's own end, other the one it is connected to.
func (c *Call) own() string   { return endName(c.Local, c.Socket) }
func (c *Call) other() string { return endName(c.Remote, c.Peer) }

func endName(a netip.AddrPort, name string) string {
	if a.IsValid() {
		return a.String()
	}
	return name
}

// message says what a call hands to the other side, or nothing.
func (c *Call) message() string {
	if c.Kind != Send && (c.Proto == packet.UDP || c.other() == "") { // nobody hears of it
		return ""
	}
	switch c.Kind {
	case Connect:
		return "connect"
	case Send:
		return strconv.Itoa(c.Bytes) + " B"
	case Close:
		return "close"
	case Shutdown:
		return "no more bytes"
	}
	return ""
}
