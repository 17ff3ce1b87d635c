package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

const goVersion = "go1.26"

// A checker checks one cell.
type checker struct {
	env  *Env
	src  *source
	cell *Cell
	plan *plan
	errs []types.Error
	own  []Diagnostic // what the compiler proper says and go/types does not

	imports map[string]*types.PkgName // of this cell, by local name
	dots    []*types.Package
	program *types.Scope // what a whole program declared; nil if the cell is none
	units   []*unit      // of this cell
	again   [][]*unit    // of earlier cells, one group a cell
	result  *ast.ExprStmt
	sketch  bool                  // nothing of it will be defined
	stale   map[string]*staleness // what this cell makes stale, by key
}

// checkMixed checks a cell that is not a whole program. Definitions of earlier
// cells that do not compile any more are left out and all is checked again,
// until the errors that remain are the cell's own.
func (c *checker) checkMixed() {
	c.resolveImports()
	c.units = units(c.src.decls, c.src.name)
	c.checkNames()
	vars := map[string]bool{}
	for _, id := range c.topIdents() {
		vars[id.Name] = true
	}
	c.plan = newPlan(c.env, c.units, vars, c.imports, c.text)
	c.settle()
	c.collect()
}

// settle checks the cell, with what it makes necessary of earlier cells, until
// no definition of an earlier cell has an error.
func (c *checker) settle() {
	c.stale = map[string]*staleness{}
	own := c.own
	implicits, defs := c.cell.Info.Implicits, c.cell.Info.Defs
	for {
		c.cell.Info = newInfo()
		for spec, obj := range implicits {
			c.cell.Info.Implicits[spec] = obj
		}
		for id, obj := range defs {
			c.cell.Info.Defs[id] = obj
		}
		c.cell.Vars, c.errs, c.own = nil, nil, own
		c.env.detach()
		c.again = c.plan.rechecked()
		c.steps()
		broken := c.broken()
		if len(broken) == 0 {
			return
		}
		c.plan.drop(broken)
	}
}

// steps has go/types check the cell.
//
// If functions use variables that the cell's statements define, or if types of
// earlier cells get methods, it takes three steps: declarations without the
// bodies of functions, then statements, which gives the variables their types,
// then the bodies. Otherwise one.
func (c *checker) steps() {
	decls := c.declFiles(func(u *unit) ast.Decl { return u.decl() })
	stmts := c.fileOf(nil)
	if c.src.body != nil {
		stmts.Decls = []ast.Decl{c.statements()}
	}
	files := append(decls, stmts)
	names := mentioned(files)
	if !c.needsSteps() {
		c.enter(names)
		c.check(false, files)
		c.promote()
		return
	}
	c.enter(names)
	c.check(true, decls)
	declared := c.declared()
	if !c.sketch {
		c.attachMethods()
	}

	c.enter(names, declared)
	c.check(false, []*ast.File{stmts})

	vars := c.promote()
	c.enter(names, vars, declared)
	c.check(false, c.declFiles(func(u *unit) ast.Decl { return u.blankBody() }))
}

func (c *checker) needsSteps() bool {
	for _, u := range c.all() {
		f, ok := u.node.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if base, _, ok := methodKey(u.keys0()); ok && c.earlierType(base) {
			return true
		}
		if mentions(f, c.plan.vars) {
			return true
		}
	}
	return false
}

// earlierType says whether the name is a type of an earlier cell that stays.
func (c *checker) earlierType(name string) bool {
	if u := c.plan.byKey[name]; u != nil {
		return c.plan.kept[u]
	}
	return c.plan.recheck[name] == nil
}

// all are the units to be checked, those that are kept left out.
func (c *checker) all() []*unit {
	var list []*unit
	for _, u := range c.units {
		if !c.plan.kept[u] {
			list = append(list, u)
		}
	}
	return append(list, slices.Concat(c.again...)...)
}

