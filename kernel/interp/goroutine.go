package interp

import (
	"context"
	"runtime"
	"runtime/pprof"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/petermattis/goid"
)

// goroutine is one goroutine that runs cells' code.
type goroutine struct {
	id      int64
	machine *Machine
	started Frame
	stop    atomic.Bool   // it is to end at the next step
	cancel  chan struct{} // wakes its blocking operations; nil in a program
	thread  thread        // that is in a system call for it, which may wait
	why     atomic.Value  // error: what stopHere panics with
	depth   int
	at      atomic.Pointer[node] // its last operation that may wait

	over   *ended    // its stack overflowed, and it goes on ending
	frame  *frame    // which called compiled code last
	notes  []*node   // the places a panic passed, innermost first
	before [][]*node // those of the panics during which calls began that go on
}

const maxNotes = 100

func (g *goroutine) note(n *node) {
	if len(g.notes) < maxNotes {
		g.notes = append(g.notes, n)
	}
}

// begin says that a call begins whose panics are not the ones in flight; end
// that it is done, with a panic of its own or without.
func (g *goroutine) begin() {
	g.before = append(g.before, g.notes)
	g.notes = nil
}

func (g *goroutine) end(normally bool) {
	last := len(g.before) - 1
	if outer := g.before[last]; normally {
		g.notes = outer
	} else {
		g.notes = append(g.notes, outer[:min(len(outer), maxNotes-len(g.notes))]...)
	}
	g.before[last] = nil
	g.before = g.before[:last]
}

// recovered says that the deferred call that goes on recovered the panic that
// was in flight when it began.
func (g *goroutine) recovered() {
	if last := len(g.before) - 1; last >= 0 {
		g.before[last] = nil
	}
}

// returned says that compiled code returned that was called when there were n
// notes: of what panicked meanwhile, it has recovered.
func (g *goroutine) returned(n int) {
	if g.over != nil {
		panic(g.over)
	}
	if len(g.notes) > n {
		g.notes = g.notes[len(g.notes)-n:]
	}
}

func (g *goroutine) waits(n *node) { g.at.Store(n) }

// goroutines are those of a Machine.
type goroutines struct {
	mu   sync.Mutex
	byID map[int64]*goroutine
}

// current is the goroutine that asks. One that no cell started (a callback of
// compiled code) is known from its first call on.
func (m *Machine) current() *goroutine {
	id := goid.Get()
	m.gs.mu.Lock()
	defer m.gs.mu.Unlock()
	g := m.gs.byID[id]
	if g == nil {
		g = &goroutine{id: id}
		m.gs.byID[id] = g
		if len(m.gs.byID) > m.gs2 {
			m.sweep()
		}
	}
	return g
}

// sweep forgets goroutines of compiled code that have ended.
func (m *Machine) sweep() {
	live := map[int64]bool{}
	for _, s := range stacks() {
		live[s.id] = true
	}
	for id := range m.gs.byID {
		if !live[id] {
			delete(m.gs.byID, id)
		}
	}
	m.gs2 = 2*len(m.gs.byID) + 256
}

// enter makes the calling goroutine one of the Machine's; leave ends that.
func (m *Machine) enter(started Frame) *goroutine {
	g := &goroutine{id: goid.Get(), machine: m, started: started}
	if !m.program {
		g.cancel = make(chan struct{}, 1)
	}
	m.gs.mu.Lock()
	m.gs.byID[g.id] = g
	m.gs.mu.Unlock()
	return g
}

func (m *Machine) leave(g *goroutine) {
	m.gs.mu.Lock()
	if m.gs.byID[g.id] == g {
		delete(m.gs.byID, g.id)
	}
	m.gs.mu.Unlock()
}

// startGoroutine runs the go statement at pos.
func (m *Machine) startGoroutine(pos string, body func()) {
	started := m.frameAt(pos)
	go func() {
		label(started.Cell, started.Line)
		g := m.enter(started)
		defer m.leave(g)
		defer func() {
			r := recover()
			if r == nil {
				return
			}
			p := m.panicOf(g, r)
			if p == nil {
				return // ended by request
			}
			if m.opts.OnPanic != nil {
				m.opts.OnPanic(p)
			}
		}()
		m.callDirectly(body, false)
	}()
}

