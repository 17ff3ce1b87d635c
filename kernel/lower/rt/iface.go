package rt

import (
	"go/types"
	"reflect"
	"slices"
	"unsafe"

	"sockbook/kernel/lower/rtype"
)

// A binding calls one method of one dynamic type with static arguments.
type binding func(x any, args []reflect.Value) []reflect.Value

type bindKey struct {
	word unsafe.Pointer
	id   string
	sig  reflect.Type
	age  int64 // renewals when it was bound
}

// An implKey is a dynamic type at a time.
type implKey struct {
	word unsafe.Pointer
	age  int64
}

// Caller makes the function that calls method id of the interface value that
// is its first argument. sig is the method's static form, name its Go name.
func (w *World) Caller(id, name string, sig reflect.Type) reflect.Value {
	call := reflect.MakeFunc(withFirst(reflect.TypeFor[any](), sig), func(args []reflect.Value) []reflect.Value {
		x := w.renewed(args[0].Interface())
		return w.bind(x, id, name, sig)(x, args[1:])
	})
	if quick := quickCaller(name, call.Interface()); quick != nil {
		return reflect.ValueOf(quick)
	}
	return call
}

// withFirst is sig with one more parameter, the first.
func withFirst(t, sig reflect.Type) reflect.Type {
	in := []reflect.Type{t}
	for i := range sig.NumIn() {
		in = append(in, sig.In(i))
	}
	var out []reflect.Type
	for i := range sig.NumOut() {
		out = append(out, sig.Out(i))
	}
	return reflect.FuncOf(in, out, false)
}

func (w *World) bind(x any, id, name string, sig reflect.Type) binding {
	if x == nil {
		nilDeref()
	}
	k := bindKey{rtype.Word(x), id, sig, w.renewals.Load()}
	if b, ok := w.binds.Load(k); ok {
		return b.(binding)
	}
	var b binding
	var m *Method
	t := w.typeOf(x)
	if t != nil {
		m = t.form.Load().methods[id]
	}
	if m != nil {
		b = func(x any, args []reflect.Value) []reflect.Value {
			return w.invoke(t, m, reflect.ValueOf(x), args, true)
		}
	} else {
		b = w.bindCompiled(reflect.TypeOf(x), name, sig)
		if rtype.Word(x) == typeWord {
			b = w.bindType(name, b)
		}
	}
	w.binds.Store(k, b)
	return b
}

// bindCompiled calls a method that compiled code gave.
func (w *World) bindCompiled(t reflect.Type, name string, sig reflect.Type) binding {
	if m, ok := t.MethodByName(name); ok {
		if f := w.Method(t, name, m.Func); f != m.Func {
			f = w.Adapt(f, withFirst(t, sig))
			return func(x any, args []reflect.Value) []reflect.Value {
				return f.Call(append([]reflect.Value{reflect.ValueOf(x)}, args...))
			}
		}
	}
	return func(x any, args []reflect.Value) []reflect.Value {
		return w.callCompiled(reflect.ValueOf(x).MethodByName(name), sig, args)
	}
}

func (w *World) callCompiled(m reflect.Value, sig reflect.Type, args []reflect.Value) []reflect.Value {
	mt := m.Type()
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = orSame(w.conv(sig.In(i), mt.In(i)))(a)
	}
	var out []reflect.Value
	if mt.IsVariadic() {
		out = m.CallSlice(in)
	} else {
		out = m.Call(in)
	}
	w.opened(out)
	for i := range out {
		out[i] = orSame(w.conv(mt.Out(i), sig.Out(i)))(out[i])
	}
	return out
}

