package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

const (
	goarch    = runtime.GOARCH
	goVersion = "go1.26"
)

// A checker checks one cell.
type checker struct {
	env  *Env
	src  *source
	cell *Cell
	errs []types.Error
	own  []Diagnostic // what the compiler proper says and go/types does not

	imports map[string]*types.PkgName // of this cell, by local name
	session *types.Scope              // between the package and the universe: what earlier cells defined
	funcs   []*ast.FuncDecl
	result  *ast.ExprStmt // the last statement, if it is an expression
}

// line returns line n of the cell, without its end.
func (s *source) line(n int) string {
	if n < 1 || n > s.file.LineCount() {
		return ""
	}
	start := s.file.Offset(s.file.LineStart(n))
	end := strings.IndexByte(s.text[start:], '\n')
	if end < 0 {
		return strings.TrimSuffix(s.text[start:], "\r")
	}
	return strings.TrimSuffix(s.text[start:start+end], "\r")
}

// enter empties the package and puts a new session scope around it. The
// package and its scope stay the same objects, so that everything that cells
// ever define is in one package.
func (c *checker) enter() {
	c.session = types.NewScope(types.Universe, token.NoPos, token.NoPos, "session")
	*c.env.pkg.Scope() = *types.NewScope(c.session, token.NoPos, token.NoPos, "package main")
}

func (c *checker) files(ignoreBodies bool, files ...*ast.File) {
	conf := types.Config{
		GoVersion:                goVersion,
		IgnoreFuncBodies:         ignoreBodies,
		Importer:                 c.env.importer,
		Sizes:                    c.env.sizes,
		Error:                    func(err error) { c.errs = append(c.errs, err.(types.Error)) },
		DisableUnusedImportCheck: !c.cell.Program,
	}
	types.NewChecker(&conf, c.env.fset, c.env.pkg, c.cell.Info).Files(files)
}

// checkMixed checks a cell that is not a whole program.
//
// If functions of the cell use variables that its statements define, it takes
// three steps: declarations without the bodies of functions, then statements,
// which gives the types of the variables, then the bodies. Otherwise one.
func (c *checker) checkMixed() {
	c.resolveImports()
	decls := c.fileOf(c.declsWithoutImports())
	stmts := c.fileOf(nil)
	if c.src.body != nil {
		stmts.Decls = []ast.Decl{c.statements()}
	}
	names := mentioned(decls, stmts)
	if !c.bodiesUse(c.topNames()) {
		c.enter()
		c.insertSession(names)
		c.files(false, decls, stmts)
		c.promote()
	} else {
		c.enter()
		c.insertSession(names)
		c.files(true, decls)
		declared := c.packageObjects()

		c.enter()
		c.insert(declared)
		c.insertSession(names)
		c.files(false, stmts)

		c.enter()
		c.insert(c.promote())
		c.insert(declared)
		c.insertSession(names)
		c.files(false, c.bodies())
	}
	c.collect()
}

func (c *checker) fileOf(decls []ast.Decl) *ast.File {
	return &ast.File{
		Package: c.src.file.Pos(0),
		Name:    &ast.Ident{Name: "main", NamePos: c.src.file.Pos(0)},
		Decls:   decls,
	}
}

func (c *checker) declsWithoutImports() []ast.Decl {
	var list []ast.Decl
	for _, d := range c.src.decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				continue
			}
		case *ast.FuncDecl:
			c.funcs = append(c.funcs, d)
			if d.Body == nil {
				c.report(d.Name, "missing function body", "")
			}
		}
		list = append(list, d)
	}
	return list
}

