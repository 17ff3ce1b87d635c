package interp

import (
	"reflect"
	"strings"

	"github.com/traefik/yaegi/interp"

	"sockbook/kernel/lower/rt"
)

var interpType = reflect.TypeFor[interp.Interpreter]()

// engineNodeType is the engine's *node.
var engineNodeType = func() reflect.Type { f, _ := interpType.FieldByName("roots"); return f.Type.Elem() }()

// adjust gives the nodes of a compiled tree the actions of this package.
func (m *Machine) adjust(n *node) {
	n.exec = nil // the engine has made those of function literals already
	if isSupport(n) {
		n.index = callsSupport
	}
	for _, c := range n.child {
		m.adjust(c)
	}
	if n.gen == nil {
		return
	}
	if k := nodeKinds[n.kind]; k == "landExpr" || k == "lorExpr" {
		fixBranch(n)
	}
	switch {
	case sameFunc(n.gen, engineCall) && n.anc.kind != kindGoStmt && n.anc.kind != kindDeferStmt:
		n.gen = m.genCall
	case sameFunc(n.gen, engineCallBin) && n.anc.kind != kindGoStmt && n.anc.kind != kindDeferStmt:
		n.gen = m.genDirect
	case sameFunc(n.gen, engineGetFunc):
		n.gen = m.genFuncLit
	case sameFunc(n.gen, engineRecv):
		n.gen = m.genRecv
	case sameFunc(n.gen, engineRecv2):
		n.gen = m.genRecv2
	case sameFunc(n.gen, engineSend):
		n.gen = m.genSend
	case sameFunc(n.gen, engineRangeChan):
		n.gen = m.genRangeChan
	case n.kind == kindIndexExpr || n.kind == kindSliceExpr:
		n.gen = m.guarded(n.gen, m.bounds)
	case sameFunc(n.gen, engineConvert): // package lower checks what can fail
	case mayPanic(n):
		n.gen = m.guarded(n.gen, nil)
	}
}

// fixBranch mends && and ||: the engine has their first step branch on its
// value even where that is only an operand of a comparison.
func fixBranch(n *node) {
	first := n.child[0]
	for nodeKinds[first.kind] == "parenExpr" {
		first = first.child[0]
	}
	if s := n.start; s != nil && s != first && s.gen != nil && sameFunc(s.gen, engineBranch) {
		s.gen = engineNop
	}
}

// mayPanic reports whether a node's own action can panic.
func mayPanic(n *node) bool {
	switch nodeKinds[n.kind] {
	case "callExpr", "starExpr", "selectorExpr", "typeAssertExpr":
		return true
	case "assignStmt": // to a map's element, or through a pointer
		return len(n.child) > 0 && nodeKinds[n.child[0].kind] != "identExpr" || divides(n)
	case "binaryExpr":
		return divides(n)
	}
	return false
}

func divides(n *node) bool {
	return n.action == actQuo || n.action == actRem || n.action == actQuoAssign || n.action == actRemAssign
}

const (
	actQuo       = 39
	actQuoAssign = 40
	actRem       = 43
	actRemAssign = 44
)

// guarded makes a node leave a mark, by which a panic of its action is placed.
// fault, if not nil, finds a better value for the panic.
func (m *Machine) guarded(gen func(*node), fault func(n *node) func(f *frame) any) func(*node) {
	return func(n *node) {
		gen(n)
		exec := n.exec
		if exec == nil {
			return
		}
		if fault != nil {
			n.meta = fault(n)
		}
		if sameFunc(gen, engineCallBin) { // it may wait
			n.exec = func(f *frame) bltn {
				g := m.goroutineOf(f)
				f.deferred.at = n
				g.at.Store(n)
				g.frame = f
				notes := len(g.notes)
				next := exec(f)
				g.returned(notes)
				return next
			}
			return
		}
		n.exec = func(f *frame) bltn {
			f.deferred.at = n
			return exec(f)
		}
	}
}

