package interp

import (
	"reflect"
	"sync/atomic"
	"unsafe"

	"sockbook/kernel/lower/rt"
)

// rvalue mirrors reflect.Value.
type rvalue struct {
	typ, ptr unsafe.Pointer
	flag     uintptr
}

// A layout is what a call of an interpreted function needs to know of it: where
// its code begins, and how its variables are allocated: those without pointers
// in one block, those that are pointers and their like in another, the rest one
// by one.
type layout struct {
	entry          *node
	slots          []slot
	plain, pointer uintptr // bytes, words
}

type slot struct {
	proto  rvalue
	typ    reflect.Type
	where  uint8
	offset uintptr
}

const (
	wherePlain uint8 = iota
	wherePointer
	whereOwn
	whereNone
)

func makeLayout(types []reflect.Type) *layout {
	l := &layout{slots: make([]slot, len(types))}
	for i, t := range types {
		if t == nil { // a result that nothing has
			l.slots[i].where = whereNone
			continue
		}
		v := reflect.New(t).Elem()
		s := &l.slots[i]
		s.typ, s.proto = t, *(*rvalue)(unsafe.Pointer(&v))
		switch {
		case !hasPointers(t) && t.Size() > 0 && t.Size() <= 64: // one of size 0 would point past the block
			s.where, s.offset = wherePlain, l.plain
			l.plain += (t.Size() + 7) &^ 7
		case wordsOnly(t.Kind()):
			s.where, s.offset = wherePointer, l.pointer*8
			l.pointer += t.Size() / 8
		default:
			s.where = whereOwn
		}
	}
	return l
}

// wordsOnly reports whether values of the kind consist of pointers and small
// numbers, so that the collector may take each word for a pointer.
func wordsOnly(k reflect.Kind) bool {
	switch k {
	case reflect.String, reflect.Slice, reflect.Interface, reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return true
	}
	return false
}

func hasPointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return t.Len() > 0 && hasPointers(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if hasPointers(t.Field(i).Type) {
				return true
			}
		}
		return false
	}
	return wordsOnly(t.Kind())
}

// fill allocates the variables of a frame.
func (l *layout) fill(data []reflect.Value) {
	var plain, pointer unsafe.Pointer
	if l.plain > 0 {
		plain = unsafe.Pointer(unsafe.SliceData(make([]uint64, l.plain/8)))
	}
	if l.pointer > 0 {
		pointer = unsafe.Pointer(unsafe.SliceData(make([]unsafe.Pointer, l.pointer)))
	}
	for i := range l.slots {
		s := &l.slots[i]
		switch s.where {
		case wherePlain:
			v := s.proto
			v.ptr = unsafe.Add(plain, s.offset)
			*(*rvalue)(unsafe.Pointer(&data[i])) = v
		case wherePointer:
			v := s.proto
			v.ptr = unsafe.Add(pointer, s.offset)
			*(*rvalue)(unsafe.Pointer(&data[i])) = v
		case whereOwn:
			data[i] = reflect.New(s.typ).Elem()
		}
	}
}

// layoutOf is the layout of a function, made at its first call. It stands where
// the engine's debugger, which is never on, would keep its own, so that a
// goroutine that calls the function while a cell replaces it (see replace) sees
// either all of the old one or all of the new one.
func layoutOf(def *node) *layout {
	if l := (*layout)(atomic.LoadPointer(&def.debug)); l != nil {
		return l
	}
	l := newLayout(def)
	if !atomic.CompareAndSwapPointer(&def.debug, nil, unsafe.Pointer(l)) {
		l = (*layout)(atomic.LoadPointer(&def.debug))
	}
	return l
}

func newLayout(def *node) *layout {
	l := makeLayout(def.types)
	l.entry = def.child[3].start
	return l
}