// statements returns the function that holds the cell's statements. A last
// expression is assigned to the blank identifier there, since Go has no
// expression statements but calls and receives.
func (c *checker) statements() *ast.FuncDecl {
	fn, list := c.src.body, c.src.stmts
	last, ok := list[len(list)-1].(*ast.ExprStmt)
	if !ok {
		return fn
	}
	c.result = last
	switch x := ast.Unparen(last.X).(type) {
	case *ast.CallExpr:
		return fn // it may have no value, or several; see unusedResult
	case *ast.UnaryExpr:
		if x.Op == token.ARROW {
			return fn
		}
	}
	list = append(list[:len(list)-1:len(list)-1], &ast.AssignStmt{
		Lhs: []ast.Expr{&ast.Ident{Name: "_", NamePos: last.Pos()}},
		Tok: token.ASSIGN, TokPos: last.Pos(),
		Rhs: []ast.Expr{last.X},
	})
	copy := *fn
	copy.Body = &ast.BlockStmt{Lbrace: fn.Body.Lbrace, List: list, Rbrace: fn.Body.Rbrace}
	return &copy
}

// resolveImports imports what the cell imports, into c.imports and Cell.Imports.
func (c *checker) resolveImports() {
	c.imports = map[string]*types.PkgName{}
	c.cell.delta = &delta{names: map[string]*entry{}}
	for _, d := range c.src.decls {
		d, ok := d.(*ast.GenDecl)
		if !ok || d.Tok != token.IMPORT {
			continue
		}
		for _, s := range d.Specs {
			c.resolveImport(s.(*ast.ImportSpec))
		}
	}
}

func (c *checker) resolveImport(spec *ast.ImportSpec) {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil || path == "" {
		c.report(spec.Path, "invalid import path "+spec.Path.Value, "")
		return
	}
	pkg, err := c.env.importer.Import(path)
	if err != nil {
		c.report(spec.Path, "could not import "+path+" ("+err.Error()+")", "")
		return
	}
	name := pkg.Name()
	if spec.Name != nil {
		name = spec.Name.Name
	}
	c.cell.Imports = append(c.cell.Imports, Import{Path: path, Name: name, Spec: spec, Pkg: pkg})
	switch name {
	case "_":
		return
	case ".":
		c.cell.delta.dots = append([]*types.Package{pkg}, c.cell.delta.dots...)
		return
	}
	if old := c.imports[name]; old != nil && old.Imported() != pkg {
		c.report(spec, name+" redeclared in this block", "")
		return
	}
	obj := types.NewPkgName(spec.Pos(), c.env.pkg, name, pkg)
	if spec.Name != nil {
		c.cell.Info.Defs[spec.Name] = obj
	} else {
		c.cell.Info.Implicits[spec] = obj
	}
	c.imports[name] = obj
	c.cell.delta.names[name] = &entry{obj: obj, origin: c.src.name}
}

// mentioned returns the names that files mention in any role.
func mentioned(files ...*ast.File) map[string]bool {
	names := map[string]bool{}
	for _, f := range files {
		for _, d := range f.Decls {
			ast.Inspect(d, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					names[id.Name] = true
				}
				return true
			})
		}
	}
	return names
}

// insertSession makes visible what the cell mentions of its own imports and of
// earlier cells.
func (c *checker) insertSession(names map[string]bool) {
	for name := range names {
		if obj := c.lookup(name); obj != nil {
			c.session.Insert(obj)
		}
	}
}

// lookup returns what a name means where the cell does not declare it.
func (c *checker) lookup(name string) types.Object {
	if obj := c.imports[name]; obj != nil {
		return obj
	}
	if e := c.env.names[name]; e != nil {
		return e.obj
	}
	if token.IsExported(name) {
		for _, dots := range [][]*types.Package{c.cell.delta.dots, c.env.dots} {
			for _, pkg := range dots {
				if obj := pkg.Scope().Lookup(name); obj != nil {
					return obj
				}
			}
		}
	}
	return nil
}

func (c *checker) insert(objs []types.Object) {
	for _, obj := range objs {
		c.session.Insert(obj)
	}
}

// packageObjects returns what the last step declared at package level.
func (c *checker) packageObjects() []types.Object {
	scope := c.env.pkg.Scope()
	var list []types.Object
	for _, name := range scope.Names() {
		list = append(list, scope.Lookup(name))
	}
	return list
}

