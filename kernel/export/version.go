package export

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"sockbook/kernel/cell"
)

// A version is a declaration as one cell made it mean something: a redefinition
// elsewhere makes another version of the same text.
type version struct {
	node   ast.Node // *ast.FuncDecl, *ast.TypeSpec or *ast.GenDecl
	cell   *cell.Cell
	origin string // the cell it is written in
	objs   []types.Object
	used   bool
}

// addVersions notes what a cell declares or had checked again.
func (b *builder) addVersions(c *cell.Cell) {
	for _, consts := range [][]*cell.Const{c.Consts, c.Recheck.Consts} {
		for _, k := range consts {
			if last := len(b.versions) - 1; last >= 0 && b.versions[last].node == ast.Node(k.Decl) {
				b.versions[last].objs = append(b.versions[last].objs, k.Obj)
				continue
			}
			if v := b.versionOf(k.Decl.Specs, c); v != nil {
				v.objs = append(v.objs, k.Obj)
				continue
			}
			b.versions = append(b.versions, &version{node: k.Decl, cell: c, origin: k.Origin, objs: []types.Object{k.Obj}})
		}
	}
	for _, list := range [][]*cell.Type{c.Types, c.Recheck.Types} {
		for _, t := range list {
			b.versions = append(b.versions, &version{node: t.Spec, cell: c, origin: t.Origin, objs: []types.Object{t.Obj}})
		}
	}
	functions := slices.Concat(c.Funcs, c.Recheck.Funcs, c.Inits)
	if c.Main != nil {
		functions = append(functions, c.Main)
	}
	for _, f := range functions {
		if f.Replaces != nil && f.Replaces != f.Obj {
			b.canon[f.Replaces] = f.Obj
		}
		// The last body counts, also for those who called an earlier one.
		b.versions = slices.DeleteFunc(b.versions, func(v *version) bool {
			return slices.Contains(v.objs, types.Object(f.Obj)) || f.Replaces != nil && slices.Contains(v.objs, types.Object(f.Replaces))
		})
		b.versions = append(b.versions, &version{node: f.Decl, cell: c, origin: f.Origin, objs: []types.Object{f.Obj}})
		if f.Replaces != nil && f.Origin == c.Name {
			b.note(c.Name, "%s is defined anew; the program has the last definition only", f.Obj.Name())
		}
	}
}

// versionOf finds the version of a group of constants in a cell: each of its
// constants has a copy of the group.
func (b *builder) versionOf(specs []ast.Spec, c *cell.Cell) *version {
	for _, v := range b.versions {
		if g, ok := v.node.(*ast.GenDecl); ok && v.cell == c && g.Tok == token.CONST && g.Specs[0].Pos() == specs[0].Pos() {
			return v
		}
	}
	return nil
}

// collectIdents notes every name that a cell writes.
func (b *builder) collectIdents(c *cell.Cell) {
	note := func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			b.idents[id.Name] = true
		}
		return true
	}
	for _, d := range c.Decls {
		ast.Inspect(d, note)
	}
	for _, s := range c.Stmts {
		ast.Inspect(s, note)
	}
}

// resolve returns what an object is in the program.
func (b *builder) resolve(obj types.Object) types.Object {
	for range 10000 {
		next := b.canon[obj]
		if next == nil {
			return obj
		}
		obj = next
	}
	return obj
}

// session says whether obj was defined at the top of a cell.
func (b *builder) session(obj types.Object) bool {
	return obj != nil && obj.Parent() != nil && obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope() && len(b.cells) > 0 && obj.Pkg() == b.cells[0].Pkg
}

// share finds the variables that must outlive the function that their cell
// becomes: those that other cells or functions use.
func (b *builder) share() {
	home := map[types.Object]*cell.Cell{}
	for _, c := range b.cells {
		for _, v := range c.Vars {
			home[v] = c.Cell
			if c.Program {
				b.shared[v] = true
			}
		}
	}
	use := func(c *cell.Cell, local bool) func(ast.Node) bool {
		return func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if v, ok := c.Info.Uses[id].(*types.Var); ok && home[v] != nil && (!local || home[v] != c) {
					b.shared[v] = true
				}
			}
			return true
		}
	}
	for _, c := range b.cells {
		for _, s := range c.Stmts {
			ast.Inspect(s, use(c.Cell, true))
		}
	}
	for _, v := range b.versions {
		ast.Inspect(v.node, use(v.cell, false))
	}
	for changed := true; changed; {
		changed = false
		for _, c := range b.cells {
			for _, s := range c.Stmts {
				if b.shareTogether(c.Cell, s) {
					changed = true
				}
			}
		}
	}
}

// shareTogether shares all variables that a statement defines if one of them,
// or one that it assigns with :=, is shared.
func (b *builder) shareTogether(c *cell.Cell, s ast.Stmt) (changed bool) {
	vars := b.variables(c, s)
	if !slices.ContainsFunc(vars, func(v *types.Var) bool { return b.shared[v] }) {
		return false
	}
	for _, v := range vars {
		if !b.shared[v] {
			b.shared[v] = true
			changed = true
		}
	}
	return changed
}

// variables are those that a statement at the top defines, or assigns with :=.
func (b *builder) variables(c *cell.Cell, s ast.Stmt) []*types.Var {
	var list []*types.Var
	for _, x := range cell.Defined(s) {
		id, ok := x.(*ast.Ident)
		if !ok {
			continue
		}
		if v, ok := c.Info.Defs[id].(*types.Var); ok && v.Name() != "_" {
			list = append(list, v)
		} else if v, ok := c.Info.Uses[id].(*types.Var); ok {
			list = append(list, v)
		}
	}
	return list
}

// merge makes one variable of shared ones that have one name and one type.
func (b *builder) merge() {
	first := map[string][]*types.Var{}
	for _, c := range b.cells {
		for _, v := range c.Vars {
			if !b.shared[v] {
				continue
			}
			i := slices.IndexFunc(first[v.Name()], func(old *types.Var) bool { return types.Identical(old.Type(), v.Type()) })
			if i >= 0 && !c.Program {
				b.canon[v] = first[v.Name()][i]
				continue
			}
			first[v.Name()] = append(first[v.Name()], v)
		}
	}
}