// replace makes the functions of earlier texts run the code of new ones, which
// must be ready to run: goroutines may be calling them.
func (m *Machine) replace(pairs [][2]string) {
	s := m.packageScope()
	for _, p := range pairs {
		old, now := s.sym[p[0]], s.sym[p[1]]
		if old == nil || now == nil || old.node == nil || now.node == nil {
			continue
		}
		o, n := old.node, now.node
		atomic.StorePointer(&o.debug, unsafe.Pointer(layoutOf(n))) // from here on, calls run the new code
		o.child, o.types, o.start, o.pos = n.child, n.types, n.start, n.pos
		delete(s.sym, p[1]) // nothing goes by its own name
	}
}

func newFrame(anc, caller *frame, l *layout, g *goroutine) *frame {
	f := &frame{anc: anc, root: anc.root, id: anc.id, debug: g, recovered: caller, data: make([]reflect.Value, len(l.slots))}
	l.fill(f.data)
	return f
}

func getFrame(f *frame, level int) *frame {
	if level < 0 {
		return f.root
	}
	for ; level > 0; level-- {
		f = f.anc
	}
	return f
}

// goroutineOf is who runs f; frames that the engine made do not know.
func (m *Machine) goroutineOf(f *frame) *goroutine {
	if f.debug == nil {
		f.debug = m.current()
	}
	return f.debug
}

// body runs an interpreted function in its frame.
func (m *Machine) body(l *layout, f *frame, g *goroutine) {
	g.depth++
	done := false
	defer func() {
		g.depth--
		if !done {
			m.panicked(g, f)
		}
	}()
	if stackUsed() > m.maxStack {
		m.overflow(g)
	}
	for exec := l.entry.exec; exec != nil; {
		if g.stop.Load() {
			m.stopHere(g)
		}
		// A few steps for each look at the flag.
		if exec = exec(f); exec == nil {
			break
		}
		if exec = exec(f); exec == nil {
			break
		}
		if exec = exec(f); exec == nil {
			break
		}
		exec = exec(f)
	}
	done = true
}

// genCall makes the action of a call of an interpreted function or of a func
// value.
func (m *Machine) genCall(n *node) {
	c0 := n.child[0]
	value := genValue(c0)
	args := m.callArgs(n)
	numRet := len(c0.typ.ret)
	results := callResults(n, numRet)
	tnext, fnext := getExec(n.tnext), getExec(n.fnext)
	level, findex := n.level, n.findex
	n.exec = func(f *frame) bltn {
		g := m.goroutineOf(f)
		f.deferred.at = n
		fv := value(f)
		var out []reflect.Value
		if def, ok := interpreted(fv); ok {
			l := layoutOf(def)
			nf := newFrame(f, f, l, g)
			for i, a := range args {
				if numRet+i < len(nf.data) {
					m.setArg(nf.data[numRet+i], a(f), f.root)
				}
			}
			m.body(l, nf, g)
			out = nf.data[:numRet]
		} else {
			f.deferred.at = n
			out = m.callValue(fv, args, f, g)
		}
		for i, r := range results {
			if r >= 0 {
				dst := getFrame(f, level).data
				if d := dst[findex+i]; d.CanSet() {
					d.Set(out[i])
				} else {
					dst[findex+i] = out[i]
				}
			}
		}
		if fnext != nil && !out[0].Bool() {
			return fnext
		}
		return tnext
	}
}

// setArg gives a parameter its value.
func (m *Machine) setArg(dst, v reflect.Value, root *frame) {
	if !v.IsValid() { // what a nil pointer points at
		rt.NilPointer()
	}
	if n, ok := interpreted(v); ok && dst.Kind() == reflect.Func {
		dst.Set(m.asFunc(n, dst.Type(), root))
		return
	}
	dst.Set(v)
}

// asFunc makes a func value of a named function.
func (m *Machine) asFunc(def *node, t reflect.Type, root *frame) reflect.Value {
	c := &closure{m: m, def: def, numRet: t.NumOut(), frame: root}
	return reflect.MakeFunc(t, c.call)
}