// blankBody returns a function under the blank name, so that its body is
// checked, and mentions of the function find the real one.
func (u *unit) blankBody() ast.Decl {
	f, ok := u.node.(*ast.FuncDecl)
	if !ok || f.Body == nil {
		return nil
	}
	body := *f
	body.Name = &ast.Ident{Name: "_", NamePos: f.Name.Pos()}
	u.body = &body
	return u.body
}

// enter empties the package and puts a scope around it with what the cell
// mentions: outer first, then imports and definitions of earlier cells. The
// package and its scope stay the same objects, so that everything that cells
// ever define is in one package.
func (c *checker) enter(names map[string]bool, outer ...[]types.Object) {
	session := types.NewScope(types.Universe, token.NoPos, token.NoPos, "session")
	for _, objs := range outer {
		for _, obj := range objs {
			session.Insert(obj)
		}
	}
	for name := range names {
		if obj := c.lookup(name); obj != nil {
			session.Insert(obj)
		}
	}
	*c.env.pkg.Scope() = *types.NewScope(session, token.NoPos, token.NoPos, "package main")
}

// lookup returns what a name means where the cell does not declare it.
func (c *checker) lookup(name string) types.Object {
	if c.program != nil {
		if obj := c.program.Lookup(name); obj != nil {
			return obj
		}
	}
	if obj := c.imports[name]; obj != nil {
		return obj
	}
	if obj := lookupDot(c.dots, name); obj != nil {
		return obj
	}
	if c.plan != nil && c.plan.dropped[name] {
		return nil
	}
	return c.env.lookup(name)
}

// declared returns what the last step declared at package level.
func (c *checker) declared() []types.Object {
	scope := c.env.pkg.Scope()
	var list []types.Object
	for _, name := range scope.Names() {
		list = append(list, scope.Lookup(name))
	}
	return list
}

func (c *checker) check(ignoreBodies bool, files []*ast.File) {
	conf := types.Config{
		GoVersion:                goVersion,
		IgnoreFuncBodies:         ignoreBodies,
		Importer:                 c.env.importer,
		Sizes:                    c.env.sizes,
		Error:                    func(err error) { c.note(err.(types.Error)) },
		DisableUnusedImportCheck: !c.src.program || c.program != nil,
	}
	types.NewChecker(&conf, c.env.fset, c.env.pkg, c.cell.Info).Files(files)
}

// note keeps an error. What only continues an earlier one (go/types indents it)
// becomes a line of that, with its place.
func (c *checker) note(err types.Error) {
	if more, ok := strings.CutPrefix(err.Msg, "\t"); ok && len(c.errs) > 0 {
		last := &c.errs[len(c.errs)-1]
		last.Msg += fmt.Sprintf("\n\t%s: %s", c.env.fset.Position(err.Pos), more)
		return
	}
	err.Msg = typeWords(err.Msg)
	c.errs = append(c.errs, err)
}

// declFiles returns a file for the cell's declarations, and one for each
// earlier cell that something is checked again of: imports belong to a file.
func (c *checker) declFiles(decl func(*unit) ast.Decl) []*ast.File {
	own := c.fileOf(nil)
	for _, u := range c.units {
		if c.plan.kept[u] {
			continue
		}
		if d := decl(u); d != nil {
			own.Decls = append(own.Decls, d)
		}
	}
	files := []*ast.File{own}
	for _, group := range c.again {
		f := c.fileOf(c.oldImports(group))
		f.Package = group[0].node.Pos()
		for _, u := range group {
			if d := decl(u); d != nil {
				f.Decls = append(f.Decls, d)
			}
		}
		files = append(files, f)
	}
	return files
}

// oldImports declares what definitions of an earlier cell import, where the
// names mean something else by now.
func (c *checker) oldImports(group []*unit) []ast.Decl {
	var list []ast.Decl
	done := map[string]bool{}
	for _, u := range group {
		for name, obj := range u.old.uses {
			imp, ok := obj.(*types.PkgName)
			if !ok || done[name] {
				continue
			}
			if now, ok := c.lookup(name).(*types.PkgName); ok && now.Imported() == imp.Imported() {
				continue
			}
			done[name] = true
			list = append(list, &ast.GenDecl{TokPos: u.node.Pos(), Tok: token.IMPORT, Specs: []ast.Spec{&ast.ImportSpec{
				Name: &ast.Ident{Name: name, NamePos: u.node.Pos()},
				Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(imp.Imported().Path()), ValuePos: u.node.Pos()},
			}}})
		}
	}
	return list
}

