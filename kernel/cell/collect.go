package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// collect fills in the cell, and what it changes, from what was checked.
func (c *checker) collect() {
	c.cell.delta = &delta{defs: map[string]*definition{}, stale: c.stale, dots: c.dots}
	for name, imp := range c.imports {
		c.cell.delta.defs[name] = &definition{key: name, obj: imp, origin: c.src.name}
	}
	for _, u := range c.units {
		if c.plan.kept[u] {
			c.keep(u)
		} else {
			c.collectUnit(u)
		}
	}
	for _, u := range slices.Concat(c.again...) {
		c.collectUnit(u)
	}
	for _, v := range c.cell.Vars {
		c.defineVar(v)
	}
	c.cell.Decls, c.cell.Stmts = c.src.decls, c.src.stmts
	if !c.cell.Program {
		c.cell.Unused = c.unused()
	}
	if c.result != nil && !c.cell.Info.Types[c.result.X].IsVoid() && !prints(c.cell.Info, c.result.X) {
		c.cell.Result = c.result.X
	}
	c.collectStale()
}

// prints reports whether e is a call that shows something itself, so that
// nobody wants to see its result: of fmt's Print, Fprint and their kin, or of
// package display.
func prints(info *types.Info, e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	f, ok := typeutil.Callee(info, call).(*types.Func)
	if !ok || f.Pkg() == nil {
		return false
	}
	switch f.Pkg().Path() {
	case "fmt":
		return strings.Contains(strings.ToLower(f.Name()), "print") && !strings.HasPrefix(f.Name(), "S")
	case "sockbook/runtime/display":
		results := f.Signature().Results()
		return results.Len() == 1 && types.Identical(results.At(0).Type(), types.Universe.Lookup("error").Type())
	}
	return false
}

// keep notes what the idents of a declaration mean that says again what is
// defined already.
func (c *checker) keep(u *unit) {
	for _, id := range u.idents {
		if d := c.env.defs[id.Name]; d != nil {
			c.cell.Info.Defs[id] = d.obj
		}
	}
}

func (c *checker) collectUnit(u *unit) {
	info := c.cell.Info
	for i, id := range u.idents {
		switch obj := info.Defs[id].(type) {
		case *types.TypeName:
			t := &Type{Spec: u.node.(*ast.TypeSpec), Obj: obj, Origin: u.origin}
			if u.old != nil {
				c.cell.Recheck.Types = append(c.cell.Recheck.Types, t)
			} else {
				c.cell.Types = append(c.cell.Types, t)
			}
			c.define(u, u.keys[i], obj)
		case *types.Const:
			k := &Const{Decl: u.decl().(*ast.GenDecl), Obj: obj, Origin: u.origin}
			if u.old != nil {
				c.cell.Recheck.Consts = append(c.cell.Recheck.Consts, k)
			} else {
				c.cell.Consts = append(c.cell.Consts, k)
			}
			c.define(u, u.keys[i], obj)
		case *types.Func:
			c.collectFunc(u, obj)
		}
	}
}

func (c *checker) collectFunc(u *unit, obj *types.Func) {
	decl := u.node.(*ast.FuncDecl)
	f := &Func{Decl: decl, Obj: obj, Sig: obj.Signature(), Origin: u.origin}
	if u.body != nil {
		if b, ok := c.cell.Info.Defs[u.body.Name].(*types.Func); ok {
			f.Sig = b.Signature()
		}
	}
	key := u.keys[0]
	switch {
	case key == "_":
		return
	case key == "init":
		c.cell.Inits = append(c.cell.Inits, f)
		return
	case key == "main" && (c.cell.Program || !mentionsMain(c.src.stmts)):
		c.cell.Main = f
		return
	}
	if old := c.env.defs[key]; old != nil {
		if old, ok := old.obj.(*types.Func); ok && types.Identical(old.Type(), obj.Type()) && sameReceiver(old, obj) {
			f.Replaces = old
		}
	}
	if u.old != nil {
		c.cell.Recheck.Funcs = append(c.cell.Recheck.Funcs, f)
	} else {
		c.cell.Funcs = append(c.cell.Funcs, f)
	}
	c.define(u, key, obj)
}