// topNames are the idents that the statements define at their top.
func (c *checker) topIdents() []*ast.Ident {
	var list []*ast.Ident
	for _, s := range c.src.stmts {
		for {
			l, ok := s.(*ast.LabeledStmt)
			if !ok {
				break
			}
			s = l.Stmt
		}
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				for _, x := range s.Lhs {
					if id, ok := x.(*ast.Ident); ok && id.Name != "_" {
						list = append(list, id)
					}
				}
			}
		case *ast.DeclStmt:
			for _, spec := range s.Decl.(*ast.GenDecl).Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok {
					for _, id := range spec.Names {
						if id.Name != "_" {
							list = append(list, id)
						}
					}
				}
			}
		}
	}
	return list
}

func (c *checker) topNames() map[string]bool {
	names := map[string]bool{}
	for _, id := range c.topIdents() {
		names[id.Name] = true
	}
	return names
}

// bodiesUse says whether a function of the cell may mention one of names.
func (c *checker) bodiesUse(names map[string]bool) bool {
	found := false
	for _, f := range c.funcs {
		ast.Inspect(f, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && names[id.Name] {
				found = true
			}
			return !found
		})
	}
	return found
}

// promote makes variables of the session from those that the statements define
// at their top.
func (c *checker) promote() []types.Object {
	info := c.cell.Info
	promoted := map[types.Object]*types.Var{}
	var list []types.Object
	for _, id := range c.topIdents() {
		old, ok := info.Defs[id].(*types.Var)
		if !ok {
			continue // a variable of the same cell, assigned again
		}
		v := types.NewVar(old.Pos(), old.Pkg(), old.Name(), old.Type())
		v.SetKind(types.PackageVar)
		// Its parent is the package, as for everything that cells define.
		setParent(v, c.env.pkg.Scope())
		promoted[old] = v
		info.Defs[id] = v
		c.cell.Vars = append(c.cell.Vars, v)
		list = append(list, v)
	}
	if len(promoted) > 0 {
		for id, obj := range info.Uses {
			if v := promoted[obj]; v != nil {
				info.Uses[id] = v
			}
		}
	}
	return list
}

// setParent gives obj its parent scope and leaves the scope as it was.
func setParent(obj types.Object, scope *types.Scope) {
	saved := *scope
	*scope = *types.NewScope(nil, token.NoPos, token.NoPos, "")
	scope.Insert(obj)
	*scope = saved
}

// bodies returns the functions of the cell under the blank name, so that the
// bodies are checked, and mentions of the functions find the real ones.
func (c *checker) bodies() *ast.File {
	var decls []ast.Decl
	for _, f := range c.funcs {
		copy := *f
		copy.Name = &ast.Ident{Name: "_", NamePos: f.Name.Pos()}
		decls = append(decls, &copy)
		c.cell.delta.bodies = append(c.cell.delta.bodies, &copy)
	}
	return c.fileOf(decls)
}

// collect fills in the cell from what was checked.
func (c *checker) collect() {
	cell, info := c.cell, c.cell.Info
	define := func(obj types.Object) {
		if obj != nil && obj.Name() != "_" {
			cell.delta.names[obj.Name()] = &entry{obj: obj, origin: c.src.name}
		}
	}
	for _, d := range c.src.decls {
		d, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if obj, ok := info.Defs[spec.Name].(*types.TypeName); ok {
					cell.Types = append(cell.Types, &Type{Spec: spec, Obj: obj, Origin: c.src.name})
					define(obj)
				}
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					switch obj := info.Defs[id].(type) {
					case *types.Const:
						cell.Consts = append(cell.Consts, &Const{Obj: obj, Origin: c.src.name})
						define(obj)
					case *types.Var: // of a program
						cell.Vars = append(cell.Vars, obj)
						define(obj)
					}
				}
			}
		}
	}
	for i, d := range c.funcs {
		obj, ok := info.Defs[d.Name].(*types.Func)
		if !ok {
			continue
		}
		f := &Func{Decl: d, Obj: obj, Sig: obj.Signature(), Origin: c.src.name}
		if i < len(cell.delta.bodies) {
			if b, ok := info.Defs[cell.delta.bodies[i].Name].(*types.Func); ok {
				f.Sig = b.Signature()
			}
		}
		switch {
		case d.Recv == nil && d.Name.Name == "init":
			cell.Inits = append(cell.Inits, f)
			continue
		case cell.Program && d.Recv == nil && d.Name.Name == "main":
			cell.Main = f
			continue
		case d.Recv == nil:
			if old := c.env.names[obj.Name()]; old != nil {
				if old, ok := old.obj.(*types.Func); ok && types.Identical(old.Type(), obj.Type()) {
					f.Replaces = old
				}
			}
			define(obj)
		}
		cell.Funcs = append(cell.Funcs, f)
	}
	for _, v := range cell.Vars {
		define(v)
	}
	cell.Stmts = c.src.stmts
	if c.result != nil && !info.Types[c.result.X].IsVoid() {
		cell.Result = c.result.X
	}
}

