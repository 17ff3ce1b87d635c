package stage

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"sockbook/kernel/worker"
	"sockbook/runtime/sock"
	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
)

// callLog is the socket calls of all processes, kept while pictures want them.
type callLog struct {
	mu     sync.Mutex // guards what is below
	wanted int        // pictures that do
	calls  map[callKey]trace.Call
	order  []callKey
	lost   map[string]int // process → calls that were too many
}

// callKey names a call: one that waits comes again when it has ended.
type callKey struct {
	process string
	id      uint64
}

// maxCalls bounds the calls kept for pictures.
const maxCalls = 50_000

// record has calls kept until stop is called.
func (s *Stage) record() (stop func()) {
	s.calls.mu.Lock()
	s.calls.wanted++
	first := s.calls.wanted == 1
	s.calls.mu.Unlock()
	if first {
		for _, p := range s.all() {
			p.SetRecording(true)
		}
		// A process that waits in the background does nothing else until it has
		// heard of it: else the end of its call could go unseen.
		s.flushCalls(context.Background())
	}
	return sync.OnceFunc(func() {
		s.calls.mu.Lock()
		s.calls.wanted--
		last := s.calls.wanted == 0
		if last {
			s.calls.calls, s.calls.order, s.calls.lost = nil, nil, nil
		}
		s.calls.mu.Unlock()
		if last {
			for _, p := range s.all() {
				p.SetRecording(false)
			}
		}
	})
}

// recording tells whether calls are kept.
func (l *callLog) recording() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wanted > 0
}

// take keeps calls of a process on a host.
func (l *callLog) take(process, host string, c worker.Calls) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.wanted == 0 {
		return
	}
	if l.calls == nil {
		l.calls, l.lost = map[callKey]trace.Call{}, map[string]int{}
	}
	l.lost[process] = max(l.lost[process], c.Lost)
	for _, e := range c.Entries {
		k := callKey{process, e.ID}
		if _, again := l.calls[k]; !again {
			if len(l.order) == maxCalls {
				l.lost[process]++
				continue
			}
			l.order = append(l.order, k)
		}
		l.calls[k] = callOf(process, host, e)
	}
}

// since returns the calls that were under way at a time or later, and how many
// more there were.
func (l *callLog) since(began time.Time) (calls []trace.Call, lost int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range l.order {
		c := l.calls[k]
		if c.Begin.IsZero() { // before the recording
			c.Begin = began
			if c.Kind == trace.Accept || c.Kind == trace.Receive { // it waited, nobody knows since when
				c.Begin = c.End
			}
		}
		if c.End.IsZero() || c.End.After(began) {
			calls = append(calls, c)
		}
	}
	for _, n := range l.lost {
		lost += n
	}
	return calls, lost
}

// flushCalls has all processes say which calls they have made, and which wait.
func (s *Stage) flushCalls(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, settleMost)
	defer cancel()
	var wg sync.WaitGroup
	for _, p := range s.all() {
		wg.Go(func() { p.FlushCalls(ctx) }) // one that does not answer has said what it has
	}
	wg.Wait()
}

var callKinds = map[sock.Kind]trace.CallKind{
	sock.Connecting: trace.Connect, sock.Accepting: trace.Accept, sock.Sending: trace.Send, sock.Receiving: trace.Receive,
	sock.ClosingDown: trace.Close, sock.ShuttingDown: trace.Shutdown,
}

// callOf is a call as pictures have it.
func callOf(process, host string, e sock.Entry) trace.Call {
	s := e.Socket
	c := trace.Call{Begin: e.Begin, End: e.End, Host: host, Worker: process, Kind: callKinds[e.Kind], Cell: cellNumber(e.Cell), Line: e.Line,
		Name: e.Name, Args: e.Args, Result: e.Result, Failed: e.Failed, Bytes: e.Bytes, Local: s.Local, Remote: s.Remote,
		Socket: s.Path, Peer: s.PeerPath, Inode: s.Inode, Other: s.Other, FD: s.FD, Second: s.Second, Pipe: s.Network == "pipe"}
	switch s.Network {
	case "tcp":
		c.Proto = packet.TCP
	case "udp":
		c.Proto = packet.UDP
	}
	return c
}

// cellNumber reads a cell's name, "[7]"; 0: it has no number.
func cellNumber(name string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(name, "["), "]"))
	if err != nil {
		return 0
	}
	return n
}

// within tells whether a call is about what stays within its host: loopback,
// UNIX-domain sockets and pipes. own are the host's addresses.
func within(c *trace.Call, own []netip.Addr) bool {
	inside := func(a netip.AddrPort) bool { return a.Addr().IsLoopback() || slices.Contains(own, a.Addr()) }
	switch {
	case c.Pipe, c.Socket != "", c.Peer != "", c.Other != 0:
		return true
	case c.Proto == packet.Other && c.Inode != 0 && !c.Local.IsValid():
		return true // a UNIX-domain socket without a name
	case c.Remote.IsValid():
		return inside(c.Remote)
	}
	return inside(c.Local)
}

// split separates the calls that stay within their hosts from those about the
// wire. What prepares a socket (socket, bind, listen) goes where its other
// calls go.
func split(calls []trace.Call, own map[string][]netip.Addr) (wire, local []trace.Call) {
	type key struct {
		host  string
		inode uint64
		port  uint16
	}
	keyOf := func(c *trace.Call) key {
		if c.Inode != 0 {
			return key{c.Host, c.Inode, 0}
		}
		return key{c.Host, 0, c.Local.Port()}
	}
	talks := func(c *trace.Call) bool {
		return c.Remote.IsValid() || c.Kind != trace.OtherCall || within(c, own[c.Host])
	}
	inside := map[key]bool{}
	ports := map[key]bool{} // of those that talk within their host
	for i := range calls {
		if c := &calls[i]; talks(c) && within(c, own[c.Host]) {
			inside[keyOf(c)] = true
			ports[key{c.Host, 0, c.Local.Port()}] = true
			ports[key{c.Host, 0, c.Remote.Port()}] = true
		}
	}
	for i := range calls {
		c := &calls[i]
		port := key{c.Host, 0, c.Local.Port()}
		switch {
		case within(c, own[c.Host]), !c.Remote.IsValid() && (inside[keyOf(c)] || port.port != 0 && ports[port]):
			local = append(local, *c)
		default:
			wire = append(wire, *c)
		}
	}
	return wire, local
}
