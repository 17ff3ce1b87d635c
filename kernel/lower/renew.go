package lower

import (
	"go/types"
	"reflect"
	"slices"

	"sockbook/kernel/cell"
	"sockbook/kernel/lower/rt"
	"sockbook/kernel/lower/rtype"
)

// renew makes the types anew that a cell gives methods, and all that mention
// them, if values may have them already (see rt.Renewal).
func (l *Lowerer) renew(c *cell.Cell) *rt.Renewal {
	changed := map[int]bool{}
	for _, f := range slices.Concat(c.Funcs, c.Recheck.Funcs) {
		recv := f.Obj.Signature().Recv()
		if recv == nil || f.Replaces != nil || isGeneric(f.Obj) {
			continue
		}
		if id := l.tid(namedOf(recv.Type())); l.types.dyns[id] != nil {
			changed[id] = true
		}
	}
	if len(changed) == 0 {
		return nil
	}
	var ids []int
	for id, t := range l.types.list {
		if l.mentionsAny(t, changed, map[types.Type]bool{}) {
			ids = append(ids, id)
		}
	}
	return l.remake(ids)
}

// remake makes the run-time forms of types anew.
func (l *Lowerer) remake(ids []int) *rt.Renewal {
	r := &rt.Renewal{}
	l.types.described = 0 // methods of interfaces may mention the types
	dyns, parts := map[int]reflect.Type{}, map[int]reflect.Type{}
	named := map[int]*rtype.Named{}
	for _, id := range ids {
		take(l, l.types.dyns, dyns, id)
		take(l, l.types.parts, parts, id)
		take(l, l.types.named, named, id)
	}
	for _, id := range ids {
		t := l.types.list[id]
		if old := parts[id]; old != nil {
			r.Next(old, l.part(t))
		}
		if old := dyns[id]; old != nil {
			r.Next(old, l.dyn(t))
		}
		if old := named[id]; old != nil {
			r.Next(old.Pointer(), l.types.named[id].Pointer())
		}
	}
	for _, id := range ids {
		if d := l.types.descs[id]; d != nil && d.Iface == nil {
			t := l.types.list[id]
			r.Type(d, l.dyn(t), l.methods(t, d))
		}
	}
	return r
}

// take moves what a table has for id to another one, until the cell turns out
// not to compile.
func take[T any](l *Lowerer, from, to map[int]T, id int) {
	if x, ok := from[id]; ok {
		to[id] = x
		delete(from, id)
		l.undo = append(l.undo, func() { from[id] = x })
	}
}

// mentionsAny reports whether t is, or its values hold or lead to values of,
// one of the types with these numbers.
func (l *Lowerer) mentionsAny(t types.Type, ids map[int]bool, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] {
		return false
	}
	seen[t] = true
	any := func(list ...types.Type) bool {
		return slices.ContainsFunc(list, func(t types.Type) bool { return l.mentionsAny(t, ids, seen) })
	}
	switch t := t.(type) {
	case *types.Named:
		if types.IsInterface(t) {
			return false // in memory an interface is any
		}
		if ids[l.tid(t)] || any(targsOf(t)...) {
			return true
		}
		return !l.isNative(t) && any(l.body(t))
	case *types.Pointer:
		return any(t.Elem())
	case *types.Slice:
		return any(t.Elem())
	case *types.Array:
		return any(t.Elem())
	case *types.Chan:
		return any(t.Elem())
	case *types.Map:
		return any(t.Key(), t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if any(f.Type()) {
				return true
			}
		}
	case *types.Signature:
		for _, list := range []*types.Tuple{t.Params(), t.Results()} {
			for v := range list.Variables() {
				if any(v.Type()) {
					return true
				}
			}
		}
	}
	return false
}
