// Package renew gives values in memory the types that took the place of
// theirs.
//
// A type that has got a method is another type for the runtime, which is told
// the methods of a type once. Call Walk with the variables from which memory
// is to be looked through: each interface that holds a value of a former type,
// wherever it is reached, then holds the same value of the latter one. Both
// types must be laid out alike. Goroutines may go on meanwhile: only type words
// are written, and each of them at once, if it is still what it was.
//
// What only compiled code can reach is not found: local variables, functions
// of its own, memory behind an unsafe.Pointer.
package renew

import (
	"reflect"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"unsafe"

	"sockbook/kernel/lower/rtype"
)

// A Walker looks through memory.
type Walker struct {
	// Latest gives the type that took the place of the one with that word, or
	// nil.
	Latest func(word unsafe.Pointer) reflect.Type
	// Captured gives the variables that a func value sees; it may be nil.
	Captured func(fn reflect.Value) []reflect.Value

	holds map[reflect.Type]bool
	seen  map[target]bool
	todo  []place
}

// A target is memory that was looked through. It is no pointer, since memory
// that is changed meanwhile may have given one that is none.
type target struct {
	at uintptr
	t  reflect.Type
	n  int
}

// A place is memory to be looked through: n values of type t.
type place struct {
	p unsafe.Pointer
	t reflect.Type
	n int
}

// Walk looks through everything that roots, variables, lead to.
func (w *Walker) Walk(roots []reflect.Value) {
	w.holds, w.seen = map[reflect.Type]bool{}, map[target]bool{}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	for _, v := range roots {
		w.value(v)
	}
	for len(w.todo) > 0 {
		next := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		w.look(next)
	}
}

// look looks through one place. Cells can make pointers to what is no memory;
// what lies behind such a one is left.
func (w *Walker) look(x place) {
	defer func() { _ = recover() }()
	for i := range x.n {
		w.visit(unsafe.Add(x.p, uintptr(i)*x.t.Size()), x.t)
	}
}

// later has n values of type t at p looked through.
func (w *Walker) later(p unsafe.Pointer, t reflect.Type, n int) {
	if p == nil || n <= 0 || t.Size() == 0 || !w.mayHold(t) {
		return
	}
	k := target{uintptr(p), t, n}
	if !w.seen[k] {
		w.seen[k] = true
		w.todo = append(w.todo, place{p, t, n})
	}
}

// value has what a reflect.Value is or refers to looked through.
func (w *Walker) value(v reflect.Value) {
	if !v.IsValid() {
		return
	}
	r := (*rvalue)(unsafe.Pointer(&v))
	if r.flag&flagIndirect != 0 {
		w.later(r.ptr, v.Type(), 1)
		return
	}
	p := new(unsafe.Pointer) // the value is its one pointer
	*p = r.ptr
	w.later(unsafe.Pointer(p), v.Type(), 1)
}

// rvalue mirrors reflect.Value.
type rvalue struct {
	typ, ptr unsafe.Pointer
	flag     uintptr
}

const flagIndirect = 1 << 7

var (
	valueType  = reflect.TypeFor[reflect.Value]()
	rtypeType  = reflect.TypeOf(valueType)                                // *reflect.rtype
	headerType = func() reflect.Type { return valueType.Field(0).Type }() // *abi.Type
)

func (w *Walker) visit(p unsafe.Pointer, t reflect.Type) {
	switch t.Kind() {
	case reflect.Interface:
		w.iface(p, t)
	case reflect.Pointer:
		w.pointer(p, t)
	case reflect.Slice:
		if data, _, n := slice(p); n > 0 {
			w.later(data, t.Elem(), n)
		}
	case reflect.Array:
		if w.mayHold(t.Elem()) {
			for i := range t.Len() {
				w.visit(unsafe.Add(p, uintptr(i)*t.Elem().Size()), t.Elem())
			}
		}
	case reflect.Struct:
		w.structure(p, t)
	case reflect.Map:
		if w.mayHold(t) {
			w.table(load(p), t)
		}
	case reflect.Chan:
		if c := (*channel)(load(p)); c != nil {
			w.later(c.buf, t.Elem(), int(c.size))
		}
	case reflect.Func:
		if w.Captured != nil && load(p) != nil {
			for _, v := range w.Captured(reflect.NewAt(t, p).Elem()) {
				w.value(v)
			}
		}
	}
}

