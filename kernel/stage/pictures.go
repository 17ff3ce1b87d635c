package stage

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"sockbook/kernel/directive"
	"sockbook/kernel/hint"
	"sockbook/runtime/diagram"
	"sockbook/runtime/display/sink"
	"sockbook/runtime/lab"
	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// place is where a picture looks: a host, and a port of it; 0: any.
type place struct {
	host string
	port uint16
}

// placeOf reads "server" or "server:7777"; without arguments it is anywhere.
func placeOf(args []string) (p place, err error) {
	switch len(args) {
	case 0:
		return p, nil
	case 1:
	default:
		return p, fmt.Errorf("want one HOST or HOST:PORT, have %d words", len(args))
	}
	host, port, given := strings.Cut(args[0], ":")
	p.host = host
	if given {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return p, fmt.Errorf("%q is no port", port)
		}
		p.port = uint16(n)
	}
	return p, nil
}

func (p place) String() string {
	if p.port != 0 {
		return fmt.Sprintf("%s:%d", p.host, p.port)
	}
	return p.host
}

// states draws the eleven TCP states, and in them the way that the ends of the
// newest connection of a place took.
func (s *Stage) states(ctx context.Context, args []string, out directive.Output) error {
	p, err := placeOf(args)
	if err != nil {
		return err
	}
	if p.host != "" {
		if _, err := s.having(ctx, p.host); err != nil {
			return err
		}
	}
	t, err := s.Trace(ctx)
	if err != nil {
		return err
	}
	flow := newest(t, p)
	if flow < 0 && p.host != "" {
		return hint.Add(fmt.Errorf("no TCP connection of %s was seen", p), "%states without a name draws the states alone, if there was none at all.")
	}
	return show(diagram.States(t, flow, diagram.Options{}), sink.Show, "", out)
}

// newest finds the last TCP connection that has an end at the place; -1: none.
func newest(t *trace.Trace, p place) int {
	found := -1
	for i, f := range t.Flows {
		if f.Kind != packet.TCP {
			continue
		}
		for _, e := range f.Ends {
			if p.host == "" || e.Host >= 0 && t.Hosts[e.Host].Name == p.host && (p.port == 0 || e.Addr.Port() == p.port) {
				found = i
			}
		}
	}
	return found
}

// queues draws what waits in the queues of sockets.
func (s *Stage) queues(ctx context.Context, args []string, out directive.Output) error {
	p, err := placeOf(args)
	if err != nil {
		return err
	}
	l, err := s.having(ctx, p.host)
	if err != nil {
		return err
	}
	sockets, err := l.Sockets(ctx, p.host)
	if err != nil {
		return err
	}
	list := queuesOf(sockets, p)
	if len(list) == 0 {
		out.Stream("stdout", "There are no sockets.\n")
		return nil
	}
	title := "Queues"
	if p.host != "" {
		title += " of " + p.String()
	}
	return show(diagram.Queues(list, diagram.Options{Title: title}), sink.Show, "", out)
}

// queuesOf turns sockets into what a picture of queues shows. Connections in
// SYN_RECV are in the SYN queue of the listener that has their port.
func queuesOf(sockets []lab.Socket, p place) (list []diagram.Socket) {
	type listener struct {
		host string
		port uint16
	}
	opening := map[listener]int{}
	for _, k := range sockets {
		if k.State == wire.SynRecv.String() {
			opening[listener{k.Host, k.Local.Port()}]++
		}
	}
	for _, k := range sockets {
		if p.port != 0 && k.Local.Port() != p.port || k.State == wire.SynRecv.String() || k.State == wire.TimeWait.String() {
			continue
		}
		d := diagram.Socket{Host: k.Host, Name: plain(k.Local).String(), State: k.State, Listening: k.State == wire.Listen.String(),
			Accept: k.Waiting, AcceptMax: k.Backlog + 1, SYN: opening[listener{k.Host, k.Local.Port()}],
			Unread: k.ReceiveQueue, RecvBuf: k.ReceiveBuffer, Unsent: k.SendQueue, SendBuf: k.SendBuffer}
		if k.Remote.Port() != 0 {
			d.Name += " ↔ " + plain(k.Remote).String()
		}
		if k.TCP != nil { // what was sent is counted in segments
			d.Unacked = min(k.SendQueue, k.TCP.Unacked*k.TCP.MSS)
			d.Unsent = k.SendQueue - d.Unacked
		}
		list = append(list, d)
	}
	return list
}

// plain writes an IPv4 address that an IPv6 socket has as IPv4.
func plain(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

// extra are the pictures that %%wire and %wire can draw of what was captured,
// beside the ladder.
var extra = map[string]func(t *trace.Trace) (*diagram.Picture, error){
	"backoff": func(t *trace.Trace) (*diagram.Picture, error) { return diagram.Backoff(t, -1, diagram.Options{}), nil },
	"states": func(t *trace.Trace) (*diagram.Picture, error) {
		flow := newest(t, place{})
		if flow < 0 {
			return nil, errors.New("there was no TCP connection")
		}
		return diagram.States(t, flow, diagram.Options{}), nil
	},
}

// drawExtra shows one of them.
func drawExtra(name string, c *capture, out directive.Output) error {
	p, err := extra[name](c.trace)
	if err != nil {
		return err
	}
	return show(p, sink.Show, "", out)
}