func (c *checker) fileOf(decls []ast.Decl) *ast.File {
	pos := token.Pos(c.src.file.Base())
	return &ast.File{Package: pos, Name: &ast.Ident{Name: "main", NamePos: pos}, Decls: decls}
}

// statements returns the function that holds the cell's statements. A last
// expression is assigned to the blank identifier there, since Go has no
// expression statements but calls and receives.
func (c *checker) statements() *ast.FuncDecl {
	fn, list := c.src.body, c.src.stmts
	if len(list) == 0 {
		return fn
	}
	last, ok := list[len(list)-1].(*ast.ExprStmt)
	if !ok {
		return fn
	}
	c.result = last
	switch x := ast.Unparen(last.X).(type) {
	case *ast.CallExpr:
		return fn // it may have no value, or several
	case *ast.UnaryExpr:
		if x.Op == token.ARROW {
			return fn
		}
	}
	list = append(slices.Clone(list[:len(list)-1]), &ast.AssignStmt{
		Lhs: []ast.Expr{&ast.Ident{Name: "_", NamePos: last.Pos()}},
		Tok: token.ASSIGN, TokPos: last.Pos(),
		Rhs: []ast.Expr{last.X},
	})
	shown := *fn
	shown.Body = &ast.BlockStmt{Lbrace: fn.Body.Lbrace, List: list, Rbrace: fn.Body.Rbrace}
	return &shown
}

// mentioned returns the names that files mention in any role.
func mentioned(files []*ast.File) map[string]bool {
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

func mentions(n ast.Node, names map[string]bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && names[id.Name] {
			found = true
		}
		return !found
	})
	return found
}

// topIdents are the idents that the statements declare, or assign again with
// :=, at their top.
func (c *checker) topIdents() []*ast.Ident {
	var list []*ast.Ident
	add := func(x ast.Expr) {
		if id, ok := x.(*ast.Ident); ok && id.Name != "_" {
			list = append(list, id)
		}
	}
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
					add(x)
				}
			}
		case *ast.DeclStmt:
			for _, spec := range s.Decl.(*ast.GenDecl).Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok {
					for _, id := range spec.Names {
						add(id)
					}
				}
			}
		}
	}
	return list
}

// promote makes variables of the session from those that the statements define
// at their top.
func (c *checker) promote() []types.Object {
	info := c.cell.Info
	promoted := map[types.Object]*types.Var{}
	var list []types.Object
	scope := c.env.pkg.Scope()
	saved := *scope
	for _, id := range c.topIdents() {
		old, ok := info.Defs[id].(*types.Var)
		if !ok {
			continue // a variable of the same cell, assigned again
		}
		v := types.NewVar(old.Pos(), old.Pkg(), old.Name(), old.Type())
		v.SetKind(types.PackageVar)
		// A scope gives its first object of a name itself as the parent.
		*scope = *types.NewScope(nil, token.NoPos, token.NoPos, "")
		scope.Insert(v)
		promoted[old] = v
		info.Defs[id] = v
		c.cell.Vars = append(c.cell.Vars, v)
		list = append(list, v)
	}
	*scope = saved
	if len(promoted) > 0 {
		for id, obj := range info.Uses {
			if v := promoted[obj]; v != nil {
				info.Uses[id] = v
			}
		}
	}
	return list
}

