package wire

import (
	"container/heap"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"
)

// Cable is the hub's end of the link to a host. ReadFrame fills b with the next
// frame that the host sent and says how long it is and when it left. If there
// is none it waits for one, or, if it is not to wait, returns 0. It fails with
// os.ErrClosed after Close. Lost returns the number of frames dropped before
// they could be read, since the last call.
type Cable interface {
	ReadFrame(b []byte, wait bool) (int, time.Time, error)
	WriteFrame(b []byte) error
	Lost() uint64
	Close() error
}

// Sampler asks a host for the state of the TCP socket with these two
// addresses.
type Sampler func(host string, local, remote netip.AddrPort) State

// MaxFrame is the longest frame that the hub carries, in bytes.
const MaxFrame = 1 << 16

// Hub joins hosts: what one sends, it captures and passes on to the one with
// the frame's address, or to all, as its rules allow. It is also the router
// that the hosts use for all other networks, and knows none. Make it with
// NewHub.
//
// Goroutines: Attach starts one that reads the host's cable; it ends when the
// cable fails or is closed. Frames that a rule delays are passed on by one
// timer. Close ends all and waits for them.
type Hub struct {
	// Capture has every frame.
	Capture *Capture
	// Sample, if set before the first Attach, is asked for the states beside
	// TCP frames.
	Sample Sampler

	readers sync.WaitGroup

	// mu is held while a frame is judged, captured and passed on, so that
	// frames are in one order for everybody.
	mu        sync.Mutex
	ports     map[string]*port
	byMAC     map[MAC]*port
	rules     []*ruleState
	seq       uint64
	held      heldFrames
	heldBytes int
	timer     *time.Timer
	err       error                    // the first failure to read a cable
	resting   map[connection]time.Time // until when not to sample
	closed    bool
}

// port is where a host is plugged in.
type port struct {
	host  string
	mac   MAC
	cable Cable
	off   string // why nothing passes; empty if it does
}

// NewHub returns a hub without ports that captures into c.
func NewHub(c *Capture) *Hub {
	return &Hub{Capture: c, ports: map[string]*port{}, byMAC: map[MAC]*port{}, resting: map[connection]time.Time{}}
}

// Attach plugs a host in. The hub owns the cable from then on.
func (h *Hub) Attach(host string, mac MAC, cable Cable) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.ports[host] != nil || h.byMAC[mac] != nil || host == Router || mac == RouterMAC {
		return fmt.Errorf("plug in %s: the hub is closed, or the name or address is taken", host)
	}
	p := &port{host: host, mac: mac, cable: cable}
	h.ports[host], h.byMAC[mac] = p, p
	h.readers.Go(func() { h.read(p, cable) })
	return nil
}

// Detach unplugs a host and closes its cable. Frames to it are dropped from
// then on, By being why, until it is attached again.
func (h *Hub) Detach(host, why string) error {
	h.mu.Lock()
	p := h.ports[host]
	if p == nil {
		h.mu.Unlock()
		return fmt.Errorf("unplug %s: no such host", host)
	}
	cable := p.cable
	p.cable, p.off = nil, why
	h.mu.Unlock()
	if cable == nil {
		return nil
	}
	return cable.Close()
}

// Reattach plugs a host in again that was detached.
func (h *Hub) Reattach(host string, cable Cable) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.ports[host]
	if h.closed || p == nil || p.cable != nil {
		return fmt.Errorf("plug in %s again: it is not unplugged", host)
	}
	// A new port: the reader of the old cable may still hold the old one.
	q := &port{host: host, mac: p.mac, cable: cable}
	h.ports[host], h.byMAC[p.mac] = q, q
	h.readers.Go(func() { h.read(q, cable) })
	return nil
}

// Silence stops what the host sends and receives at once, as when its power
// fails, without unplugging it: what it still sends vanishes and is not
// captured, what is sent to it is dropped, By being why.
func (h *Hub) Silence(host, why string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.ports[host]
	if p == nil {
		return fmt.Errorf("silence %s: no such host", host)
	}
	p.off = why
	return nil
}

