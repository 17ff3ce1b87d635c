package session

import (
	"context"
	"sync"
	"time"

	"sockbook/kernel/jupyter"
)

// queue holds requests until their turn. Its methods may be called from any
// goroutine.
type queue struct {
	mu    sync.Mutex // guards what is below
	list  []*jupyter.Message
	last  time.Time     // when the last one came
	wake  chan struct{} // has room for one
	taken bool          // the one taken last is still worked on
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

func (q *queue) add(m *jupyter.Message) {
	q.mu.Lock()
	q.list = append(q.list, m)
	q.last = time.Now()
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// next waits for a request and takes it; nil when ctx ends. The one taken
// before is done with.
func (q *queue) next(ctx context.Context) *jupyter.Message {
	for {
		q.mu.Lock()
		q.taken = len(q.list) > 0
		if q.taken {
			m := q.list[0]
			q.list = q.list[1:]
			q.mu.Unlock()
			return m
		}
		q.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil
		case <-q.wake:
		}
	}
}

// takeAll takes all requests that wait.
func (q *queue) takeAll() []*jupyter.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.list
	q.list = nil
	return all
}

// lastAfter returns when the last request came, or t if that was earlier.
func (q *queue) lastAfter(t time.Time) time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.last.After(t) {
		return q.last
	}
	return t
}

// busy reports whether a request is worked on or waits.
func (q *queue) busy() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.taken || len(q.list) > 0
}