// checkProgram checks a cell that is a whole program, by Go's own rules.
func (c *checker) checkProgram() {
	c.cell.Program = true
	c.cell.delta = &delta{names: map[string]*entry{}}
	c.session = types.Universe
	*c.env.pkg.Scope() = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "package main")
	c.src.decls = c.src.prog.Decls
	for _, d := range c.src.decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			c.funcs = append(c.funcs, f)
			if f.Body == nil {
				c.report(f.Name, "missing function body", "")
			}
		}
	}
	if name := c.src.prog.Name; name.Name != "main" {
		c.report(name, "package "+name.Name+": a cell can only be of package main", "write package main, or no package line at all")
		return
	}
	c.files(false, c.src.prog)
	c.collect()
	for _, spec := range c.src.prog.Imports {
		c.programImport(spec)
	}
	if c.cell.Main == nil && len(c.errs) == 0 {
		c.report(c.src.prog.Name, "function main is undeclared in the main package", "")
	}
}

func (c *checker) programImport(spec *ast.ImportSpec) {
	obj := c.cell.Info.Implicits[spec]
	if spec.Name != nil {
		obj = c.cell.Info.Defs[spec.Name]
	}
	if p, ok := obj.(*types.PkgName); ok {
		c.cell.Imports = append(c.cell.Imports, Import{Path: p.Imported().Path(), Name: p.Name(), Spec: spec, Pkg: p.Imported()})
		switch p.Name() {
		case "_":
		case ".":
			c.cell.delta.dots = append(c.cell.delta.dots, p.Imported())
		default:
			if c.cell.delta.names[p.Name()] == nil {
				c.cell.delta.names[p.Name()] = &entry{obj: p, origin: c.src.name}
			}
		}
	}
}

func (c *checker) report(at ast.Node, msg, hint string) {
	c.own = append(c.own, Diagnostic{
		Pos: c.env.fset.Position(at.Pos()), End: c.env.fset.Position(at.End()), Msg: msg, Hint: hint,
	})
}

// diagnostics are the errors that count in a cell.
func (c *checker) diagnostics() []Diagnostic {
	list := c.own
	top := map[token.Pos]bool{}
	for _, v := range c.cell.Vars {
		top[v.Pos()] = true
	}
	for _, err := range c.errs {
		start, end := span(err)
		switch {
		case !c.cell.Program && top[err.Pos] && strings.HasPrefix(err.Msg, "declared and not used"):
			continue
		case c.result != nil && start == c.result.X.Pos() && end == c.result.X.End() && strings.HasSuffix(err.Msg, "is not used"):
			continue
		}
		list = append(list, Diagnostic{
			Pos: c.env.fset.Position(err.Pos), End: c.env.fset.Position(end), Msg: err.Msg,
		})
	}
	return list
}

// span returns the range of text that an error is about. go/types keeps it in
// unexported fields; without them it is empty.
func span(err types.Error) (start, end token.Pos) {
	v := reflect.ValueOf(err)
	start, end = err.Pos, err.Pos
	if f := v.FieldByName("go116start"); f.IsValid() {
		start = token.Pos(f.Int())
	}
	if f := v.FieldByName("go116end"); f.IsValid() {
		end = token.Pos(f.Int())
	}
	return start, end
}