// interpreted gives the definition behind a value that names a function.
func interpreted(v reflect.Value) (*node, bool) {
	r := (*rvalue)(unsafe.Pointer(&v))
	if v.Kind() != reflect.Pointer || v.Type() != engineNodeType {
		return nil, false
	}
	if r.flag&(1<<7) != 0 { // indirect
		return *(**node)(r.ptr), true
	}
	return (*node)(r.ptr), true
}

// callArgs makes what reads the arguments of a call.
func (m *Machine) callArgs(n *node) []func(*frame) reflect.Value {
	c0 := n.child[0]
	var args []func(*frame) reflect.Value
	for i, c := range n.child[1:] {
		var t *itype
		if i < len(c0.typ.arg) {
			t = c0.typ.arg[i]
		}
		switch {
		case isBinCall(c, c.scope):
			for j := range c.child[0].typ.rtype.NumOut() {
				ind := c.findex + j
				args = append(args, func(f *frame) reflect.Value { return f.data[ind] })
			}
		case isRegularCall(c):
			for j := range c.child[0].typ.ret {
				ind := c.findex + j
				args = append(args, func(f *frame) reflect.Value { return f.data[ind] })
			}
		default:
			if t != nil && (c.kind == kindBasicLit || c.rval.IsValid()) {
				convertLiteralValue(c, typeOf(t))
			}
			if t != nil && isFuncSrc(t) {
				args = append(args, m.funcValue(c, typeOf(t)))
			} else {
				args = append(args, genValue(c))
			}
		}
	}
	return args
}

// funcValue makes what reads an argument that is a function.
func (m *Machine) funcValue(n *node, t reflect.Type) func(*frame) reflect.Value {
	value := genValue(n)
	return func(f *frame) reflect.Value {
		v := value(f)
		if def, ok := interpreted(v); ok {
			return m.asFunc(def, t, f.root)
		}
		return v
	}
}

// callResults says which results are wanted: -1 for a blank one.
func callResults(n *node, numRet int) []int {
	r := make([]int, numRet)
	for i := range r {
		r[i] = i
		if (n.anc.kind == kindDefineXStmt || n.anc.kind == kindAssignXStmt) && i < len(n.anc.child) && n.anc.child[i].ident == "_" {
			r[i] = -1
		}
	}
	return r
}

// callValue calls a func value: an interpreted closure directly, compiled code
// by reflection.
func (m *Machine) callValue(fv reflect.Value, args []func(*frame) reflect.Value, f *frame, g *goroutine) []reflect.Value {
	if fv.IsNil() {
		nilCall()
	}
	if c := closureOf(fv); c != nil && c.m == m {
		l := layoutOf(c.def)
		nf := newFrame(c.frame, f, l, g)
		for i, a := range args {
			if c.numRet+i < len(nf.data) {
				m.setArg(nf.data[c.numRet+i], a(f), f.root)
			}
		}
		m.body(l, nf, g)
		return nf.data[:c.numRet]
	}
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = a(f)
	}
	g.frame = f
	return fv.Call(in)
}

func nilCall() {
	var f func()
	f()
}

// A closure is an interpreted function literal with the frame that it sees.
type closure struct {
	m      *Machine
	def    *node
	frame  *frame
	numRet int
}

// call runs the closure for compiled code, which may recover from its panic:
// that has the value that Go's would have.
func (c *closure) call(in []reflect.Value) []reflect.Value {
	g := c.m.current()
	if g.depth == 0 {
		g.notes, g.over = nil, nil // whatever called before
	}
	l := layoutOf(c.def)
	caller := g.frame
	if g.depth == 0 {
		caller = nil
	}
	f := newFrame(c.frame, caller, l, g)
	for i, a := range in {
		if c.numRet+i < len(f.data) {
			f.data[c.numRet+i].Set(a)
		}
	}
	if r := c.try(l, f, g, caller); r != nil {
		panic(c.m.world.Passing(r))
	}
	return f.data[:c.numRet]
}