// invoke calls a method of a cell's type. The receiver is in dynamic form,
// arguments and results are static or as compiled code has them.
func (w *World) invoke(t *Type, m *Method, recv reflect.Value, args []reflect.Value, isStatic bool) []reflect.Value {
	v := w.receiver(t, m, recv)
	if m.Fn == "" && !m.Iface {
		f := v.MethodByName(m.Name)
		if isStatic {
			return w.callCompiled(f, m.Static, args)
		}
		if f.Type().IsVariadic() {
			return f.CallSlice(args)
		}
		return f.Call(args)
	}
	in := make([]reflect.Value, 0, len(args)+1)
	for i, a := range args {
		if !isStatic {
			a = orSame(w.conv(m.True.In(i), m.Static.In(i)))(a)
		}
		in = append(in, a)
	}
	var out []reflect.Value
	if m.Iface {
		x := w.renewed(v.Interface())
		out = w.bind(x, m.ID, m.Name, m.Static)(x, in)
	} else {
		w.mu.RLock()
		f := w.fns[m.Fn]
		w.mu.RUnlock()
		if ft := f.Type().In(0); v.Type() != ft {
			v = retype(v, ft)
		}
		out = f.Call(append([]reflect.Value{v}, in...))
	}
	if !isStatic {
		for i := range out {
			out[i] = orSame(w.conv(m.Static.Out(i), m.True.Out(i)))(out[i])
		}
	}
	return out
}

// receiver walks from a value in dynamic form to what the method's function
// takes.
func (w *World) receiver(t *Type, m *Method, recv reflect.Value) reflect.Value {
	v := recv
	f := t.form.Load()
	if v.Type() != f.dyn { // the method's table is of an earlier form
		v = retype(v, f.dyn)
	}
	if f.in != nil {
		v = f.in(v)
	} else if v.Type() != t.Static {
		v = retype(v, t.Static)
	}
	for _, i := range m.Path {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				nilDeref()
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	switch m.Adjust {
	case 1:
		if !v.CanAddr() {
			p := reflect.New(v.Type())
			p.Elem().Set(v)
			return p
		}
		return v.Addr()
	case -1:
		if v.IsNil() {
			if m.Owner != "" && len(m.Path) == 0 {
				panic(rerr("value method " + m.Owner + "." + m.Name + " called using nil *" + shortName(m.Owner) + " pointer"))
			}
			nilDeref()
		}
		return v.Elem()
	}
	return v
}

func shortName(s string) string {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' {
			return s[i+1:]
		}
	}
	return s
}

// Compiled makes the function behind a method in the tables of a type, whose
// receiver has the dynamic type dyn, one of the forms of t. Later forms of t
// share the code: it goes by layouts.
func (w *World) Compiled(t *Type, dyn reflect.Type, m *Method) rtype.Method {
	in := []reflect.Type{dyn}
	for i := range m.True.NumIn() {
		in = append(in, m.True.In(i))
	}
	var out []reflect.Type
	for i := range m.True.NumOut() {
		out = append(out, m.True.Out(i))
	}
	f := reflect.MakeFunc(reflect.FuncOf(in, out, m.True.IsVariadic()), func(args []reflect.Value) []reflect.Value {
		return w.invoke(t, m, args[0], args[1:], false)
	})
	code := t.code[m.ID]
	if code == nil {
		if t.code == nil {
			t.code = map[string]*rtype.Code{}
		}
		code = &rtype.Code{}
		t.code[m.ID] = code
	}
	return rtype.Method{Name: m.Name, Type: m.True, Func: f, Code: code}
}

// missing reports what method of d a value lacks, or "".
func (w *World) missing(x any, d *Type) string {
	key := implKey{rtype.Word(x), w.renewals.Load()}
	if s, ok := d.impl.Load(key); ok {
		return s.(string)
	}
	s := ""
	if t := w.typeOf(x); t != nil {
		if m, _ := types.MissingMethod(t.Go, d.Iface, true); m != nil {
			s = m.Name()
		}
	} else {
		s = w.missingCompiled(reflect.TypeOf(x), 1, d.Iface)
	}
	d.impl.Store(key, s)
	return s
}

// missingCompiled is the method of d that t lacks, or "". The types of t's
// methods have skip parameters before their own.
func (w *World) missingCompiled(t reflect.Type, skip int, d *types.Interface) string {
	for i := range d.NumMethods() {
		f := d.Method(i)
		m, ok := t.MethodByName(f.Name())
		if !f.Exported() || !ok || !w.sameSignature(m.Type, skip, f.Type().(*types.Signature)) {
			return f.Name()
		}
	}
	return ""
}

