package wire

import (
	"container/heap"
	"time"
)

// heldFrame is a frame that waits for its time.
type heldFrame struct {
	at    time.Time
	frame Frame
	pkt   *packet
}

// heldFrames is a heap (container/heap), the next frame first. Frames for the
// same time keep their order.
type heldFrames []heldFrame

func (q heldFrames) Len() int { return len(q) }
func (q heldFrames) Less(i, j int) bool {
	if q[i].at.Equal(q[j].at) {
		return q[i].frame.Seq < q[j].frame.Seq
	}
	return q[i].at.Before(q[j].at)
}
func (q heldFrames) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *heldFrames) Push(x any)   { *q = append(*q, x.(heldFrame)) }
func (q *heldFrames) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	(*q)[last] = heldFrame{}
	*q = (*q)[:last]
	return x
}

// setTimerLocked wakes the hub when the next held frame is due.
func (h *Hub) setTimerLocked() {
	if len(h.held) == 0 || h.closed {
		return
	}
	d := time.Until(h.held[0].at)
	if h.timer == nil {
		h.timer = time.AfterFunc(d, h.due)
		return
	}
	h.timer.Reset(d)
}

// due passes on the held frames whose time has come.
func (h *Hub) due() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.held) > 0 && !h.held[0].at.After(time.Now()) {
		x := heap.Pop(&h.held).(heldFrame)
		h.heldBytes -= x.frame.Len
		if by := h.cutBy(x.frame.From, x.frame.To); by != "" {
			x.frame.Fate, x.frame.By = Dropped, by
			h.Capture.Put(x.frame)
			continue
		}
		h.deliver(x.frame, x.pkt)
	}
	h.setTimerLocked()
}

// cutBy returns the rule by which the cable between two hosts is cut.
func (h *Hub) cutBy(from, to string) string {
	for _, r := range h.rules {
		if r.Action == Cut && r.matches(from, to, &packet{}) {
			return r.text
		}
	}
	return ""
}
