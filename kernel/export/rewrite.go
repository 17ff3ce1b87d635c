package export

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"sockbook/kernel/cell"
)

// An edit replaces a stretch of a cell's text.
type edit struct {
	start, end int
	text       string
}

// A rewriting is the edits that make text of a cell text of the program.
// Comments and layout stay as they are.
type rewriting struct {
	b     *builder
	info  *types.Info
	fset  *token.FileSet
	edits []edit
}

func (b *builder) rewriting(c *cell.Cell) *rewriting {
	return &rewriting{b: b, info: c.Info, fset: c.Fset}
}

func (r *rewriting) offset(pos token.Pos) int { return r.fset.Position(pos).Offset }

func (r *rewriting) replace(from, to token.Pos, text string) {
	r.edits = append(r.edits, edit{r.offset(from), r.offset(to), text})
}

// rename gives every ident in n the name that it has in the program.
func (r *rewriting) rename(n ast.Node) {
	selected := map[*ast.Ident]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			selected[s.Sel] = true
		}
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		if name := r.nameOf(id, selected[id]); name != "" && (name != id.Name || name == "_") {
			r.replace(id.Pos(), id.Pos()+token.Pos(len(id.Name)), name)
		}
		return true
	})
}

// nameOf is what an ident is called in the program, "" if as it is.
func (r *rewriting) nameOf(id *ast.Ident, selected bool) string {
	obj := r.info.Uses[id]
	if obj == nil {
		obj = r.info.Defs[id]
	}
	switch obj := obj.(type) {
	case nil:
		return ""
	case *types.PkgName:
		return r.b.importName(obj.Imported(), obj.Name())
	case *types.Var:
		if obj.IsField() && obj.Embedded() {
			// An embedded field is called like its type.
			if t := embeddedType(obj.Type()); t != nil && r.b.session(t) {
				return r.b.called(t)
			}
			return ""
		}
	case *types.Func:
		if obj.Signature().Recv() != nil {
			return ""
		}
	}
	if selected {
		return ""
	}
	if r.b.session(obj) {
		return r.b.called(obj)
	}
	if p := obj.Pkg(); p != nil && obj.Parent() == p.Scope() && r.info.Uses[id] != nil {
		return r.b.importName(p, p.Name()) + "." + obj.Name() // imported with a dot
	}
	return ""
}

func embeddedType(t types.Type) *types.TypeName {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t := t.(type) {
	case *types.Alias:
		return t.Obj()
	case *types.Named:
		return t.Obj()
	}
	return nil
}

