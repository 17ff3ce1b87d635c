package complete

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"sockbook/kernel/cell/exportdata"
)

// candidates returns what may stand at the cursor whatever is written of it,
// the likeliest first.
func (p *place) candidates() []Match {
	if p.quoted {
		return paths("")
	}
	switch p.prevTok() {
	case token.FUNC, token.PACKAGE, token.CONST, token.TYPE, token.VAR, token.INT, token.FLOAT, token.GOTO:
		return nil // a new name
	}
	if p.prev >= 0 && p.inImport(p.prev+1) {
		return paths(`"`)
	}
	p.look()
	if p.prevTok() == token.PERIOD {
		return p.selected()
	}
	fields := p.fields()
	return append(fields, p.names()...)
}

// paths are the packages that can be imported, in quotes or not.
func paths(quote string) []Match {
	var list []Match
	for _, path := range exportdata.Paths() {
		list = append(list, Match{Text: quote + path + quote, Label: quote + path + quote, Kind: Module})
	}
	return list
}

// selected returns what can be selected with the dot before the cursor.
func (p *place) selected() []Match {
	sel := p.selector()
	if sel == nil {
		return nil
	}
	info := p.sketch.Info
	if id, ok := sel.X.(*ast.Ident); ok {
		if imp, ok := info.Uses[id].(*types.PkgName); ok {
			return p.exported(imp.Imported(), "")
		}
		if info.Uses[id] == nil {
			return p.unimported(id.Name)
		}
	}
	tv, ok := info.Types[sel.X]
	if !ok || tv.Type == nil || tv.Type == types.Typ[types.Invalid] {
		return nil
	}
	if tv.IsType() {
		return p.methodExpressions(tv.Type)
	}
	return p.members(tv.Type, tv.Addressable())
}

// exported returns what a package has. If path is given, the package is not
// imported yet: in a statement of one line the matches bring the import.
func (p *place) exported(pkg *types.Package, path string) []Match {
	scope := pkg.Scope()
	var names []string
	for _, name := range scope.Names() {
		if token.IsExported(name) || pkg == types.Unsafe {
			names = append(names, name)
		}
	}
	// A package may have thousands of names: look at those that fit only.
	var list []Match
	for _, name := range fitting(names, p.prefix, func(name string) string { return name }) {
		list = append(list, p.match(scope.Lookup(name)))
	}
	if path == "" {
		return list
	}
	between := p.text[p.importStart:p.start]
	for i := range list {
		list[i].Import = path
		if !p.isProgram() && !strings.Contains(between, "\n") {
			list[i].Text = fmt.Sprintf("import %q\n%s%s", path, between, list[i].Text)
			list[i].brought = true
		}
	}
	return list
}

func (p *place) isProgram() bool {
	return slices.ContainsFunc(p.tokens[:min(len(p.tokens), 20)], func(t lexeme) bool { return t.tok == token.PACKAGE })
}

// unimported returns what the packages of that name have, which are not
// imported yet.
func (p *place) unimported(name string) []Match {
	var list []Match
	for _, path := range exportdata.Named(name) {
		if pkg, err := p.env.Import(path); err == nil {
			list = append(list, p.exported(pkg, path)...)
		}
	}
	return list
}

// members returns the fields and methods of values of a type.
func (p *place) members(t types.Type, addressable bool) []Match {
	var fields []Match
	seen := map[string]bool{}
	level := []types.Type{t}
	visited := map[types.Type]bool{}
	for len(level) > 0 && len(visited) < 100 {
		var next []types.Type
		for _, t := range level {
			s := structOf(t)
			if s == nil || visited[t] {
				continue
			}
			visited[t] = true
			for f := range s.Fields() {
				if f.Embedded() {
					next = append(next, f.Type())
				}
				if seen[f.Name()] || f.Name() == "_" || !p.accessible(f) {
					continue
				}
				seen[f.Name()] = true
				fields = append(fields, p.match(f))
			}
		}
		level = next
	}
	return append(byLabel(fields), p.methods(t, addressable)...)
}

func structOf(t types.Type) *types.Struct {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	s, _ := t.Underlying().(*types.Struct)
	return s
}

func (p *place) methods(t types.Type, addressable bool) []Match {
	if _, isPointer := types.Unalias(t).(*types.Pointer); !isPointer && !types.IsInterface(t) && addressable {
		t = types.NewPointer(t)
	}
	var list []Match
	for m := range types.NewMethodSet(t).Methods() {
		if p.accessible(m.Obj()) {
			list = append(list, p.match(m.Obj()))
		}
	}
	return byLabel(list)
}

// methodExpressions returns what can be selected from a type.
func (p *place) methodExpressions(t types.Type) []Match {
	var list []Match
	for m := range types.NewMethodSet(t).Methods() {
		if p.accessible(m.Obj()) {
			list = append(list, p.match(m.Obj()))
		}
	}
	return byLabel(list)
}