// try gives what the closure panics with, when its stack is gone.
func (c *closure) try(l *layout, f *frame, g *goroutine, caller *frame) (r any) {
	done := false
	g.begin()
	defer func() {
		g.frame = caller
		g.end(done)
		if !done {
			r = recover() // nil for runtime.Goexit, which goes on
		}
	}()
	c.m.body(l, f, g)
	done = true
	return nil
}

// callDirectly calls f for package rt, which passes panics on as they are. A
// deferred call has panics of its own.
func (m *Machine) callDirectly(f func(), deferred bool) {
	c := closureOf(reflect.ValueOf(f))
	if c == nil || c.m != m {
		f()
		return
	}
	g := m.current()
	l := layoutOf(c.def)
	caller := g.frame
	if g.depth == 0 {
		caller = nil
	}
	if !deferred {
		m.body(l, newFrame(c.frame, caller, l, g), g)
		g.frame = caller
		return
	}
	done, over := false, g.over
	g.over = nil
	g.begin()
	defer func() {
		g.frame = caller
		if over != nil {
			g.over = over
		}
		g.end(done)
	}()
	m.body(l, newFrame(c.frame, caller, l, g), g)
	done = true
}

// closureCode are the code addresses of reflect's stub and of a bound
// closure.call, by which a func value is known as a closure, and the offset of
// the function in reflect's structure.
var closureCode = func() (c struct {
	stub, call uintptr
	fnOffset   uintptr
}) {
	probe := &closure{}
	bound := probe.call
	c.call = **(**uintptr)(unsafe.Pointer(&bound))
	v := reflect.MakeFunc(reflect.TypeFor[func()](), bound)
	i := v.Interface()
	impl := (*[2]unsafe.Pointer)(unsafe.Pointer(&i))[1]
	c.stub = *(*uintptr)(impl)
	want := *(*unsafe.Pointer)(unsafe.Pointer(&bound))
	for off := uintptr(8); off < 72; off += 8 {
		if *(*unsafe.Pointer)(unsafe.Add(impl, off)) == want {
			c.fnOffset = off
			break // what lies behind the structure is none of ours
		}
	}
	return c
}()

// closureOf gives the closure behind a func value, or nil if it is another.
func closureOf(v reflect.Value) *closure {
	r := (*rvalue)(unsafe.Pointer(&v))
	p := r.ptr
	if r.flag&(1<<7) != 0 {
		p = *(*unsafe.Pointer)(p)
	}
	if p == nil || closureCode.fnOffset == 0 || *(*uintptr)(p) != closureCode.stub {
		return nil
	}
	fn := *(**struct {
		code uintptr
		recv *closure
	})(unsafe.Add(p, closureCode.fnOffset))
	if fn == nil || fn.code != closureCode.call {
		return nil
	}
	return fn.recv
}

// genFuncLit makes the action of a function literal.
func (m *Machine) genFuncLit(n *node) {
	i, level := n.findex, n.level
	next := getExec(n.tnext)
	numRet := len(n.typ.ret)
	typ := typeOf(n.typ)
	setExec(n.child[3].start)
	n.exec = func(f *frame) bltn {
		c := &closure{m: m, def: n, numRet: numRet, frame: &frame{anc: f.anc, root: f.root, id: f.id, data: append([]reflect.Value(nil), f.data...)}}
		v := reflect.New(typ).Elem()
		v.Set(reflect.MakeFunc(typ, c.call))
		getFrame(f, level).data[i] = v
		return next
	}
}

// variables are those of the package, which cells define at their tops.
func (m *Machine) variables() []reflect.Value { return m.globalFrame().data[:m.globals:m.globals] }

// captured are the variables that an interpreted func value sees.
func (m *Machine) captured(fn reflect.Value) (list []reflect.Value) {
	c := closureOf(fn)
	if c == nil {
		return nil
	}
	for f := c.frame; f != nil && f != f.root; f = f.anc {
		list = append(list, f.data...)
	}
	return list
}