// attachMethods gives types of earlier cells the methods that were declared
// for them in the last step.
func (c *checker) attachMethods() {
	for _, u := range c.all() {
		base, name, ok := methodKey(u.keys0())
		if !ok || !c.earlierType(base) {
			continue
		}
		m, ok := c.cell.Info.Defs[u.idents[0]].(*types.Func)
		if !ok {
			continue
		}
		named := receiverNamed(m)
		if named == nil || named.Obj().Pkg() != c.env.pkg {
			continue // go/types says what is wrong
		}
		if old := method(named, name); old != nil {
			if c.env.defs[u.keys[0]] == nil || sameMethod(u, c.units) {
				c.report(u.idents[0], fmt.Sprintf("method %s already declared at %s", u.keys[0], c.env.fset.Position(old.Pos())), "")
			}
			c.cell.Info.Defs[u.idents[0]] = old
			continue
		}
		if field := fieldOf(named, name); field != nil {
			c.report(u.idents[0], fmt.Sprintf("field and method with the same name %s\n\t%s: other declaration of %s", name, c.env.fset.Position(field.Pos()), name), "")
			continue
		}
		c.env.attach(named, m)
	}
}

// sameMethod says whether an earlier unit of the cell declares the same method.
func sameMethod(u *unit, units []*unit) bool {
	for _, other := range units {
		if other == u {
			return false
		}
		if other.keys0() == u.keys[0] {
			return true
		}
	}
	return false
}

func method(t *types.Named, name string) *types.Func {
	for m := range t.Methods() {
		if m.Name() == name {
			return m
		}
	}
	return nil
}

func fieldOf(t *types.Named, name string) *types.Var {
	if s, ok := t.Underlying().(*types.Struct); ok {
		for f := range s.Fields() {
			if f.Name() == name {
				return f
			}
		}
	}
	return nil
}

// broken returns the keys of what was checked again and has an error, and
// notes the errors.
func (c *checker) broken() []string {
	var keys []string
	for _, u := range slices.Concat(c.again...) {
		why := c.whyBroken(u)
		if why == nil {
			continue
		}
		for _, k := range u.keys {
			c.stale[k] = why
			keys = append(keys, k)
		}
	}
	return keys
}

// whyBroken says why u, which was checked again, does not compile; nil if it does.
func (c *checker) whyBroken(u *unit) *staleness {
	for _, err := range c.errs {
		if err.Pos < u.node.Pos() || err.Pos >= u.node.End() || spurious(err) {
			continue
		}
		if name, ok := strings.CutPrefix(err.Msg, "undefined: "); ok {
			if _, why := c.whyStale(name, nil); why != nil {
				return why
			}
		}
		msg, _ := c.tellVersions(err)
		return &staleness{
			root: fmt.Sprintf("%s (%s)", u.keys[0], u.origin),
			msg:  c.env.fset.Position(err.Pos).String() + ": " + msg,
			new:  c.definedAnew(u.old),
		}
	}
	var found *staleness
	ast.Inspect(u.node, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && found == nil {
			_, found = c.staleUse(id)
		}
		return found == nil
	})
	return found
}

// definedAnew says what of the things that d uses this cell defines anew.
func (c *checker) definedAnew(d *definition) string {
	var list []string
	for k := range d.uses {
		if c.plan.vars[k] || c.plan.byKey[k] != nil && !c.plan.kept[c.plan.byKey[k]] {
			list = append(list, k)
		}
	}
	if len(list) == 0 {
		return ""
	}
	slices.Sort(list)
	verb := "was"
	if len(list) > 1 {
		verb = "were"
	}
	return fmt.Sprintf("%s %s defined anew in %s", strings.Join(list, " and "), verb, c.src.name)
}

// of says that the definition of that key does not compile any more.
func (s *staleness) of(key, origin string) string {
	what := fmt.Sprintf("%s (%s)", key, origin)
	if what == s.root {
		return what + " does not compile any more: " + s.msg
	}
	return what + " does not compile any more, since " + s.root + " does not: " + s.msg
}

// spurious says whether an error does not count in a cell: Go does not let a
// package declare a name that one of its files imports, cells may.
func spurious(err types.Error) bool {
	return strings.Contains(err.Msg, "already declared through import of")
}