func mentionsMain(stmts []ast.Stmt) bool {
	return slices.ContainsFunc(stmts, func(s ast.Stmt) bool { return mentions(s, map[string]bool{"main": true}) })
}

// sameReceiver says whether two functions with identical types are methods of
// one type, or no methods.
func sameReceiver(a, b *types.Func) bool {
	x, y := a.Signature().Recv(), b.Signature().Recv()
	if x == nil || y == nil {
		return x == y
	}
	return receiverNamed(a) == receiverNamed(b)
}

// define puts a definition into the cell's delta.
func (c *checker) define(u *unit, key string, obj types.Object) {
	if obj.Name() == "_" {
		return
	}
	d := &definition{key: key, obj: obj, origin: u.origin, node: u.node}
	if u.old != nil {
		d.source = u.old.source
	} else {
		d.source = c.sourceOf(u.node)
	}
	switch n := u.node.(type) {
	case *ast.FuncDecl:
		d.sig = signatureText(n)
	default:
		if u.old != nil {
			d.text = u.old.text
		} else {
			d.text = c.text(n)
		}
	}
	d.describe(c.cell.Info, c.env.pkg)
	c.cell.delta.defs[key] = d
}

// collectStale lists the functions that do not compile any more.
func (c *checker) collectStale() {
	for key, why := range c.stale {
		d := c.env.defs[key]
		f, ok := d.obj.(*types.Func)
		if !ok || d.stale != nil {
			continue
		}
		c.cell.Stale = append(c.cell.Stale, Stale{Obj: f, Origin: d.origin, Reason: why.of(key, d.origin)})
	}
	slices.SortFunc(c.cell.Stale, func(a, b Stale) int { return int(a.Obj.Pos() - b.Obj.Pos()) })
}

// checkProgram checks a cell that is a whole program, by Go's own rules and
// without what earlier cells defined. Then definitions of earlier cells that
// mention what it defines anew are checked again.
func (c *checker) checkProgram() {
	c.cell = &Cell{Name: c.src.name, Text: c.src.text, Fset: c.env.fset, Pkg: c.env.pkg, Info: newInfo(), Program: true}
	c.imports = map[string]*types.PkgName{}
	c.src.decls = c.src.prog.Decls
	c.units = units(c.src.decls, c.src.name)
	c.plan = &plan{env: c.env}
	if name := c.src.prog.Name; name.Name != "main" {
		c.report(name, fmt.Sprintf("package %s; expected package main", name.Name), "a cell is package main, or has no package line at all")
		return
	}
	for _, u := range c.units {
		if f, ok := u.node.(*ast.FuncDecl); ok && f.Body == nil {
			c.report(f.Name, "missing function body", "")
		}
	}
	*c.env.pkg.Scope() = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "package main")
	c.check(false, []*ast.File{c.src.prog})
	if len(c.errs)+len(c.own) > 0 {
		return
	}
	if c.env.pkg.Scope().Lookup("main") == nil {
		c.report(c.src.prog.Name, "function main is undeclared in the main package", "")
		return
	}
	c.programVars()
	c.programImports()
	c.program = types.NewScope(nil, token.NoPos, token.NoPos, "program")
	for _, obj := range c.declared() {
		c.program.Insert(obj)
	}
	c.recheckAfterProgram()
	c.collect()
}

func (c *checker) programVars() {
	for _, d := range c.src.decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, s := range g.Specs {
			for _, id := range s.(*ast.ValueSpec).Names {
				if v, ok := c.cell.Info.Defs[id].(*types.Var); ok && id.Name != "_" {
					c.cell.Vars = append(c.cell.Vars, v)
				}
			}
		}
	}
}

// recheckAfterProgram checks definitions of earlier cells with what a program
// defined.
func (c *checker) recheckAfterProgram() {
	vars := map[string]bool{}
	for _, v := range c.cell.Vars {
		vars[v.Name()] = true
	}
	own, info := c.units, c.cell.Info
	programVars := c.cell.Vars
	c.plan = newPlan(c.env, own, vars, c.imports, func(ast.Node) string { return "" })
	c.units = nil
	c.settle()
	copyInfo(c.cell.Info, info)
	c.cell.Info.InitOrder = info.InitOrder
	c.cell.Vars = programVars
	c.units = own
}