// accessible says whether a field or method can be named in a cell.
func (p *place) accessible(obj types.Object) bool {
	return obj.Exported() || obj.Pkg() == p.sketch.Pkg
}

// fields returns the keys of the struct literal that the cursor is in, those
// that are not there yet, if it is where a key may stand.
func (p *place) fields() []Match {
	if t := p.prevTok(); t != token.LBRACE && t != token.COMMA {
		return nil
	}
	at := p.sketch.Pos(p.start)
	lit := p.literalAt(at)
	if lit == nil {
		return nil
	}
	t := p.sketch.Info.Types[lit].Type
	if t == nil {
		return nil
	}
	s := structOf(t)
	if s == nil {
		return nil
	}
	used := map[string]bool{}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Pos() != at {
				used[id.Name] = true
			}
		} else if e.Pos() != at {
			return nil // values without keys
		}
	}
	var list []Match
	for f := range s.Fields() {
		if !used[f.Name()] && p.accessible(f) {
			m := p.match(f)
			m.Text += ": "
			list = append(list, m)
		}
	}
	return list
}

// literalAt returns the innermost composite literal around pos, unless a
// function is in between.
func (p *place) literalAt(pos token.Pos) *ast.CompositeLit {
	var lit *ast.CompositeLit
	p.sketch.Nodes(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if n.Lbrace < pos && (pos <= n.Rbrace || !n.Rbrace.IsValid()) {
				lit = n
			}
		case *ast.FuncLit:
			if n.Body != nil && n.Body.Lbrace < pos && pos <= n.Body.Rbrace {
				lit = nil
			}
		}
		return true
	})
	return lit
}

// names returns the names that can be used at the cursor: local ones first,
// then those of cells and imports, predeclared ones, keywords, and packages
// that could be imported.
func (p *place) names() []Match {
	var list []Match
	imported := map[string]bool{}
	for _, obj := range p.sketch.Visible(p.sketch.Pos(p.start)) {
		if obj.Name() == cursorName || obj.Pos() == p.sketch.Pos(p.start) && p.end == p.sketchEnd(obj) {
			continue
		}
		imported[obj.Name()] = true
		list = append(list, p.match(obj))
	}
	for _, name := range types.Universe.Names() {
		if !imported[name] {
			list = append(list, p.match(types.Universe.Lookup(name)))
		}
	}
	if p.prefix == "" {
		return list
	}
	for tok := token.BREAK; tok <= token.VAR; tok++ {
		list = append(list, Match{Text: tok.String(), Label: tok.String(), Kind: Keyword})
	}
	var packages []Match
	for _, path := range exportdata.Paths() {
		if name := exportdata.Name(path); !imported[name] {
			imported[name] = true
			packages = append(packages, Match{Text: name, Label: name, Kind: Module, Signature: "not imported yet"})
		}
	}
	return append(list, byLabel(packages)...)
}

// sketchEnd is where the name of an object that is declared at the cursor ends.
func (p *place) sketchEnd(obj types.Object) int { return p.start + len(obj.Name()) }

// match describes an object.
func (p *place) match(obj types.Object) Match {
	m := Match{Text: obj.Name(), Label: obj.Name()}
	switch obj := obj.(type) {
	case *types.PkgName:
		m.Kind, m.Signature = Module, obj.Imported().Path()
	case *types.Func:
		m.Kind = Function
		if obj.Signature().Recv() != nil {
			m.Kind = Method
		}
		m.Signature = strings.TrimPrefix(p.typeText(obj.Type()), "func")
	case *types.Builtin:
		m.Kind = Function
	case *types.Const:
		m.Kind, m.Signature = Constant, p.typeText(obj.Type())
		if obj.Val() != nil {
			m.Signature += " = " + obj.Val().String()
		}
	case *types.TypeName:
		m.Kind = Type
		m.Signature = typeKind(obj.Type())
	case *types.Var:
		m.Kind, m.Signature = Variable, p.typeText(obj.Type())
		if obj.IsField() {
			m.Kind = Field
		}
		if sig, ok := obj.Type().Underlying().(*types.Signature); ok && !obj.IsField() {
			m.Kind, m.Signature = Function, strings.TrimPrefix(p.typeText(sig), "func")
		}
	case *types.Nil:
		m.Kind = Constant
	default:
		m.Kind = Variable
	}
	return m
}

func (p *place) typeText(t types.Type) string { return types.TypeString(t, qualifier(p.sketch.Pkg)) }

// qualifier writes package names, none for what cells define.
func qualifier(own *types.Package) types.Qualifier {
	return func(pkg *types.Package) string {
		if pkg == own {
			return ""
		}
		return pkg.Name()
	}
}

// typeKind is what a type is made of, in a word.
func typeKind(t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	case *types.Signature:
		return "func"
	case *types.Map:
		return "map"
	case *types.Slice, *types.Array:
		return "list"
	case *types.Chan:
		return "chan"
	case *types.Basic:
		return u.Name()
	}
	return ""
}