func (w *World) sameSignature(t reflect.Type, skip int, s *types.Signature) bool {
	if t.NumIn()-skip != s.Params().Len() || t.NumOut() != s.Results().Len() || t.IsVariadic() != s.Variadic() {
		return false
	}
	for i := range s.Params().Len() {
		if !w.sameType(t.In(i+skip), s.Params().At(i).Type()) {
			return false
		}
	}
	for i := range s.Results().Len() {
		if !w.sameType(t.Out(i), s.Results().At(i).Type()) {
			return false
		}
	}
	return true
}

// sameType compares a compiled type with a checked one.
func (w *World) sameType(t reflect.Type, g types.Type) bool {
	g = types.Unalias(g)
	if n, ok := g.(*types.Named); ok {
		path := ""
		if n.Obj().Pkg() != nil {
			path = n.Obj().Pkg().Path()
		}
		if n.TypeArgs().Len() > 0 {
			return t.PkgPath() == path
		}
		return t.Name() == n.Obj().Name() && t.PkgPath() == path
	}
	if t.Name() != "" && t.PkgPath() != "" {
		return false
	}
	switch g := g.(type) {
	case *types.Basic:
		return t.PkgPath() == "" && t.Kind() == basicKinds[g.Kind()]
	case *types.Pointer:
		return t.Kind() == reflect.Pointer && w.sameType(t.Elem(), g.Elem())
	case *types.Slice:
		return t.Kind() == reflect.Slice && w.sameType(t.Elem(), g.Elem())
	case *types.Array:
		return t.Kind() == reflect.Array && t.Len() == int(g.Len()) && w.sameType(t.Elem(), g.Elem())
	case *types.Map:
		return t.Kind() == reflect.Map && w.sameType(t.Key(), g.Key()) && w.sameType(t.Elem(), g.Elem())
	case *types.Chan:
		return t.Kind() == reflect.Chan && w.sameType(t.Elem(), g.Elem())
	case *types.Signature:
		return t.Kind() == reflect.Func && w.sameSignature(t, 0, g)
	case *types.Interface:
		return t.Kind() == reflect.Interface && t.NumMethod() == g.NumMethods()
	case *types.Struct:
		return t.Kind() == reflect.Struct && t.NumField() == g.NumFields()
	}
	return false
}

var basicKinds = map[types.BasicKind]reflect.Kind{types.Bool: reflect.Bool, types.Int: reflect.Int, types.Int8: reflect.Int8, types.Int16: reflect.Int16,
	types.Int32: reflect.Int32, types.Int64: reflect.Int64, types.Uint: reflect.Uint, types.Uint8: reflect.Uint8, types.Uint16: reflect.Uint16,
	types.Uint32: reflect.Uint32, types.Uint64: reflect.Uint64, types.Uintptr: reflect.Uintptr, types.Float32: reflect.Float32, types.Float64: reflect.Float64,
	types.Complex64: reflect.Complex64, types.Complex128: reflect.Complex128, types.String: reflect.String, types.UnsafePointer: reflect.UnsafePointer}

// Is reports whether x holds a t, or implements it.
func (w *World) Is(x any, t *Type) bool {
	x = w.renewed(x)
	if t.Iface != nil {
		return x != nil && (t.Iface.NumMethods() == 0 || w.missing(x, t) == "")
	}
	return t.is(x)
}

// Which gives the first clause of a type switch that x matches, or -1. A nil
// Type stands for case nil. Like an assertion, it panics at a clause that x would
// match if its type had not been defined anew.
func (w *World) Which(x any, clauses [][]*Type) int {
	x = w.renewed(x)
	old := w.redefined.Load() && w.outdated(x) != ""
	for i, c := range clauses {
		for _, t := range c {
			if t == nil && x == nil || t != nil && w.Is(x, t) {
				return i
			}
			if old && t != nil && w.wouldBe(x, t) {
				w.assertFailed(x, t, &Type{Text: "interface {}"})
			}
		}
	}
	return -1
}