// label gives the calling goroutine's place of birth to the runtime, which
// prints it when it must end the process (tracebacklabels of GODEBUG), so that
// whoever reads its last words knows the cell. Line 0 is the cell itself.
//
// Goroutines that compiled code starts inherit it, which born reads.
func label(cell string, line int) {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("cell", cell, "line", strconv.Itoa(line))))
}

// frameAt reads a position as package lower writes it: cell:line:column.
func (m *Machine) frameAt(pos string) Frame {
	p := strings.Split(pos, ":")
	if len(p) != 3 {
		return Frame{}
	}
	cellNo, _ := strconv.Atoi(p[0])
	line, _ := strconv.Atoi(p[1])
	col, _ := strconv.Atoi(p[2])
	f := Frame{Line: line, Column: col, Func: "main"}
	m.mu.Lock()
	defer m.mu.Unlock()
	if cellNo >= 1 && cellNo <= len(m.names) {
		f.Cell = m.names[cellNo-1]
	}
	return f
}

// Goroutines lists the goroutines that cells started and that have not ended,
// and the running cell's own, by number.
func (m *Machine) Goroutines() []Goroutine {
	state := map[int64]string{}
	for _, s := range stacks() {
		state[s.id] = s.state
	}
	m.mu.Lock()
	running := m.running
	m.mu.Unlock()
	m.gs.mu.Lock()
	var list []Goroutine
	for _, g := range m.gs.byID {
		st, live := state[g.id]
		if !live || g.started.Func == "" && g != running {
			continue
		}
		x := Goroutine{ID: g.id, Started: g.started, State: st}
		if n := g.at.Load(); n != nil && st != "running" && st != "runnable" {
			x.At = m.place(n)
		}
		list = append(list, x)
	}
	m.gs.mu.Unlock()
	sort.Slice(list, func(i, j int) bool { return list[i].ID < list[j].ID })
	return list
}

// Where says which line of which cell the calling goroutine is at: the last
// call that it made. For a goroutine that compiled code started it is the go
// statement of the goroutine that this one goes back to. Without either, the
// Frame is zero.
func (m *Machine) Where() Frame {
	m.gs.mu.Lock()
	g := m.gs.byID[goid.Get()]
	m.gs.mu.Unlock()
	if g != nil {
		if n := g.at.Load(); n != nil {
			if f := m.place(n); f.Line > 0 {
				return f
			}
		}
	}
	return born()
}

type stack struct {
	id    int64
	state string
	text  string
}

// stacks reads the runtime's own list of goroutines.
func stacks() []stack {
	buf := make([]byte, 1<<16)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		if len(buf) >= 1<<26 {
			break
		}
		buf = make([]byte, 4*len(buf))
	}
	var list []stack
	for _, part := range strings.Split(string(buf), "\n\n") {
		head, _, _ := strings.Cut(part, "\n")
		rest, ok := strings.CutPrefix(head, "goroutine ")
		if !ok {
			continue
		}
		num, rest, _ := strings.Cut(rest, " ")
		id, err := strconv.ParseInt(num, 10, 64)
		if err != nil {
			continue
		}
		if i := strings.Index(rest, "["); i >= 0 {
			rest = rest[i+1:]
		}
		st, _, _ := strings.Cut(rest, "]")
		st, _, _ = strings.Cut(st, " labels:") // see label
		st, _, _ = strings.Cut(st, ",")
		list = append(list, stack{id, waitsFor(st, part), part})
	}
	return list
}

// waitsFor tells what a goroutine waits for that waits in a select of ours,
// which also waits for an interrupt: what the cell asked for. The state is in
// the runtime's words.
func waitsFor(state, trace string) string {
	if state == "syscall" && strings.Contains(trace, "sock.(*Calls).waiting") {
		return "IO wait"
	}
	if state != "select" {
		return state
	}
	for _, w := range []struct{ in, state string }{
		{"interp.(*Machine).recv(", "chan receive"}, {"interp.(*Machine).send(", "chan send"},
		{"rt.(*World).Sleep(", "sleep"},
		{"rt.(*World).wgWait(", "sync.WaitGroup.Wait"}, {"rt.(*World).condWait(", "sync.Cond.Wait"},
		{"rt.(*World).lock(", "sync.Mutex.Lock"}, {"rt.(*World).rwLock(", "sync.RWMutex.Lock"}, {"rt.(*World).rwRLock(", "sync.RWMutex.RLock"},
	} {
		if strings.Contains(trace, w.in) {
			return w.state
		}
	}
	return state
}
