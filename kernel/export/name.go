package export

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// name decides what everything at package level is called. Of several things
// of one name the last one keeps it; the others get numbers.
func (b *builder) name() {
	b.keepUsed()
	var objs []types.Object
	add := func(obj types.Object) {
		if obj = b.resolve(obj); !slices.Contains(objs, obj) {
			objs = append(objs, obj)
		}
	}
	for _, v := range b.versions {
		for _, obj := range v.objs {
			if f, ok := obj.(*types.Func); v.used && !(ok && (f.Signature().Recv() != nil || f.Name() == "init")) {
				add(obj)
			}
		}
	}
	for _, c := range b.cells {
		for _, v := range c.Vars {
			if b.shared[v] {
				add(v)
			}
		}
	}
	last := map[string]types.Object{}
	for _, c := range b.cells {
		for _, obj := range b.defined(c) {
			last[obj.Name()] = b.resolve(obj)
		}
	}
	for _, c := range b.cells {
		c.function = b.fresh(c.function)
		if c.Main != nil {
			b.names[c.Main.Obj] = b.fresh(c.function + "Main")
		}
	}
	for _, obj := range objs {
		switch {
		case b.names[obj] != "":
		case obj.Name() == "main":
			b.names[obj] = b.fresh("main1")
		case last[obj.Name()] == obj || last[obj.Name()] == nil:
			b.names[obj] = obj.Name()
		default:
			b.names[obj] = b.fresh(obj.Name() + "1")
			b.note(b.originOf(obj), "%s is defined otherwise by a later cell; in the program it is %s", obj.Name(), b.names[obj])
		}
	}
}

// fresh returns a name like the wanted one that nothing has.
func (b *builder) fresh(want string) string {
	stem := strings.TrimRight(want, "0123456789")
	for n := 1; b.idents[want]; n++ {
		want = fmt.Sprintf("%s%d", stem, n)
	}
	b.idents[want] = true
	return want
}

// defined lists what a cell gave a name at the top, in the order in which the
// last one counts.
func (b *builder) defined(c *checked) []types.Object {
	var list []types.Object
	for _, v := range b.versions {
		if v.cell == c.Cell {
			for _, obj := range v.objs {
				if f, ok := obj.(*types.Func); !ok || f.Signature().Recv() == nil {
					list = append(list, obj)
				}
			}
		}
	}
	for _, v := range c.Vars {
		if b.shared[v] {
			list = append(list, v)
		}
	}
	return list
}

func (b *builder) originOf(obj types.Object) string {
	return b.cells[0].Fset.Position(obj.Pos()).Filename
}

// keepUsed marks the versions that the program needs: what statements use, and
// everything that was not defined anew since.
func (b *builder) keepUsed() {
	byObj := map[types.Object]*version{}
	methods := map[types.Object][]*version{} // by type
	for _, v := range b.versions {
		for _, obj := range v.objs {
			byObj[obj] = v
			if f, ok := obj.(*types.Func); ok {
				if t := receiverType(f); t != nil {
					methods[t] = append(methods[t], v)
				}
			}
		}
	}
	var keep func(v *version)
	var use func(info *types.Info) func(ast.Node) bool
	mention := func(obj types.Object) {
		if !b.session(obj) {
			return
		}
		if v := byObj[b.resolve(obj)]; v != nil {
			keep(v)
		}
	}
	keep = func(v *version) {
		if v.used {
			return
		}
		v.used = true
		ast.Inspect(v.node, use(v.cell.Info))
		for _, obj := range v.objs {
			for _, m := range methods[obj] {
				keep(m)
			}
		}
	}
	use = func(info *types.Info) func(ast.Node) bool {
		return func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				mention(info.Uses[id])
			}
			return true
		}
	}
	for _, c := range b.cells {
		for _, s := range c.Stmts {
			ast.Inspect(s, use(c.Info))
		}
		for _, v := range c.Vars {
			if b.shared[v] {
				mentionTypes(v.Type(), mention)
			}
		}
		if c.Program {
			for _, d := range c.Decls {
				ast.Inspect(d, use(c.Info))
			}
		}
		for _, f := range c.Inits {
			keep(byObj[f.Obj])
		}
		if c.Main != nil {
			keep(byObj[c.Main.Obj])
		}
	}
	current := map[string]*version{} // the last version of each name
	for _, v := range b.versions {
		for _, obj := range v.objs {
			if f, ok := obj.(*types.Func); ok && f.Signature().Recv() != nil {
				continue // a method is there if its type is
			}
			if b.stale[obj] {
				delete(current, obj.Name())
				continue
			}
			current[obj.Name()] = v
		}
	}
	for _, v := range current {
		keep(v)
	}
}

func receiverType(f *types.Func) types.Object {
	r := f.Signature().Recv()
	if r == nil {
		return nil
	}
	t := types.Unalias(r.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}