// wouldBe reports whether x, whose type was defined anew, would match t if it
// were made again.
func (w *World) wouldBe(x any, t *Type) bool {
	if t.Iface == nil {
		return w.text(x) == t.Text
	}
	old := types.Unalias(w.typeOf(x).Go)
	p, pointer := old.(*types.Pointer)
	if pointer {
		old = types.Unalias(p.Elem())
	}
	n := old.(*types.Named)
	w.mu.RLock()
	now := w.defined[n.Obj().Name()].Type()
	w.mu.RUnlock()
	if g, ok := now.(*types.Named); ok && g.TypeParams().Len() > 0 {
		if g.TypeParams().Len() != n.TypeArgs().Len() {
			return false
		}
		now, _ = types.Instantiate(nil, g, slices.Collect(n.TypeArgs().Types()), false)
	}
	if pointer {
		now = types.NewPointer(now)
	}
	m, _ := types.MissingMethod(now, t.Iface, true)
	return m == nil
}

// As is the assertion x.(t) of a value of interface type from; the result is
// in static form.
func (w *World) As(x any, t, from *Type) any {
	x = w.renewed(x)
	if w.Is(x, t) {
		if t.Iface != nil {
			return x
		}
		return t.unbox(x)
	}
	w.assertFailed(x, t, from)
	return nil
}

// AsOk is the assertion with two results.
func (w *World) AsOk(x any, t *Type) (any, bool) {
	x = w.renewed(x)
	if w.Is(x, t) {
		if t.Iface != nil {
			return x, true
		}
		return t.unbox(x), true
	}
	return reflect.Zero(t.Static).Interface(), false
}

// Unbox is As for a value whose type is already known.
func (w *World) Unbox(x any, t *Type) any {
	if t.Iface != nil {
		return x
	}
	return t.unbox(w.renewed(x))
}

// text is the name of a value's dynamic type in Go's words.
func (w *World) text(x any) string {
	if t := w.typeOf(x); t != nil {
		return t.Text
	}
	return reflect.TypeOf(x).String()
}

func (w *World) assertFailed(x any, t, from *Type) {
	panic(rerr("interface conversion: " + w.conversionFault(x, t, from) + w.outdated(x)))
}

func (w *World) conversionFault(x any, t, from *Type) string {
	if t.Iface != nil {
		if x == nil {
			return "interface is nil, not " + t.Text
		}
		return w.text(x) + " is not " + t.Text + ": missing method " + w.missing(x, t)
	}
	src := from.Text
	if !from.Named && from.Iface != nil && from.Iface.NumMethods() > 0 {
		src = "interface"
	}
	switch {
	case x == nil:
		return src + " is nil, not " + t.Text
	case w.text(x) == t.Text && w.outdated(x) == "":
		return src + " is " + w.text(x) + ", not " + t.Text + " (types from different scopes)"
	}
	return src + " is " + w.text(x) + ", not " + t.Text
}

// Define says which type a name of the session means from now on, and gives
// what undoes it.
func (w *World) Define(t *types.TypeName) (undo func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.defined[t.Name()]
	if before != nil {
		w.redefined.Store(true)
	}
	w.defined[t.Name()] = t
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.defined[t.Name()] = before
	}
}

// outdated says of a value whose type a later cell defined anew that it is one;
// "" for any other value.
func (w *World) outdated(x any) string {
	if x == nil {
		return ""
	}
	t := w.typeOf(x)
	if t == nil {
		return ""
	}
	g := types.Unalias(t.Go)
	if p, ok := g.(*types.Pointer); ok {
		g = types.Unalias(p.Elem())
	}
	n, ok := g.(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Parent() != n.Obj().Pkg().Scope() {
		return ""
	}
	w.mu.RLock()
	now := w.defined[n.Obj().Name()]
	w.mu.RUnlock()
	if now == nil || now == n.Origin().Obj() {
		return ""
	}
	return " (the value is of the " + now.Name() + " before it was defined anew: make it again)"
}
