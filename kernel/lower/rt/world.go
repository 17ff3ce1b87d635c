// Package rt is the compiled half of lowered cells: what the text that package
// lower writes calls.
//
// A World belongs to one Go state. Its Symbols are given to the interpreter as
// package rt; package lower registers types with it. The package knows nothing
// of the interpreter: interpreted functions reach it as reflect values.
package rt

import (
	"go/types"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"

	"sockbook/kernel/lower/rtype"
	"sockbook/runtime/sock"
)

// A Type is a Go type as lowered code sees it.
type Type struct {
	ID     int
	Go     types.Type
	Text   string       // as reflect writes it
	Static reflect.Type // what lowered code holds
	Iface  *types.Interface
	Named  bool

	form atomic.Pointer[form]
	impl sync.Map               // for an interface: implKey → what is missing, "" for nothing
	code map[string]*rtype.Code // of methods, by ID; used while cells are lowered
}

// A form is how a type's values lie in interfaces. A method that a later cell
// adds makes a new one (see Renew).
type form struct {
	dyn     reflect.Type // what Go would have there
	out, in conv         // Static to dyn and back, if the layouts differ
	methods map[string]*Method
}

// Dyn is the type of values in interfaces, which is what Go would have there.
func (t *Type) Dyn() reflect.Type { return t.form.Load().dyn }

// A Method is one of a type's method set.
type Method struct {
	ID, Name string
	Path     []int  // fields to walk first
	Adjust   int    // 1: take the address of what is there, -1: load it
	Fn       string // registered function, receiver first; "" for a compiled or interface method
	Iface    bool   // the path ends at an interface
	Static   reflect.Type
	True     reflect.Type // as compiled code sees it; nil for an unexported method
	Owner    string       // of a method on a value, "main.T", for Go's words about nil
}

// World is the compiled half of one Go state.
type World struct {
	Hooks Hooks

	mu      sync.RWMutex
	words   map[unsafe.Pointer]*Type      // cells' types by dynamic type word
	ifaces  map[unsafe.Pointer]*ifaceType // interface types in dynamic form, by type word
	fns     map[string]reflect.Value      // interpreted methods by name
	defined map[string]*types.TypeName    // what names of types mean
	convs   sync.Map                      // convKey → conv
	binds   sync.Map                      // bindKey → binding
	result  []any
	signals sync.Map // a cell's channel → chan os.Signal
	conns   sync.Map // address of a descriptor → func() deadliner
	sock    sock.Calls

	renewals  atomic.Int64                    // how often types were renewed
	redefined atomic.Bool                     // a name of defined came to mean another type
	latest    map[unsafe.Pointer]reflect.Type // what took the place of a type, by its word; under mu

	panics panicTable
	places places
}

// Hooks are what the interpreter's side does for a World.
type Hooks struct {
	Go        func(pos string, body func()) // starts a goroutine of a cell
	Exit      func(code int)
	Recovered func() // a cell recovered a panic of this goroutine
	// Calls lists the calls of the calling goroutine, innermost first.
	Calls func() []Call
	// Call calls f, whose panics package rt handles: the body of a function
	// that defers, or a deferred call.
	Call func(f func(), deferred bool)
	// Cancel gives the channel that ends what the calling goroutine waits for,
	// nil if nothing does; Cancelled is called, and panics, when it did.
	Cancel    func() <-chan struct{}
	Cancelled func()
	// Waits begins a system call of the calling goroutine that may wait; nil if
	// nothing ends it.
	Waits func() sock.Call
}

// New makes an empty World.
func New() *World {
	w := &World{words: map[unsafe.Pointer]*Type{}, ifaces: map[unsafe.Pointer]*ifaceType{}, latest: map[unsafe.Pointer]reflect.Type{}, fns: map[string]reflect.Value{}, defined: map[string]*types.TypeName{}, panics: panicTable{pending: map[int64]*inFlight{}}}
	w.sock = sock.Calls{Waits: w.waits, Apart: func(f func()) { w.outside(f, nil) }}
	return w
}

// Add registers a type, whose values in interfaces are of type dyn. Methods are
// those of its method set.
func (w *World) Add(t *Type, dyn reflect.Type, methods []*Method) {
	f := &form{dyn: dyn, methods: map[string]*Method{}}
	if t.Static != dyn && !sameLayout(t.Static, dyn) {
		f.out, f.in = w.conv(t.Static, dyn), w.conv(dyn, t.Static)
	}
	for _, m := range methods {
		f.methods[m.ID] = m
	}
	t.form.Store(f)
	if t.Iface == nil && (t.Static != dyn || len(methods) > 0) {
		w.mu.Lock()
		w.words[rtype.WordOf(dyn)] = t
		w.mu.Unlock()
	}
}

// Raw reports whether lowered code holds values of the type as they are.
func (t *Type) Raw() bool { return t.Static == t.Dyn() }

func (w *World) typeOf(x any) *Type {
	w.mu.RLock()
	t := w.words[rtype.Word(x)]
	w.mu.RUnlock()
	return t
}

// B makes an interface value of type t from x, which is in static form.
func (w *World) B(t *Type, x any) any {
	f := t.form.Load()
	switch {
	case t.Static == f.dyn:
		return x
	case f.out != nil:
		return f.out(static(x, t)).Interface()
	}
	if x == nil {
		return reflect.Zero(f.dyn).Interface()
	}
	return rtype.Retype(x, f.dyn)
}

func static(x any, t *Type) reflect.Value {
	if x == nil {
		return reflect.Zero(t.Static)
	}
	return reflect.ValueOf(x)
}

// unbox gives the static form of x, whose dynamic type is t's.
func (t *Type) unbox(x any) any {
	f := t.form.Load()
	switch {
	case t.Static == f.dyn:
		return x
	case f.in != nil:
		return f.in(reflect.ValueOf(x)).Interface()
	}
	return rtype.Retype(x, t.Static)
}

func (t *Type) is(x any) bool { return x != nil && rtype.Word(x) == rtype.WordOf(t.Dyn()) }

// Reg records an interpreted method.
func (w *World) Reg(name string, f any) {
	w.mu.Lock()
	w.fns[name] = reflect.ValueOf(f)
	w.mu.Unlock()
}

// Result records a value of the cell's last expression.
func (w *World) Result(x any) {
	w.mu.Lock()
	w.result = append(w.result, x)
	w.mu.Unlock()
}

// TakeResult gives what Result recorded and forgets it.
func (w *World) TakeResult() []any {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.result
	w.result = nil
	return r
}
