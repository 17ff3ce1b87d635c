package interp

import (
	"os"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"

	"sockbook/runtime/sock"
)

// wakeSignal brings a thread back from a system call. It is one that nobody
// uses; Go's runtime has a handler for it that does nothing if nobody asked for
// it by os/signal.
const wakeSignal = unix.Signal(62)

// thread is the one that makes a system call for a goroutine which may wait.
// The goroutine could go on on another thread just before the call; then a
// wake comes to nothing, and who sent it sends it again.
type thread struct {
	mu   sync.Mutex
	id   int  // 0: there is none
	sent bool // a signal, since the call began
}

// runtimeThread is what Go's runtime has written down as the calling thread's
// id, which spares a system call for each of a cell's (as Go 1.26 has it).
func runtimeThread() uint64

// threadID is the calling thread's id.
var threadID = sync.OnceValue(func() func() int {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if runtimeThread() != uint64(unix.Gettid()) {
		return unix.Gettid
	}
	return func() int { return int(runtimeThread()) }
})

// begin notes that the calling thread is about to make the call.
func (t *thread) begin() {
	id := threadID()()
	t.mu.Lock()
	t.id, t.sent = id, false
	t.mu.Unlock()
}

// end reports whether a signal was sent meanwhile.
func (t *thread) end() (sent bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.id = 0
	return t.sent
}

// wake makes the call fail with EINTR.
func (t *thread) wake() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.id != 0 {
		t.sent = true
		unix.Tgkill(os.Getpid(), t.id, wakeSignal) // fails if the thread has ended, and so the call
	}
}

// waits begins a system call of the calling goroutine that may wait. It ends
// the goroutine at once if that was asked for.
func (m *Machine) waits() sock.Call {
	g := m.current()
	if g.cancel == nil {
		return nil
	}
	wakes()
	g.thread.begin()
	if g.stop.Load() {
		g.thread.end()
		m.stopHere(g)
	}
	return g
}

// Returned implements sock.Call.
func (g *goroutine) Returned(err error) (again bool) {
	sent := g.thread.end()
	if err != unix.EINTR || !sent {
		return false
	}
	if g.stop.Load() {
		g.machine.stopHere(g)
	}
	return true
}

// wakes makes the handler of wakeSignal one after which system calls are not
// restarted, as those of Go's runtime are (sigaction(2), SA_RESTART).
var wakes = sync.OnceFunc(func() {
	var a sigaction
	if swapAction(nil, &a) == nil {
		a.flags &^= saRestart
		swapAction(&a, nil)
	}
})
