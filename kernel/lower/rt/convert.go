package rt

import (
	"fmt"
	"reflect"
	"unsafe"
)

// A conv turns a value of one form of a type into another; nil changes
// nothing.
type conv func(reflect.Value) reflect.Value

type convKey struct{ from, to reflect.Type }

// conv finds the conversion between two forms of one Go type: static, dynamic
// or compiled.
func (w *World) conv(from, to reflect.Type) conv {
	if from == to {
		return nil
	}
	k := convKey{from, to}
	if c, ok := w.convs.Load(k); ok {
		return c.(conv)
	}
	c := w.makeConv(from, to)
	w.convs.Store(k, c)
	return c
}

func (w *World) makeConv(from, to reflect.Type) conv {
	if from.Kind() == reflect.Interface && to.Kind() == reflect.Interface {
		return func(v reflect.Value) reflect.Value {
			r := reflect.New(to).Elem()
			if x := v.Elem(); x.IsValid() {
				if w.renewals.Load() > 0 && x.CanInterface() {
					x = reflect.ValueOf(w.renewed(x.Interface()))
				}
				r.Set(x)
			}
			return r
		}
	}
	if sameLayout(from, to) {
		return func(v reflect.Value) reflect.Value { return retype(v, to) }
	}
	switch from.Kind() {
	case reflect.Func:
		return w.convFunc(from, to)
	case reflect.Slice:
		elem := w.conv(from.Elem(), to.Elem())
		return func(v reflect.Value) reflect.Value {
			if v.IsNil() {
				return reflect.Zero(to)
			}
			r := reflect.MakeSlice(to, v.Len(), v.Len())
			for i := range v.Len() {
				r.Index(i).Set(elem(v.Index(i)))
			}
			return r
		}
	case reflect.Array:
		elem := w.conv(from.Elem(), to.Elem())
		return func(v reflect.Value) reflect.Value {
			r := reflect.New(to).Elem()
			for i := range v.Len() {
				r.Index(i).Set(elem(v.Index(i)))
			}
			return r
		}
	case reflect.Map:
		return w.convMap(from, to)
	case reflect.Struct:
		return w.convStruct(from, to)
	}
	panic(Unsupported{fmt.Sprintf("a value of type %v cannot be handed to compiled code from a cell", to)})
}

// Unsupported is the panic of a conversion that cannot be made.
type Unsupported struct{ What string }

func (u Unsupported) Error() string       { return u.What }
func (u Unsupported) Unsupported() string { return u.What }

func (w *World) convMap(from, to reflect.Type) conv {
	key, elem := orSame(w.conv(from.Key(), to.Key())), orSame(w.conv(from.Elem(), to.Elem()))
	return func(v reflect.Value) reflect.Value {
		if v.IsNil() {
			return reflect.Zero(to)
		}
		r := reflect.MakeMap(to)
		for it := v.MapRange(); it.Next(); {
			r.SetMapIndex(key(it.Key()), elem(it.Value()))
		}
		return r
	}
}

func (w *World) convStruct(from, to reflect.Type) conv {
	var fields []conv
	for i := range from.NumField() {
		fields = append(fields, orSame(w.conv(from.Field(i).Type, to.Field(i).Type)))
	}
	return func(v reflect.Value) reflect.Value {
		r := reflect.New(to).Elem()
		for i, f := range fields {
			r.Field(i).Set(f(v.Field(i)))
		}
		return r
	}
}

func orSame(c conv) conv {
	if c == nil {
		return func(v reflect.Value) reflect.Value { return v }
	}
	return c
}

// convFunc wraps a function so that it takes and gives the other forms.
func (w *World) convFunc(from, to reflect.Type) conv {
	return func(v reflect.Value) reflect.Value {
		if v.IsNil() {
			return reflect.Zero(to)
		}
		return w.adapt(v, to)
	}
}

// adapt makes of f a function of type to, whose parameters and results are
// other forms of f's.
func (w *World) adapt(f reflect.Value, to reflect.Type) reflect.Value {
	from := f.Type()
	ins := make([]conv, to.NumIn())
	outs := make([]conv, to.NumOut())
	for i := range ins {
		ins[i] = w.conv(to.In(i), from.In(i))
	}
	for i := range outs {
		outs[i] = w.conv(from.Out(i), to.Out(i))
	}
	call := f.Call
	if from.IsVariadic() {
		call = f.CallSlice
	}
	return reflect.MakeFunc(to, func(args []reflect.Value) []reflect.Value {
		apply(args, ins)
		r := call(args)
		w.opened(r)
		apply(r, outs)
		return r
	})
}