// staleUse says why the method that an ident mentions does not compile any
// more. Functions that do not are not to be found by their names at all.
func (c *checker) staleUse(id *ast.Ident) (string, *staleness) {
	f, ok := c.cell.Info.Uses[id].(*types.Func)
	if !ok {
		return "", nil
	}
	named := receiverNamed(f)
	if named == nil || named.Obj().Pkg() != c.env.pkg || c.current(named.Obj()) == nil {
		return "", nil
	}
	return c.whyStale(named.Obj().Name()+"."+f.Name(), f.Origin())
}

// whyStale says that a definition does not compile any more, and why; obj, if
// not nil, is what was found under its name.
func (c *checker) whyStale(key string, obj types.Object) (string, *staleness) {
	d := c.env.defs[key]
	if d == nil || c.plan.byKey[key] != nil || obj != nil && d.obj != obj {
		return "", nil
	}
	why := c.stale[key]
	if why == nil && c.plan.recheck[key] == nil {
		why = d.stale
	}
	if why == nil {
		return "", nil
	}
	return why.of(key, d.origin), why
}

// current returns obj if it still is what its name means.
func (c *checker) current(obj *types.TypeName) *types.TypeName {
	if u := c.plan.byKey[obj.Name()]; u != nil && !c.plan.kept[u] || c.plan.recheck[obj.Name()] != nil {
		if c.env.pkg.Scope().Lookup(obj.Name()) == obj || c.cell.Info.Defs[c.identOf(obj)] == obj {
			return obj
		}
		return nil
	}
	if d := c.env.defs[obj.Name()]; d != nil && d.obj == obj {
		return obj
	}
	return nil
}

// identOf returns the ident that declares a type in this check, if one does.
func (c *checker) identOf(obj *types.TypeName) *ast.Ident {
	for _, u := range c.all() {
		for _, id := range u.idents {
			if id.Name == obj.Name() && id.Pos() == obj.Pos() {
				return id
			}
		}
	}
	return nil
}

// text returns the tokens of a declaration of the cell.
func (c *checker) text(n ast.Node) string {
	start, end := c.src.file.Offset(n.Pos()), c.src.file.Offset(n.End())
	return tokenText(c.src.text[start:end])
}

func (c *checker) report(at ast.Node, msg, hint string) {
	c.own = append(c.own, Diagnostic{
		Pos: c.env.fset.Position(at.Pos()), End: c.env.fset.Position(at.End()), Msg: msg, Hint: hint,
	})
}

// diagnostics are the errors that count in the cell.
func (c *checker) diagnostics() []Diagnostic {
	list := c.own
	top := map[token.Pos]*types.Var{}
	for _, v := range c.cell.Vars {
		top[v.Pos()] = v
	}
	for _, err := range c.errs {
		start, end := span(err)
		switch {
		case c.env.fset.File(err.Pos) != c.src.file:
			continue
		case !c.cell.Program && spurious(err):
			continue
		case !c.cell.Program && top[err.Pos] != nil && strings.HasPrefix(err.Msg, "declared and not used"):
			c.cell.Unused = append(c.cell.Unused, top[err.Pos])
			continue
		case c.result != nil && start == c.result.X.Pos() && end == c.result.X.End() && strings.HasSuffix(err.Msg, "is not used"):
			continue
		}
		list = append(list, c.explain(err, end))
	}
	if len(list) == 0 {
		list = c.staleUses()
	}
	return list
}

// staleUses reports mentions of methods that do not compile any more.
func (c *checker) staleUses() []Diagnostic {
	var list []Diagnostic
	for id := range c.cell.Info.Uses {
		if c.env.fset.File(id.Pos()) != c.src.file {
			continue
		}
		if msg, why := c.staleUse(id); why != nil {
			list = append(list, Diagnostic{
				Pos: c.env.fset.Position(id.Pos()), End: c.env.fset.Position(id.End()),
				Msg: msg, Hint: why.new,
			})
		}
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