// Close unplugs all hosts, drops what is under way, and waits for the hub's
// goroutines.
func (h *Hub) Close() error {
	h.mu.Lock()
	h.closed = true
	var errs []error
	for _, p := range h.ports {
		if p.cable != nil {
			errs = append(errs, p.cable.Close())
		}
	}
	if h.timer != nil {
		h.timer.Stop()
	}
	h.held = nil
	h.mu.Unlock()
	h.readers.Wait()
	return errors.Join(errs...)
}

// Err returns the first failure to read a cable that was not closed: what that
// host sends is not carried any more.
func (h *Hub) Err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

// CountLost asks the cables for frames that the kernel dropped because the hub
// did not read fast enough, and adds them to the capture's count.
func (h *Hub) CountLost() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.ports {
		if p.cable != nil {
			h.Capture.AddLost(p.cable.Lost())
		}
	}
}

// The most rules, and the most bytes of frames that delays may hold.
const (
	maxRules = 1000
	maxHeld  = 64 << 20
)

// AddRule adds a rule after the others. Its hosts must be plugged in, so that
// a name that was misspelt does not go unseen.
func (h *Hub) AddRule(r Rule) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, host := range []string{r.A, r.B, r.From} {
		if host != "" && host != Router && h.ports[host] == nil {
			return fmt.Errorf("rule %q: there is no host %q", r, host)
		}
	}
	if len(h.rules) >= maxRules {
		return fmt.Errorf("rule %q: there are %d already", r, maxRules)
	}
	h.rules = append(h.rules, newRuleState(r))
	return nil
}

// Rules returns the rules in force.
func (h *Hub) Rules() []Rule {
	h.mu.Lock()
	defer h.mu.Unlock()
	var rules []Rule
	for _, r := range h.rules {
		rules = append(rules, r.Rule)
	}
	return rules
}

// DeleteRules removes the rules that del is true for and returns how many they
// were.
func (h *Hub) DeleteRules(del func(Rule) bool) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := len(h.rules)
	h.rules = slices.DeleteFunc(h.rules, func(r *ruleState) bool { return del(r.Rule) })
	return n - len(h.rules)
}

// maxQueue bounds what read takes in ahead of what the hub carries, in bytes. A
// sender may have a whole TCP window on the way, which is more than the kernel
// keeps for us.
const maxQueue = 32 << 20

// queued is a frame that was read and not yet carried.
type queued struct {
	data []byte
	time time.Time
}

// read carries what one host sends until its cable ends. Before each frame it
// takes in all that has arrived by then, so that the kernel has no need to
// drop any.
func (h *Hub) read(p *port, cable Cable) {
	b := make([]byte, MaxFrame)
	var queue []queued
	size := 0
	for {
		for size < maxQueue {
			n, t, err := cable.ReadFrame(b, len(queue) == 0)
			if err != nil {
				h.fail(p, cable, err)
				return
			}
			if n == 0 {
				break
			}
			queue = append(queue, queued{slices.Clone(b[:n]), t})
			size += n
		}
		if len(queue) == 0 {
			continue // an empty frame
		}
		f := queue[0]
		queue[0] = queued{}
		queue = queue[1:]
		size -= len(f.data)
		h.take(p, cable, f.data, f.time)
	}
}

// fail remembers that a cable cannot be read any more.
func (h *Hub) fail(p *port, cable Cable, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err == nil && !h.closed && p.cable == cable && !errors.Is(err, os.ErrClosed) {
		h.err = fmt.Errorf("read the cable of %s: %w", p.host, err)
	}
}

