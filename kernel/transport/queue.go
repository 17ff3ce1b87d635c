package transport

import (
	"sync"
	"sync/atomic"
	"time"
)

// messageCost is what a message costs in memory beside its bytes, roughly: it counts towards the bounds of a queue, so
// that many small messages are bounded too.
const messageCost = 512

// maxSpare is the length up to which a list of messages is kept to be filled again.
const maxSpare = 4096

// A queue holds what waits to be written to one peer. Any goroutine may add; one takes.
type queue struct {
	wake chan struct{} // to the taker: there is something to do; holds one token
	room chan struct{} // to who waits for room: some was made; holds one token
	gone chan struct{} // closed when the queue is abandoned

	enough int64        // bytes waiting at which it is worth waking who waits for room
	bytes  atomic.Int64 // of messages added and not yet written, with messageCost each
	active atomic.Int64 // when the peer last took something or the queue began to fill, in ns since epoch
	epoch  time.Time

	mu       sync.Mutex // serialises what follows
	waiting  batch
	spare    []outgoing // the list taken before last, to be filled again
	finished bool       // nothing more will be added
	ended    bool       // gone is closed
}

// A batch is what the writer takes at once.
type batch struct {
	messages []outgoing
	pong     []byte // the context of a PING to be answered; nil if none
}

type outgoing struct {
	frames [][]byte // shared between queues: read only
	size   int64
}

func newOutgoing(frames [][]byte) outgoing {
	size := int64(messageCost)
	for _, f := range frames {
		size += int64(len(f))
	}
	return outgoing{frames, size}
}

// newQueue returns a queue whose room channel gets a token whenever it has emptied to enough bytes.
func newQueue(enough int64) *queue {
	return &queue{
		enough: enough,
		wake:   make(chan struct{}, 1),
		room:   make(chan struct{}, 1),
		gone:   make(chan struct{}),
		epoch:  time.Now(),
	}
}

// add appends messages, unless the queue is finished or abandoned.
func (q *queue) add(messages ...outgoing) bool {
	q.mu.Lock()
	if q.finished || q.ended {
		q.mu.Unlock()
		return false
	}
	first := len(q.waiting.messages) == 0
	for _, m := range messages {
		if q.bytes.Add(m.size) == m.size {
			q.progress()
		}
	}
	q.waiting.messages = append(q.waiting.messages, messages...)
	q.mu.Unlock()
	if first {
		signal(q.wake)
	}
	return true
}

// pong has a PING answered. A PING that comes before the last one's answer went out takes its place.
func (q *queue) pong(context []byte) {
	q.mu.Lock()
	q.waiting.pong = append([]byte{}, context...)
	q.mu.Unlock()
	signal(q.wake)
}

// take waits for something to write; false if the queue is finished and empty, or abandoned. The batch is valid until
// the next take.
func (q *queue) take() (batch, bool) {
	for {
		q.mu.Lock()
		switch {
		case q.ended:
			q.mu.Unlock()
			return batch{}, false
		case len(q.waiting.messages) > 0 || q.waiting.pong != nil:
			b := q.waiting
			q.waiting = batch{messages: q.spare[:0]}
			q.spare = nil
			if cap(b.messages) <= maxSpare {
				q.spare = b.messages
			}
			q.mu.Unlock()
			return b, true
		case q.finished:
			q.mu.Unlock()
			return batch{}, false
		}
		q.mu.Unlock()
		select {
		case <-q.wake:
		case <-q.gone:
		}
	}
}

// empty reports whether take would wait.
func (q *queue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting.messages) == 0 && q.waiting.pong == nil
}

// written notes that size bytes of the messages taken are on their way.
func (q *queue) written(size int64) {
	if left := q.bytes.Add(-size); left <= q.enough && left+size > q.enough {
		signal(q.room)
	}
}

// size is how many bytes wait, including those of the batch being written.
func (q *queue) size() int64 { return q.bytes.Load() }

// progress notes that the peer takes what is sent.
func (q *queue) progress() { q.active.Store(int64(time.Since(q.epoch))) }

// idleFor is how long the peer has taken nothing while something waited for it.
func (q *queue) idleFor() time.Duration {
	return time.Since(q.epoch) - time.Duration(q.active.Load())
}

// finish lets the taker leave once the queue is empty.
func (q *queue) finish() {
	q.mu.Lock()
	q.finished = true
	q.mu.Unlock()
	signal(q.wake)
}

// abandon drops what waits and lets everybody go. It reports whether it was the first to do so.
func (q *queue) abandon() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended {
		return false
	}
	q.ended = true
	q.waiting, q.spare = batch{}, nil
	close(q.gone)
	return true
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
