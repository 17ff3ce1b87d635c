package interp

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// ended is what a goroutine panics with when it is to end: deferred calls run,
// recover does not see it.
type ended struct{ why error }

// Error is for compiled code that recovers and prints it.
func (e *ended) Error() string { return e.why.Error() }

// Unrecoverable makes package rt pass it on.
func (*ended) Unrecoverable() {}

var errInterrupt = errors.New("interrupted")

// stopHere ends the goroutine that calls it.
func (m *Machine) stopHere(g *goroutine) {
	g.stop.Store(false)
	select {
	case <-g.cancel:
	default:
	}
	err, _ := g.why.Load().(error)
	panic(&ended{err})
}

// finish asks a goroutine to end at its next step, or out of what it waits for.
func (g *goroutine) finish(err error) {
	g.why.Store(err)
	g.stop.Store(true)
	select {
	case g.cancel <- struct{}{}:
	default:
	}
	g.thread.wake()
}

// overflow ends a goroutine whose calls are too deep.
func (m *Machine) overflow(g *goroutine) {
	if m.program {
		fmt.Fprint(os.Stderr, "runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow\n\ngoroutine 1 [running]:\n")
		exit(2)
	}
	g.over = &ended{&StackOverflow{Depth: g.depth}}
	panic(g.over)
}

const (
	grace   = 100 * time.Millisecond // for a cell to come back from an interrupt
	restart = 20 * time.Millisecond  // between attempts
)

// Interrupt ends the running cell; state is kept. Deferred calls of the cell
// run. A cell that does not come back within 100 ms is left behind.
func (m *Machine) Interrupt() {
	m.mu.Lock()
	g, done := m.running, m.done
	m.mu.Unlock()
	if g == nil {
		return
	}
	m.mu.Lock()
	m.before = nil
	m.mu.Unlock()
	list := m.Goroutines()
	m.mu.Lock()
	m.before = list
	m.mu.Unlock()
	deadline := time.After(grace)
	var restores []func()
	defer func() {
		for _, f := range restores {
			f()
		}
	}()
	for {
		g.finish(errInterrupt)
		restores = append(restores, m.wake(g))
		select {
		case <-done:
			return
		case <-deadline:
			m.abandon(g)
			return
		case <-time.After(restart):
		}
	}
}

// abandon lets Run return although its goroutine has not come back.
func (m *Machine) abandon(g *goroutine) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running == g {
		m.running = nil
		close(m.left)
	}
}

// wake brings back a goroutine that waits for a connection in compiled code;
// the function that it gives takes back what was done for that.
func (m *Machine) wake(g *goroutine) (restore func()) {
	for _, s := range stacks() {
		if s.id == g.id && strings.HasPrefix(s.state, "IO wait") {
			return m.world.WakeConns(s.text)
		}
	}
	return func() {}
}