// panicked notes where the panic that goes through f is, and gives it a better
// value if there is one.
func (m *Machine) panicked(g *goroutine, f *frame) {
	n := f.deferred.at
	if n == nil {
		return
	}
	first := len(g.notes) == 0
	g.note(n)
	better, ok := n.meta.(func(*frame) any)
	if !first || !ok {
		return
	}
	if x := better(f); x != nil {
		recover()
		panic(x)
	}
}

// bounds finds Go's own run-time error for an index or slice expression.
func (m *Machine) bounds(n *node) func(f *frame) any {
	var vals []func(*frame) reflect.Value
	for _, c := range n.child {
		vals = append(vals, genValue(c))
	}
	slicing := n.kind == kindSliceExpr
	low := !slicing || n.action == actSlice
	return func(f *frame) (fault any) {
		defer func() {
			if recover() != nil { // an operand is not there: leave the first fault
				fault = nil
			}
		}()
		x := vals[0](f)
		for x.Kind() == reflect.Pointer {
			x = x.Elem()
		}
		if x.Kind() == reflect.Map {
			if assigned(n) {
				return mapError(x, vals[1](f))
			}
			return nil
		}
		var idx []int
		huge := false // one is more than an int can be
		for _, v := range vals[1:] {
			i := v(f)
			if i.CanUint() {
				idx = append(idx, int(i.Uint()))
				huge = huge || int(i.Uint()) < 0
			} else {
				idx = append(idx, int(i.Int()))
			}
		}
		if huge {
			var unsigned []uint64
			for _, i := range idx {
				unsigned = append(unsigned, uint64(i))
			}
			return boundsError(x, unsigned, slicing, low)
		}
		return boundsError(x, idx, slicing, low)
	}
}

const actSlice = 51

// assigned reports whether an index expression is what a statement assigns to,
// which the engine reads first, or the same in "m[k] = m[k] + 1", as package
// lower writes m[k]++.
func assigned(n *node) bool {
	for a := n.anc; a != nil; a = a.anc {
		switch nodeKinds[a.kind] {
		case "assignStmt", "defineStmt", "assignXStmt", "incDecStmt":
			return sameElement(a.child[0], n)
		case "binaryExpr", "parenExpr":
		default:
			return false
		}
	}
	return false
}

func sameElement(a, b *node) bool {
	if a == b {
		return true
	}
	if a.kind != kindIndexExpr || len(a.child) != len(b.child) {
		return false
	}
	for i, c := range a.child {
		if c.ident == "" || c.ident != b.child[i].ident {
			return false
		}
	}
	return true
}

// mapError assigns to an element with compiled code, for its panic.
func mapError(m, key reflect.Value) (r any) {
	defer func() { r = recover() }()
	if !m.IsNil() {
		m = reflect.MakeMap(m.Type())
	}
	m.SetMapIndex(key, reflect.Zero(m.Type().Elem()))
	return nil
}

// boundsError does the operation with compiled code, for its panic.
func boundsError[I int | uint64](x reflect.Value, idx []I, slicing, low bool) (r any) {
	n := x.Len()
	defer func() {
		r = recover()
		if err, ok := r.(error); ok && x.Kind() == reflect.Array {
			r = rt.RuntimeError(strings.Replace(err.Error(), "with capacity", "with length", 1))
		}
	}()
	if !slicing {
		_ = make([]struct{}, n)[idx[0]]
		return nil
	}
	c := n
	if x.Kind() == reflect.Slice {
		c = x.Cap()
	}
	if !low {
		idx = append([]I{0}, idx...)
	}
	s := make([]struct{}, n, c)
	switch {
	case x.Kind() == reflect.String:
		b := string(make([]byte, n))
		if len(idx) == 1 {
			_ = b[idx[0]:]
		} else {
			_ = b[idx[0]:idx[1]]
		}
	case len(idx) == 1:
		_ = s[idx[0]:]
	case len(idx) == 2:
		_ = s[idx[0]:idx[1]]
	case len(idx) == 3:
		_ = s[idx[0]:idx[1]:idx[2]]
	}
	return nil
}