// opened looks for connections among results.
func (w *World) opened(r []reflect.Value) {
	for _, v := range r {
		if k := v.Kind(); (k == reflect.Interface || k == reflect.Pointer) && !v.IsNil() && v.CanInterface() {
			w.Opened(v.Interface())
		}
	}
}

func apply(vs []reflect.Value, cs []conv) {
	for i, c := range cs {
		if c != nil {
			vs[i] = c(vs[i])
		}
	}
}

// retype shares v's memory when v is addressable or a pointer.
func retype(v reflect.Value, to reflect.Type) reflect.Value {
	if v.CanAddr() {
		return reflect.NewAt(to, v.Addr().UnsafePointer()).Elem()
	}
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return reflect.NewAt(to, p.UnsafePointer()).Elem()
}

type layoutKey struct{ a, b reflect.Type }

// sameLayout reports whether memory of one type can be read as the other.
func sameLayout(a, b reflect.Type) bool { return same(a, b, nil) }

func same(a, b reflect.Type, seen map[layoutKey]bool) bool {
	if a == b {
		return true
	}
	if a.Kind() != b.Kind() || a.Size() != b.Size() {
		return false
	}
	k := layoutKey{a, b}
	if seen[k] {
		return true
	}
	if seen == nil {
		seen = map[layoutKey]bool{}
	}
	seen[k] = true
	switch a.Kind() {
	case reflect.Interface:
		return a.NumMethod() == 0 && b.NumMethod() == 0
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		return same(a.Elem(), b.Elem(), seen)
	case reflect.Map:
		return same(a.Key(), b.Key(), seen) && same(a.Elem(), b.Elem(), seen)
	case reflect.Struct:
		if a.Size() == 0 {
			return true // the interpreter's empty struct has a field
		}
		if a.NumField() != b.NumField() {
			return false
		}
		for i := range a.NumField() {
			if !same(a.Field(i).Type, b.Field(i).Type, seen) {
				return false
			}
		}
	case reflect.Func:
		if a.NumIn() != b.NumIn() || a.NumOut() != b.NumOut() {
			return false
		}
		for i := range a.NumIn() {
			if !same(a.In(i), b.In(i), seen) {
				return false
			}
		}
		for i := range a.NumOut() {
			if !same(a.Out(i), b.Out(i), seen) {
				return false
			}
		}
	}
	return true
}

// Adapt makes of a compiled function one of the static form to. Package lower
// asks for it when it names a function.
func (w *World) Adapt(f reflect.Value, to reflect.Type) reflect.Value {
	if f.Type() == to {
		return f
	}
	if !f.Type().IsVariadic() && sameLayout(f.Type(), to) {
		return retype(f, to)
	}
	if f.CanInterface() {
		if q := quickAdapt(f.Interface()); q != nil && reflect.TypeOf(q) == to {
			return reflect.ValueOf(q)
		}
	}
	return w.adapt(f, to)
}

// NeedsConv reports whether values of the compiled form cannot be used as the
// static one.
func (w *World) NeedsConv(compiled, static reflect.Type) bool { return compiled != static }

// FromCompiled gives the static form of a value that compiled code made.
func (w *World) FromCompiled(t *Type, x any, compiled reflect.Type) any {
	v := reflect.New(compiled).Elem()
	if x != nil {
		v.Set(reflect.ValueOf(x))
	}
	if c := w.conv(compiled, t.Static); c != nil {
		v = c(v)
	}
	return v.Interface()
}

// Set stores x, in static form, in what p points at, of another form.
func (w *World) Set(p any, t *Type, x any) {
	dst := reflect.ValueOf(p)
	if dst.IsNil() {
		nilDeref()
	}
	dst = dst.Elem()
	v := reflect.New(t.Static).Elem()
	if x != nil {
		v.Set(reflect.ValueOf(x))
	}
	if c := w.conv(t.Static, dst.Type()); c != nil {
		v = c(v)
	}
	dst.Set(v)
}

// Bi gives a channel of one direction both.
func Bi(x any) any {
	v := reflect.ValueOf(x)
	if v.Kind() != reflect.Chan || v.Type().ChanDir() == reflect.BothDir {
		return x
	}
	p := reflect.New(reflect.ChanOf(reflect.BothDir, v.Type().Elem()))
	*(*unsafe.Pointer)(p.UnsafePointer()) = v.UnsafePointer()
	return p.Elem().Interface()
}
