package rt

import (
	"reflect"
	"unsafe"

	"sockbook/kernel/lower/renew"
	"sockbook/kernel/lower/rtype"
)

// A Renewal is what a cell changes that gives types of earlier cells methods.
// For the runtime a type has the methods that it was first seen with; so every
// type that has one more, or mentions such a type, is made anew, and values in
// interfaces get the new type: it is one type for Go.
type Renewal struct {
	types []renewed
	next  [][2]reflect.Type
}

type renewed struct {
	t       *Type
	dyn     reflect.Type
	methods []*Method
}

// Type says that from now on values of t are of type dyn when they are in
// interfaces, and which methods they have.
func (r *Renewal) Type(t *Type, dyn reflect.Type, methods []*Method) {
	r.types = append(r.types, renewed{t, dyn, methods})
}

// Next says that next takes the place of the type old, which is laid out alike.
func (r *Renewal) Next(old, next reflect.Type) {
	if old != next {
		r.next = append(r.next, [2]reflect.Type{old, next})
	}
}

// Renew makes a renewal hold: for values that are made from now on, and for
// those in interfaces that roots lead to. captured gives the variables that an
// interpreted function sees.
//
// Not found are the local variables of functions that are running, those of
// goroutines above all. A value that one of them holds is renewed when it is
// used: asserted, compared, called, or handed to compiled code. One that stands
// inside of such a value, as in a local []any that fmt prints, keeps the former
// type there, and so has no methods for compiled code.
func (w *World) Renew(r *Renewal, roots func() []reflect.Value, captured func(reflect.Value) []reflect.Value) {
	if r == nil {
		return
	}
	for _, x := range r.types {
		w.Add(x.t, x.dyn, x.methods)
	}
	w.mu.Lock()
	for word, last := range w.latest {
		for _, n := range r.next {
			if n[0] == last {
				w.latest[word] = n[1]
			}
		}
	}
	for _, n := range r.next {
		w.latest[rtype.WordOf(n[0])] = n[1]
	}
	w.mu.Unlock()
	w.renewals.Add(1)
	w.binds.Clear()
	walker := renew.Walker{Latest: w.latestType, Captured: captured}
	walker.Walk(roots())
}

// latestType is the type that took the place of the one with that word, nil if
// none did.
func (w *World) latestType(word unsafe.Pointer) reflect.Type {
	w.mu.RLock()
	t, ok := w.latest[word]
	w.mu.RUnlock()
	if ok {
		return t
	}
	// Package reflect makes types of types that nobody told of.
	old := rtype.OfWord(word)
	if old.Name() != "" {
		return nil
	}
	switch old.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan, reflect.Map:
		t = w.latestComposite(old)
	}
	w.mu.Lock()
	w.latest[word] = t // nil is remembered too
	w.mu.Unlock()
	return t
}

func (w *World) latestComposite(old reflect.Type) reflect.Type {
	elem := w.latestType(rtype.WordOf(old.Elem()))
	if old.Kind() == reflect.Map {
		key := w.latestType(rtype.WordOf(old.Key()))
		switch {
		case key == nil && elem == nil:
			return nil
		case key == nil:
			key = old.Key()
		case elem == nil:
			elem = old.Elem()
		}
		return reflect.MapOf(key, elem)
	}
	if elem == nil {
		return nil
	}
	switch old.Kind() {
	case reflect.Pointer:
		return reflect.PointerTo(elem)
	case reflect.Slice:
		return reflect.SliceOf(elem)
	case reflect.Array:
		return reflect.ArrayOf(old.Len(), elem)
	}
	return reflect.ChanOf(old.ChanDir(), elem)
}

// renewed gives a value that is still of a former type the latter one, for
// what no variable leads to (see Renew).
func (w *World) renewed(x any) any {
	if w.renewals.Load() == 0 || x == nil {
		return x
	}
	if t := w.latestType(rtype.Word(x)); t != nil {
		return rtype.Retype(x, t)
	}
	return x
}

// renewedAll is renewed for the arguments of a compiled function.
func (w *World) renewedAll(list []any) []any {
	if w.renewals.Load() == 0 {
		return list
	}
	r := make([]any, len(list))
	for i, x := range list {
		r[i] = w.renewed(x)
	}
	return r
}