// iface renews the interface value at p.
func (w *Walker) iface(p unsafe.Pointer, t reflect.Type) {
	word := load(p)
	if word == nil {
		return
	}
	typ := word
	if t.NumMethod() > 0 { // the word is an itab, whose second word is the type
		typ = load(unsafe.Add(word, 8))
	}
	if next := w.Latest(typ); next != nil {
		to := rtype.WordOf(next)
		if t.NumMethod() > 0 {
			x := reflect.New(t)
			x.Elem().Set(reflect.Zero(next))
			to = load(x.UnsafePointer())
		}
		atomic.CompareAndSwapPointer((*unsafe.Pointer)(p), word, to)
		typ = rtype.WordOf(next)
	}
	data := unsafe.Add(p, 8)
	held := rtype.OfWord(typ)
	switch {
	case held == rtypeType: // a reflect.Type is the type's own address
		w.header(data)
	case rtype.Direct(held):
		w.visit(data, held)
	default:
		w.later(load(data), held, 1)
	}
}

// header renews a pointer to a type.
func (w *Walker) header(p unsafe.Pointer) {
	old := load(p)
	if next := w.Latest(old); next != nil {
		atomic.CompareAndSwapPointer((*unsafe.Pointer)(p), old, rtype.WordOf(next))
	}
}

func (w *Walker) pointer(p unsafe.Pointer, t reflect.Type) {
	if t == headerType || t == rtypeType {
		w.header(p)
		return
	}
	if w.mayHold(t) {
		w.later(load(p), t.Elem(), 1)
	}
}

func (w *Walker) structure(p unsafe.Pointer, t reflect.Type) {
	if elem := atomicPointer(t); elem != nil {
		w.later(load(unsafe.Add(p, t.Field(t.NumField()-1).Offset)), elem, 1)
		return
	}
	if t == valueType {
		w.value(*(*reflect.Value)(p))
		w.header(p)
		return
	}
	for i := range t.NumField() {
		if f := t.Field(i); w.mayHold(f.Type) {
			w.visit(unsafe.Add(p, f.Offset), f.Type)
		}
	}
}

// atomicPointer gives T for a sync/atomic.Pointer[T], whose first field is a
// [0]*T and whose last one the pointer.
func atomicPointer(t reflect.Type) reflect.Type {
	if t.PkgPath() != "sync/atomic" || !strings.HasPrefix(t.Name(), "Pointer[") {
		return nil
	}
	if a := t.Field(0).Type; a.Kind() == reflect.Array && a.Elem().Kind() == reflect.Pointer {
		return a.Elem().Elem()
	}
	return nil
}

// mayHold reports whether memory of type t can lead to an interface.
func (w *Walker) mayHold(t reflect.Type) bool {
	if r, ok := w.holds[t]; ok {
		return r
	}
	r := w.leads(t, map[reflect.Type]bool{})
	w.holds[t] = r
	return r
}

func (w *Walker) leads(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface, reflect.Func:
		return true
	case reflect.Pointer:
		if t == headerType || t == rtypeType {
			return true
		}
		return t.Elem().PkgPath() != engine && w.leads(t.Elem(), seen)
	case reflect.Slice, reflect.Array, reflect.Chan:
		return w.leads(t.Elem(), seen)
	case reflect.Map:
		return w.leads(t.Key(), seen) || w.leads(t.Elem(), seen)
	case reflect.Struct:
		if elem := atomicPointer(t); elem != nil {
			return w.leads(elem, seen)
		}
		for i := range t.NumField() {
			if w.leads(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

// engine is the interpreter, whose own memory holds no values of cells.
const engine = "github.com/traefik/yaegi/interp"

//go:norace
func load(p unsafe.Pointer) unsafe.Pointer { return *(*unsafe.Pointer)(p) }

// slice reads a slice's header, as it is when nothing changes it meanwhile.
//
//go:norace
func slice(p unsafe.Pointer) (data unsafe.Pointer, length, capacity int) {
	h := (*struct {
		data             unsafe.Pointer
		length, capacity int
	})(p)
	data, length, capacity = h.data, h.length, h.capacity
	if h.data != data || h.capacity != capacity || length > capacity {
		return nil, 0, 0
	}
	return data, length, capacity
}

// channel mirrors the beginning of the runtime's hchan.
type channel struct {
	count, size uint
	buf         unsafe.Pointer
}
