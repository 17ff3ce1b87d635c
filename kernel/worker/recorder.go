package worker

import (
	"context"
	"sync"
	"time"

	"sockbook/runtime/sock"
)

// Calls is a piece of the list of socket calls that a process makes.
type Calls struct {
	Entries []sock.Entry `json:"entries,omitempty"`
	Lost    int          `json:"lost,omitempty"` // so far, because they were too many
}

const (
	// callsAfter is how long calls wait for more before they are passed on.
	callsAfter = 20 * time.Millisecond
	// callsAtOnce is how many go into one frame.
	callsAtOnce = 500
)

// recorder passes the child's socket calls on while they are wanted. While it
// records, it has a goroutine.
type recorder struct {
	where func() (cell string, line int)
	send  func(Calls)

	mu   sync.Mutex // guards what is below, and keeps the pieces in order
	log  *sock.Log
	stop context.CancelFunc
}

// record begins or ends it.
func (r *recorder) record(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if on == (r.log != nil) {
		return
	}
	if !on {
		sock.Record(nil)
		r.flushLocked(true)
		r.stop()
		r.log = nil
		return
	}
	var ctx context.Context
	ctx, r.stop = context.WithCancel(context.Background())
	r.log = sock.NewLog(r.where)
	sock.Record(r.log)
	go r.pass(ctx, r.log.Ready())
}

func (r *recorder) pass(ctx context.Context, ready <-chan struct{}) {
	for {
		select {
		case <-ready:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(callsAfter):
		case <-ctx.Done():
			return
		}
		r.flush(false)
	}
}

// flush passes on what there is, with waiting also calls that have not ended.
func (r *recorder) flush(waiting bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flushLocked(waiting)
}

func (r *recorder) flushLocked(waiting bool) {
	if r.log == nil {
		return
	}
	entries, lost := r.log.Take(waiting)
	for len(entries) > 0 {
		n := min(len(entries), callsAtOnce)
		r.send(Calls{entries[:n], lost})
		entries = entries[n:]
	}
}