// apply returns text[from:to] with the edits that are in it.
func (r *rewriting) apply(text string, from, to int) string {
	slices.SortStableFunc(r.edits, func(a, b edit) int {
		if a.start == b.start && (a.end == a.start) != (b.end == b.start) {
			return cmp.Compare(a.end, b.end) // what is inserted goes before what is replaced
		}
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	var b strings.Builder
	at := from
	for _, e := range r.edits {
		if e.start < at || e.end > to {
			continue // inside one that replaces more
		}
		b.WriteString(text[at:e.start])
		b.WriteString(e.text)
		at = e.end
	}
	b.WriteString(text[at:to])
	return b.String()
}

// called is what an object is called at package level, or where it is local.
func (b *builder) called(obj types.Object) string {
	if name := b.names[b.resolve(obj)]; name != "" {
		return name
	}
	return obj.Name()
}

// declaration returns the text of a version, its comment included.
func (b *builder) declaration(v *version) string {
	r := b.rewriting(v.cell)
	text := b.text(v.origin)
	r.rename(v.node)
	prefix, doc := "", (*ast.CommentGroup)(nil)
	switch n := v.node.(type) {
	case *ast.FuncDecl:
		doc = n.Doc
	case *ast.TypeSpec:
		prefix, doc = "type ", n.Doc
	case *ast.GenDecl:
		doc = n.Doc
		// Names that were defined anew are blank in this version.
		for _, s := range n.Specs {
			for _, id := range s.(*ast.ValueSpec).Names {
				if at := r.offset(id.Pos()); id.Name == "_" && text[at] != '_' {
					r.edits = append(r.edits, edit{at, at + identLength(text[at:]), "_"})
				}
			}
		}
	}
	comment := ""
	if doc != nil {
		comment = text[r.offset(doc.Pos()):r.offset(doc.End())] + "\n"
	}
	end := r.offset(v.node.End())
	if g, ok := v.node.(*ast.GenDecl); ok && !g.Rparen.IsValid() {
		end = r.offset(g.Specs[len(g.Specs)-1].End())
	}
	return comment + prefix + r.apply(text, r.offset(v.node.Pos()), end)
}

func identLength(s string) int {
	for i, c := range s {
		if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c < 0x80 {
			return i
		}
	}
	return len(s)
}

// body returns the text of a cell's statements.
func (b *builder) body(c *checked) string {
	r := b.rewriting(c.Cell)
	text := b.text(c.Name)
	for _, d := range c.Decls {
		from := d.Pos()
		if doc := docOf(d); doc != nil {
			from = doc.Pos()
		}
		r.replace(from, d.End(), "")
	}
	for _, s := range c.Stmts {
		r.statement(c.Cell, s)
		r.rename(s)
	}
	r.result(c.Cell)
	return r.apply(text, 0, len(text))
}

func docOf(d ast.Decl) *ast.CommentGroup {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return d.Doc
	case *ast.GenDecl:
		return d.Doc
	}
	return nil
}

// statement rewrites the definition of variables that are at package level,
// and has variables used that nothing uses.
func (r *rewriting) statement(c *cell.Cell, s ast.Stmt) {
	vars := r.b.variables(c, s)
	switch d := cell.Unlabel(s).(type) {
	case *ast.AssignStmt:
		if len(vars) > 0 && r.b.shared[vars[0]] {
			r.replace(d.TokPos, d.TokPos+2, "=")
			return
		}
	case *ast.DeclStmt:
		if len(vars) > 0 && r.b.shared[vars[0]] {
			r.declarations(d.Decl.(*ast.GenDecl))
			return
		}
	}
	for _, v := range vars {
		if slices.Contains(c.Unused, v) {
			r.edits = append(r.edits, edit{r.offset(s.End()), r.offset(s.End()), "\n_ = " + v.Name()})
			r.b.noteAt(c, v.Pos(), "%s is never used", v.Name())
		}
	}
}

// declarations makes assignments of var declarations with values; variables
// without are declared at package level.
func (r *rewriting) declarations(d *ast.GenDecl) {
	if d.Lparen.IsValid() {
		r.replace(d.Pos(), d.Lparen+1, "")
		r.replace(d.Rparen, d.Rparen+1, "")
	} else {
		r.replace(d.Pos(), d.Specs[0].Pos(), "")
	}
	for _, s := range d.Specs {
		s := s.(*ast.ValueSpec)
		if len(s.Values) == 0 {
			r.replace(s.Pos(), s.End(), r.zeros(s.Names))
			continue
		}
		r.replace(s.Names[len(s.Names)-1].End(), s.Values[0].Pos(), " = ")
	}
}

// zeros sets variables to zero that an earlier cell declared before.
func (r *rewriting) zeros(names []*ast.Ident) string {
	var lines []string
	for _, id := range names {
		if v, ok := r.info.Defs[id].(*types.Var); ok && r.b.canon[v] != nil {
			lines = append(lines, r.b.called(v)+" = "+r.b.zero(v.Type()))
		}
	}
	return strings.Join(lines, "\n")
}

// zero writes the zero value of a type.
func (b *builder) zero(t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return `""`
		case u.Info()&types.IsBoolean != 0:
			return "false"
		case u.Info()&types.IsNumeric != 0:
			return "0"
		}
	case *types.Struct, *types.Array:
		return b.typeText(t) + "{}"
	}
	return "nil"
}

// result prints the value of a last expression that Go does not let stand by
// itself.
func (r *rewriting) result(c *cell.Cell) {
	if c.Result == nil {
		return
	}
	switch x := ast.Unparen(c.Result).(type) {
	case *ast.CallExpr:
		fun := c.Info.Types[x.Fun]
		if !fun.IsType() && !fun.IsBuiltin() {
			return
		}
		if id, ok := ast.Unparen(x.Fun).(*ast.Ident); ok && fun.IsBuiltin() && (id.Name == "copy" || id.Name == "recover") {
			return
		}
	case *ast.UnaryExpr:
		if x.Op == token.ARROW {
			return
		}
	}
	name := "fmt"
	if fmt, err := r.b.env.Import("fmt"); err == nil {
		name = r.b.importName(fmt, "fmt")
	}
	r.edits = append(r.edits, edit{r.offset(c.Result.Pos()), r.offset(c.Result.Pos()), name + ".Println("})
	r.edits = append(r.edits, edit{r.offset(c.Result.End()), r.offset(c.Result.End()), ")"})
	r.b.noteAt(c, c.Result.Pos(), "the program prints the value of its last line")
}

// importName is what the program calls a package; wanted is what a cell does.
func (b *builder) importName(pkg *types.Package, wanted string) string {
	if name := b.imports[pkg.Path()]; name != "" {
		return name
	}
	taken := func(name string) bool {
		for _, other := range b.imports {
			if other == name {
				return true
			}
		}
		for _, other := range b.names {
			if other == name {
				return true
			}
		}
		return false
	}
	name := wanted
	for n := 2; taken(name); n++ {
		name = fmt.Sprintf("%s%d", wanted, n)
	}
	b.imports[pkg.Path()] = name
	return name
}