// take carries one frame that a host sent.
func (h *Hub) take(p *port, cable Cable, data []byte, t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || p.off != "" || p.cable != cable || len(data) < 14 {
		return
	}
	pkt := decode(data)
	f := Frame{Sent: h.seq + 1, Time: t, From: p.host, Data: data, Len: len(data)}
	if pkt.dst == RouterMAC || pkt.isGroupReport() || routerAnswer(&pkt, data) != nil {
		h.toRouter(f, &pkt, p)
	}
	if pkt.isGroupReport() {
		return
	}
	switch to := h.byMAC[pkt.dst]; {
	case to == p:
	case to != nil:
		h.carry(f, &pkt, to)
	case pkt.dst.multicast():
		for _, name := range h.namesLocked() {
			if name != p.host {
				h.carry(f, &pkt, h.ports[name])
			}
		}
	case pkt.dst != RouterMAC:
		f.Seq, f.Fate, f.By = h.nextSeq(), Dropped, "no host has this address"
		h.Capture.Put(f)
	}
}

// namesLocked returns the hosts in a fixed order.
func (h *Hub) namesLocked() []string {
	names := make([]string, 0, len(h.ports))
	for name := range h.ports {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (h *Hub) nextSeq() uint64 {
	h.seq++
	return h.seq
}

// toRouter gives a frame to the hub's own router and sends its answer.
func (h *Hub) toRouter(f Frame, pkt *packet, from *port) {
	f.To = Router
	v := h.judge(f.From, Router, pkt)
	f.Seq, f.Fate, f.By = h.nextSeq(), Delivered, v.by
	if v.fate == Dropped || v.fate == Refused {
		f.Fate = v.fate
		h.Capture.Put(f)
		return
	}
	f.Arrived = f.Time
	h.Capture.Put(f)
	if answer := routerAnswer(pkt, f.Data); answer != nil {
		h.make(answer, from)
	}
}

// make sends a frame of the hub's own to a host.
func (h *Hub) make(data []byte, to *port) {
	pkt := decode(data)
	h.carry(Frame{Sent: h.seq + 1, Time: time.Now(), From: Router, Data: data, Len: len(data), Made: true}, &pkt, to)
}

// verdict is what the rules say about a frame.
type verdict struct {
	fate   Fate // UnderWay if no rule decides
	by     string
	code   Code
	delay  time.Duration
	copies int
}

// judge asks the rules in order.
func (h *Hub) judge(from, to string, pkt *packet) (v verdict) {
	for _, r := range h.rules {
		if r.Action == Unreachable && pkt.ip == nil || !r.acts(from, to, pkt) {
			continue
		}
		if v.by != "" {
			v.by += "; "
		}
		v.by += r.text
		switch r.Action {
		case Drop, Cut:
			v.fate = Dropped
			return v
		case Unreachable:
			v.fate, v.code = Refused, r.Code
			return v
		case Delay:
			v.delay += r.Delay
		case Duplicate:
			v.copies++
		}
	}
	return v
}

// carry takes a frame to one host, or to its end on the way.
func (h *Hub) carry(f Frame, pkt *packet, to *port) {
	f.Seq, f.To = h.nextSeq(), to.host
	v := h.judge(f.From, f.To, pkt)
	f.By = v.by
	if h.Sample != nil && pkt.tcp && !h.rests(&f, pkt) {
		f.Before = h.sampleBoth(&f, pkt)
		h.rest(&f, pkt)
	}
	if v.fate == Dropped || v.fate == Refused {
		f.Fate = v.fate
		h.Capture.Put(f)
		if from := h.ports[f.From]; v.fate == Refused && from != nil {
			if answer := unreachable(pkt, v.code); answer != nil {
				h.make(answer, from)
			}
		}
		return
	}
	h.deliverAfter(v.delay, f, pkt)
	for range min(v.copies, 8) {
		c := f
		c.Seq, c.Made = h.nextSeq(), true
		h.deliverAfter(v.delay, c, pkt)
	}
}

func (h *Hub) deliverAfter(d time.Duration, f Frame, pkt *packet) {
	if d == 0 {
		h.deliver(f, pkt)
		return
	}
	if h.heldBytes+f.Len > maxHeld {
		f.Fate, f.By = Dropped, f.By+"; too much is under way"
		h.Capture.Put(f)
		return
	}
	h.Capture.Put(f)
	h.heldBytes += f.Len
	heap.Push(&h.held, heldFrame{at: time.Now().Add(d), frame: f, pkt: pkt})
	h.setTimerLocked()
}

// deliver gives a frame to its receiver.
func (h *Hub) deliver(f Frame, pkt *packet) {
	to := h.ports[f.To]
	f.Fate = Dropped
	switch {
	case to == nil || to.off != "":
		if f.By != "" {
			f.By += "; "
		}
		if to != nil {
			f.By += to.off
		}
	case to.cable == nil:
	default:
		given := time.Now()                                 // before its answer leaves, which can be within the call
		if err := to.cable.WriteFrame(f.Data); err != nil { // a link that is down, a queue that is full
			f.By = err.Error()
			break
		}
		f.Fate, f.Arrived = Delivered, given
		if f.Before != nil {
			f.After = h.sampleReceiver(&f, pkt)
		}
	}
	h.Capture.Put(f)
}

// In bulk, frames follow each other faster than anybody looks at states, and
// asking for them would make the hub slow enough to lose frames. Hence, once both
// ends were ESTABLISHED, frames of that connection that carry no SYN, FIN or RST
// are not sampled for sampleRest.
const (
	sampleRest    = time.Millisecond
	maxResting    = 4096 // connections
	flagsOfChange = flagSYN | flagFIN | flagRST
)

// connection names a TCP connection from either side.
type connection struct{ a, b netip.AddrPort }

func connectionOf(pkt *packet) connection {
	c := connection{netip.AddrPortFrom(pkt.srcIP, pkt.srcPort), netip.AddrPortFrom(pkt.dstIP, pkt.dstPort)}
	if c.a.Compare(c.b) > 0 {
		c.a, c.b = c.b, c.a
	}
	return c
}

// rests tells whether a frame need not be sampled.
func (h *Hub) rests(f *Frame, pkt *packet) bool {
	return pkt.flags&flagsOfChange == 0 && f.Time.Before(h.resting[connectionOf(pkt)])
}

// rest notes what was seen of a frame's connection.
func (h *Hub) rest(f *Frame, pkt *packet) {
	if len(f.Before) < 2 || f.Before[0].State != Established || f.Before[1].State != Established || pkt.flags&flagsOfChange != 0 {
		delete(h.resting, connectionOf(pkt))
		return
	}
	if len(h.resting) >= maxResting {
		clear(h.resting)
	}
	h.resting[connectionOf(pkt)] = f.Time.Add(sampleRest)
}

// sampleBoth asks both ends of a TCP frame's connection for its state.
func (h *Hub) sampleBoth(f *Frame, pkt *packet) []Sample {
	src, dst := netip.AddrPortFrom(pkt.srcIP, pkt.srcPort), netip.AddrPortFrom(pkt.dstIP, pkt.dstPort)
	samples := make([]Sample, 0, 2)
	if f.From != Router {
		samples = append(samples, h.sample(f.From, src, dst))
	}
	return append(samples, h.sampleReceiver(f, pkt)...)
}

func (h *Hub) sampleReceiver(f *Frame, pkt *packet) []Sample {
	if to := h.ports[f.To]; to == nil || to.off != "" {
		return nil
	}
	return []Sample{h.sample(f.To, netip.AddrPortFrom(pkt.dstIP, pkt.dstPort), netip.AddrPortFrom(pkt.srcIP, pkt.srcPort))}
}

func (h *Hub) sample(host string, local, remote netip.AddrPort) Sample {
	return Sample{Host: host, Local: local, Remote: remote, State: h.Sample(host, local, remote)}
}
