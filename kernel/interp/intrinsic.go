package interp

import (
	"reflect"

	"sockbook/kernel/lower/rt"
)

// Calls of package rt's most used functions without reflection's Call.

// direct gives what calls fn with the arguments in, or nil for a function of
// no known signature.
func direct(fn any) func(in []reflect.Value) []reflect.Value {
	switch f := fn.(type) {
	case func(any) any:
		return func(in []reflect.Value) []reflect.Value { return one(f(in[0].Interface())) }
	case func(*rt.Type, any) any:
		return func(in []reflect.Value) []reflect.Value { return one(f(typeArg(in[0]), in[1].Interface())) }
	case func(any, *rt.Type) any:
		return func(in []reflect.Value) []reflect.Value { return one(f(in[0].Interface(), typeArg(in[1]))) }
	case func(any, *rt.Type, *rt.Type) any:
		return func(in []reflect.Value) []reflect.Value {
			return one(f(in[0].Interface(), typeArg(in[1]), typeArg(in[2])))
		}
	case func(any, *rt.Type) (any, bool):
		return func(in []reflect.Value) []reflect.Value {
			v, ok := f(in[0].Interface(), typeArg(in[1]))
			return append(one(v), reflect.ValueOf(ok))
		}
	case func(any, any) bool:
		return func(in []reflect.Value) []reflect.Value {
			return []reflect.Value{reflect.ValueOf(f(in[0].Interface(), in[1].Interface()))}
		}
	case func(any):
		return func(in []reflect.Value) []reflect.Value { f(in[0].Interface()); return nil }
	case func() any:
		return func(in []reflect.Value) []reflect.Value { return one(f()) }
	case func() *rt.Defers:
		return func(in []reflect.Value) []reflect.Value { return []reflect.Value{reflect.ValueOf(f())} }
	case func(*rt.Defers, func()):
		return func(in []reflect.Value) []reflect.Value {
			f(in[0].Interface().(*rt.Defers), in[1].Interface().(func()))
			return nil
		}
	case func(any, [][]*rt.Type) int:
		return func(in []reflect.Value) []reflect.Value {
			return []reflect.Value{reflect.ValueOf(f(in[0].Interface(), in[1].Interface().([][]*rt.Type)))}
		}
	case func(string, int) (rune, int):
		return func(in []reflect.Value) []reflect.Value {
			r, n := f(in[0].String(), int(in[1].Int()))
			return []reflect.Value{reflect.ValueOf(r), reflect.ValueOf(n)}
		}
	}
	return nil
}

func typeArg(v reflect.Value) *rt.Type { return v.Interface().(*rt.Type) }

// one is a result of type any.
func one(x any) []reflect.Value {
	if x == nil {
		return []reflect.Value{reflect.Zero(anyType)}
	}
	return []reflect.Value{reflect.ValueOf(x)}
}

var anyType = reflect.TypeFor[any]()

// transfer gives what calls fn, which reads or writes bytes, or nil for another
// function: a program that does little else should not wait for reflection.
func transfer(fn any) func(x, p reflect.Value) (int, any) {
	switch f := fn.(type) {
	case func(any, []byte) (int, any): // Read and Write
		return func(x, p reflect.Value) (int, any) { return f(x.Interface(), p.Bytes()) }
	case func(int, []byte) (int, any): // unix.Read and unix.Write
		return func(fd, p reflect.Value) (int, any) { return f(int(fd.Int()), p.Bytes()) }
	}
	return nil
}

// genDirect makes the action of a call of a compiled function that direct
// knows; the engine's own otherwise.
func (m *Machine) genDirect(n *node) {
	c0 := n.child[0]
	var call func([]reflect.Value) []reflect.Value
	var move func(x, p reflect.Value) (int, any)
	if c0.rval.IsValid() && c0.rval.Kind() == reflect.Func && c0.rval.CanInterface() {
		call, move = direct(c0.rval.Interface()), transfer(c0.rval.Interface())
	}
	if call == nil && move == nil || n.fnext != nil || len(n.child)-1 != c0.rval.Type().NumIn() {
		m.guarded(engineCallBin, nil)(n)
		return
	}
	ft := c0.rval.Type()
	var args []func(*frame) reflect.Value
	for i, c := range n.child[1:] {
		if isBinCall(c, c.scope) || isRegularCall(c) {
			ind := c.findex
			args = append(args, func(f *frame) reflect.Value { return f.data[ind] })
			continue
		}
		if c.kind == kindBasicLit || c.rval.IsValid() {
			convertLiteralValue(c, ft.In(i))
		}
		if isFuncSrc(c.typ) {
			args = append(args, m.funcValue(c, ft.In(i)))
		} else {
			args = append(args, genValue(c))
		}
	}
	tnext := getExec(n.tnext)
	place := m.resultPlace(n)
	if move != nil {
		n.exec = m.transferring(n, move, args[0], args[1], place, tnext)
		return
	}
	asked := !support(n) // a call that the cell makes: it may wait, and is told of (see Where)
	n.exec = func(f *frame) bltn {
		f.deferred.at = n
		if asked {
			m.goroutineOf(f).at.Store(n)
		}
		in := make([]reflect.Value, len(args))
		for i, a := range args {
			if in[i] = a(f); !in[i].IsValid() {
				rt.NilPointer()
			}
		}
		g := m.goroutineOf(f)
		g.frame = f
		notes := len(g.notes)
		for i, v := range call(in) {
			if to := place(f, i); to.IsValid() {
				to.Set(v)
			}
		}
		g.returned(notes)
		return tnext
	}
}

// transferring makes the action of a call that reads or writes.
func (m *Machine) transferring(n *node, move func(x, p reflect.Value) (int, any), x, p func(*frame) reflect.Value,
	place func(*frame, int) reflect.Value, next bltn) bltn {
	return func(f *frame) bltn {
		f.deferred.at = n
		g := m.goroutineOf(f)
		g.at.Store(n)
		to, bytes := x(f), p(f)
		if !to.IsValid() || !bytes.IsValid() {
			rt.NilPointer()
		}
		g.frame = f
		notes := len(g.notes)
		k, err := move(to, bytes)
		if v := place(f, 0); v.IsValid() {
			v.SetInt(int64(k))
		}
		switch v := place(f, 1); {
		case !v.IsValid():
		case err == nil:
			v.SetZero()
		default:
			v.Set(reflect.ValueOf(err))
		}
		g.returned(notes)
		return next
	}
}

// resultPlace finds where the engine would store a result; the zero Value: it
// is not wanted.
func (m *Machine) resultPlace(n *node) func(f *frame, i int) reflect.Value {
	level, findex := n.level, n.findex
	switch {
	case n.anc.action == actAssignX:
		places, defines := n.anc.child, n.anc.kind == kindDefineXStmt
		return func(f *frame, i int) reflect.Value {
			c := places[i]
			if c.ident == "_" {
				return reflect.Value{}
			}
			data := getFrame(f, c.level).data
			if defines && !c.redeclared {
				data[c.findex] = reflect.New(data[c.findex].Type()).Elem()
			}
			return data[c.findex]
		}
	case n.anc.action == actReturn:
		pos := 0
		for i, c := range n.anc.child {
			if c == n {
				pos = i
			}
		}
		return func(f *frame, i int) reflect.Value { return f.data[pos+i] }
	}
	return func(f *frame, i int) reflect.Value { return getFrame(f, level).data[findex+i] }
}

const (
	actAssignX = 3
	actReturn  = 45
)
