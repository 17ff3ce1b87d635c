package wire

import (
	"container/heap"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

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
			p.queued.Store(int32(len(queue)))
		}
		if len(queue) == 0 {
			continue // an empty frame
		}
		f := queue[0]
		queue[0] = queued{}
		queue = queue[1:]
		size -= len(f.data)
		h.take(p, cable, f.data, f.time)
		p.queued.Store(int32(len(queue)))
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
		h.carry(f, &pkt, Router)
	}
	if pkt.isGroupReport() {
		return
	}
	switch to := h.byMAC[pkt.dst]; {
	case to == p:
	case to != nil:
		h.carry(f, &pkt, to.host)
	case pkt.dst.multicast():
		for _, name := range h.namesLocked() {
			if name != p.host {
				h.carry(f, &pkt, name)
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

// make sends a frame of the hub's own to a host.
func (h *Hub) make(data []byte, to string) {
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
		if r.Action == Unreachable && !pkt.answerable() || !r.acts(from, to, pkt) {
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
func (h *Hub) carry(f Frame, pkt *packet, to string) {
	f.Seq, f.To = h.nextSeq(), to
	v := h.judge(f.From, f.To, pkt)
	f.By = v.by
	if h.Sample != nil && pkt.tcp && !h.rests(&f, pkt) {
		f.Before = h.sampleBoth(&f, pkt)
		h.rest(&f, pkt)
	}
	if v.fate == Dropped || v.fate == Refused {
		f.Fate = v.fate
		h.Capture.Put(f)
		if answer := unreachable(pkt, v.code); v.fate == Refused && answer != nil && f.From != Router {
			h.make(answer, f.From)
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
	if f.To == Router {
		f.Fate, f.Arrived = Delivered, time.Now()
		h.Capture.Put(f)
		if answer := routerAnswer(pkt, f.Data); answer != nil {
			h.make(answer, f.From)
		}
		return
	}
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
