package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
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
	sketch  bool // nothing of it will be defined

	valueCall bool                  // the last statement is a call that must be a value
	stale     map[string]*staleness // what this cell makes stale, by key
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
		if c.mustBeValue() {
			c.valueCall = true
			continue
		}
		broken := c.broken()
		if len(broken) == 0 {
			c.staleByAlias()
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
	// A variable is nothing that a constant or a type can depend on, and what
	// its name meant before is not what they mean.
	outer := maps.Clone(names)
	maps.DeleteFunc(outer, func(name string, _ bool) bool { return c.plan.vars[name] })
	c.enter(outer)
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
	c.checkInstances()
}

func (c *checker) needsSteps() bool {
	for _, u := range c.all() {
		if base, _, ok := methodKey(u.keys0()); ok && c.earlierType(base) || mentions(u.node, c.plan.vars) {
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
	defer func() {
		if r := recover(); r != nil {
			// go/types fails on some types that mention themselves through an
			// alias, as the compiler does.
			c.report(c.fileOf(nil).Name, fmt.Sprintf("the type checker fails on this cell: %v", r), "simplify types that mention each other")
		}
	}()
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

// spurious says whether an error does not count in a cell: Go does not let a
// package declare a name that one of its files imports, cells may.
func spurious(err types.Error) bool {
	return strings.Contains(err.Msg, "already declared through import of")
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
	for _, err := range c.errs {
		if c.env.fset.File(err.Pos) != c.src.file || !c.cell.Program && spurious(err) {
			continue
		}
		_, end := span(err)
		list = append(list, c.explain(err, end))
	}
	if len(list) == 0 {
		list = c.staleUses()
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
