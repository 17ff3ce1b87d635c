package rt

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/petermattis/goid"
)

// Defers is the list of a function's deferred calls.
type Defers struct{ calls []deferred }

type deferred struct {
	f        func()
	recovers bool // the function called contains recover
}

// inFlight is a panic in progress, as the function that a panic calls sees it.
type inFlight struct {
	value     any
	recovered bool
	goexit    bool
	prev      *inFlight // during whose deferred calls it began
}

// panicTable hands a panic to the deferred function that may recover it: by
// goroutine, for the moment of the call.
type panicTable struct {
	mu      sync.Mutex
	pending map[int64]*inFlight
}

func (t *panicTable) put(p *inFlight) {
	t.mu.Lock()
	t.pending[goid.Get()] = p
	t.mu.Unlock()
}

func (t *panicTable) take() *inFlight {
	id := goid.Get()
	t.mu.Lock()
	p := t.pending[id]
	delete(t.pending, id)
	t.mu.Unlock()
	return p
}

// NewDefers makes an empty list; Defer adds a call that may recover, DeferN
// one that cannot.
func (w *World) NewDefers() *Defers         { return &Defers{} }
func (w *World) Defer(d *Defers, f func())  { d.calls = append(d.calls, deferred{f, true}) }
func (w *World) DeferN(d *Defers, f func()) { d.calls = append(d.calls, deferred{f, false}) }

// TakeRec is called first by a function that contains recover: it takes the
// panic that calls it, if one does.
func (w *World) TakeRec() any {
	if p := w.panics.take(); p != nil {
		return p
	}
	return nil
}

// Recover is recover() in a function that TakeRec gave p.
func (w *World) Recover(p any) any {
	f, ok := p.(*inFlight)
	if !ok || f.recovered || f.goexit {
		return nil
	}
	if _, ok := f.value.(Unrecoverable); ok {
		return nil
	}
	f.recovered = true
	if w.Hooks.Recovered != nil {
		w.Hooks.Recovered()
	}
	return f.value
}

// Run runs the body of a function that defers, then its deferred calls. These,
// and a panic that goes on, begin where the body was called: otherwise a
// recursion that panics would need twice its stack, and the square of its time.
func (w *World) Run(d *Defers, body func()) {
	goexit := true
	defer func() {
		if goexit {
			w.runDeferred(d, &inFlight{goexit: true})
		}
	}()
	p := w.runDeferred(d, w.try(body))
	goexit = false
	if p != nil && !p.goexit {
		panic(p.thrown())
	}
}

// try gives the panic that ended body, nil for none.
func (w *World) try(body func()) (p *inFlight) {
	normal := false
	defer func() {
		if normal {
			return
		}
		if r := recover(); r != nil { // otherwise runtime.Goexit
			p = w.caught(r)
		}
	}()
	w.call(body, false)
	normal = true
	return nil
}

// runDeferred makes the deferred calls, while p is in flight, and gives what is
// in flight after them.
func (w *World) runDeferred(d *Defers, p *inFlight) *inFlight {
	for len(d.calls) > 0 {
		c := d.calls[len(d.calls)-1]
		d.calls = d.calls[:len(d.calls)-1]
		p = w.callDeferred(c, p)
	}
	return p
}

// caught makes the panic of what recover gave; nil means runtime.Goexit.
func (w *World) caught(r any) *inFlight {
	if r == nil {
		return &inFlight{goexit: true}
	}
	p := &inFlight{value: w.Fix(r)}
	if t, ok := r.(*Thrown); ok {
		p.prev = t.before
	}
	return p
}

func (p *inFlight) thrown() *Thrown { return &Thrown{Value: p.value, before: p.prev} }

// callDeferred calls c while p is in flight and gives the panic that is in
// flight after it.
func (w *World) callDeferred(c deferred, p *inFlight) (after *inFlight) {
	done := false
	defer func() {
		if p != nil && c.recovers {
			w.panics.take()
		}
		switch {
		case done && p != nil && p.recovered:
			after = nil
		case done:
			after = p
		default:
			after = w.caught(recover())
			if after.prev == nil {
				after.prev = p
			}
		}
	}()
	switch {
	case p != nil && c.recovers:
		w.panics.put(p)
	case c.recovers:
		w.panics.take() // of a function further out, which had no recover to take it
	}
	w.call(c.f, true)
	done = true
	return
}

func (w *World) call(f func(), deferred bool) {
	if w.Hooks.Call == nil {
		f()
		return
	}
	w.Hooks.Call(f, deferred)
}

// Passing gives the value with which compiled code sees a cell's panic: the
// cell's own, unless it would be taken for one of the interpreter, or tells of
// panics before it.
func (w *World) Passing(r any) any {
	t, ok := r.(*Thrown)
	switch {
	case !ok:
		if _, ok := r.(Unrecoverable); ok {
			return r
		}
		return w.Fix(r)
	case t.before != nil || w.ambiguous(t.Value):
		return t
	}
	return t.Value
}

// Unrecoverable is a panic that cells' recover does not see.
type Unrecoverable interface{ Unrecoverable() }

// Thrown gives what a panic carries: its value as the cell sees it, or the
// Unrecoverable.
func (w *World) Thrown(r any) any { return w.Fix(r) }

// Thrown carries the value of a cell's panic through the interpreter.
type Thrown struct {
	Value  any
	before *inFlight
}

// Format prints the value, for compiled code that recovers and prints what it
// got: fmt from a String method, net/http from a handler.
func (t *Thrown) Format(f fmt.State, verb rune) { fmt.Fprintf(f, fmt.FormatString(f, verb), t.Value) }

// PanicText is what the runtime prints, behind "panic: ", of the panic that r
// is of: before it the panics during whose deferred calls it began, oldest first.
func (w *World) PanicText(r any) string {
	type part struct {
		value     any
		recovered bool
	}
	list := []part{{value: w.Fix(r)}}
	if t, ok := r.(*Thrown); ok {
		for p := t.before; p != nil; p = p.prev {
			if !p.goexit {
				list = append([]part{{p.value, p.recovered}}, list...)
			}
		}
	}
	var lines []string
	for i, p := range list {
		if i > 0 && again(list[i-1].value, p.value) {
			continue
		}
		s := w.Words(p.value)
		switch next := i+1 < len(list) && again(p.value, list[i+1].value); {
		case p.recovered && next:
			s += " [recovered, repanicked]"
		case p.recovered:
			s += " [recovered]"
		}
		lines = append(lines, s)
	}
	return strings.Join(lines, "\n\tpanic: ")
}

// again reports whether x and y are one value, panicked with again.
func again(x, y any) bool {
	return x != nil && reflect.TypeOf(x) == reflect.TypeOf(y) && reflect.ValueOf(x).Comparable() && reflect.ValueOf(y).Comparable() && x == y
}

// Panic is panic(x).
func (w *World) Panic(x any) {
	if x == nil {
		panic(&Thrown{Value: nilPanic()})
	}
	panic(&Thrown{Value: x})
}

func nilPanic() any { return catch(func() { panic(nil) }) }

func catch(f func()) (r any) {
	defer func() { r = recover() }()
	f()
	return nil
}
