package complete

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/format"
	"go/token"
	"go/types"
	"strings"

	"sockbook/kernel/cell"
	"sockbook/kernel/cell/exportdata"
	"sockbook/kernel/complete/docs"
)

// An Inspection is what is known of the name at a place, as plain text and as
// Markdown. Both are empty if nothing is.
type Inspection struct {
	Plain    string
	Markdown string
}

// Found says whether anything is known.
func (i Inspection) Found() bool { return i.Plain != "" }

// Inspect says what is known of the name at the cursor, or of the function
// whose arguments the cursor is in: its declaration, its comment, the manual
// pages of a system call. With detail above 0, the source of what cells
// define.
func Inspect(env *cell.Env, text string, cursor, detail int) Inspection {
	at := byteOffset(text, cursor)
	p := newPlace(env, text, at, true)
	if p == nil {
		return Inspection{}
	}
	if p.quoted {
		return inspectPackage(text[p.start:p.end])
	}
	p.look()
	a := p.about(detail)
	if a == nil {
		return Inspection{}
	}
	return a.inspection()
}

// An article is what there is to say about one thing.
type article struct {
	code   string // its declaration
	doc    string // its comment
	origin string // the cell it is from
	pages  string // of the manual
	link   string
}

func (a *article) inspection() Inspection {
	var plain, md strings.Builder
	plain.WriteString(a.code + "\n")
	fmt.Fprintf(&md, "```go\n%s\n```\n", a.code)
	if a.doc != "" {
		parsed := new(comment.Parser).Parse(a.doc)
		printer := &comment.Printer{DocLinkBaseURL: "https://pkg.go.dev", HeadingLevel: 4, TextWidth: 80}
		fmt.Fprintf(&plain, "\n%s", printer.Text(parsed))
		fmt.Fprintf(&md, "\n%s", printer.Markdown(parsed))
	}
	if a.pages != "" {
		fmt.Fprintf(&plain, "\nmanual: %s\n", a.pages)
		fmt.Fprintf(&md, "\nmanual: %s\n", linked(a.pages))
	}
	if a.origin != "" {
		fmt.Fprintf(&plain, "\ndefined in %s\n", a.origin)
		fmt.Fprintf(&md, "\n*defined in %s*\n", a.origin)
	}
	if a.link != "" {
		fmt.Fprintf(&plain, "\n%s\n", a.link)
		fmt.Fprintf(&md, "\n<%s>\n", a.link)
	}
	return Inspection{Plain: plain.String(), Markdown: md.String()}
}

// about finds what the cursor is at; nil if nothing is known.
func (p *place) about(detail int) *article {
	word := p.text[p.start:p.end]
	if word != "" {
		if tok := token.Lookup(word); tok.IsKeyword() {
			return keyword(tok)
		}
		if id, sel := p.identAt(); id != nil {
			if a := p.aboutIdent(id, sel, detail); a != nil {
				return a
			}
		}
		if paths := exportdata.Named(word); len(paths) > 0 && p.prevTok() != token.PERIOD {
			a := packageArticle(paths[0])
			a.origin = ""
			return a
		}
	}
	if call := p.callAt(); call != nil {
		fun := ast.Unparen(call.Fun)
		switch x := fun.(type) {
		case *ast.IndexExpr:
			fun = x.X
		case *ast.IndexListExpr:
			fun = x.X
		}
		switch fun := fun.(type) {
		case *ast.Ident:
			return p.aboutIdent(fun, nil, detail)
		case *ast.SelectorExpr:
			return p.aboutIdent(fun.Sel, fun, detail)
		}
	}
	return nil
}

// identAt returns the ident at the cursor, and the selector it is selected by.
func (p *place) identAt() (id *ast.Ident, sel *ast.SelectorExpr) {
	at := p.sketch.Pos(p.start)
	p.sketch.Nodes(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if n.Sel.Pos() == at {
				id, sel = n.Sel, n
			}
		case *ast.Ident:
			if n.Pos() == at && id == nil {
				id = n
			}
		}
		return true
	})
	return id, sel
}

// callAt returns the innermost call whose arguments the cursor is in.
func (p *place) callAt() *ast.CallExpr {
	at := p.sketch.Pos(p.start)
	var call *ast.CallExpr
	p.sketch.Nodes(func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && c.Lparen < at && (at <= c.Rparen || !c.Rparen.IsValid()) {
			call = c
		}
		return true
	})
	return call
}

func (p *place) aboutIdent(id *ast.Ident, sel *ast.SelectorExpr, detail int) *article {
	info := p.sketch.Info
	obj := info.Uses[id]
	if obj == nil {
		obj = info.Defs[id]
	}
	if obj == nil && sel != nil {
		return p.aboutUnimported(sel)
	}
	if obj == nil {
		return nil
	}
	if imp, ok := obj.(*types.PkgName); ok {
		return packageArticle(imp.Imported().Path())
	}
	key := obj.Name()
	if sel != nil {
		if s := info.Selections[sel]; s != nil {
			key = ownerOf(s) + "." + key
		}
	} else if v, ok := obj.(*types.Var); ok && v.IsField() {
		if lit := p.literalAt(id.Pos()); lit != nil {
			key = typeName(p.sketch.Info.Types[lit].Type) + "." + key
		}
	} else if f, ok := obj.(*types.Func); ok {
		if r := f.Signature().Recv(); r != nil {
			key = typeName(r.Type()) + "." + key
		}
	}
	return p.aboutObject(obj, key, detail)
}

// aboutUnimported is about a name of a package that is not imported.
func (p *place) aboutUnimported(sel *ast.SelectorExpr) *article {
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return nil
	}
	for _, path := range exportdata.Named(x.Name) {
		pkg, err := p.env.Import(path)
		if err != nil {
			continue
		}
		if obj := pkg.Scope().Lookup(sel.Sel.Name); obj != nil && obj.Exported() {
			return p.aboutObject(obj, obj.Name(), 0)
		}
	}
	return nil
}

func (p *place) aboutObject(obj types.Object, key string, detail int) *article {
	a := &article{code: p.declaration(obj)}
	pkg := obj.Pkg()
	switch {
	case pkg == nil: // predeclared
		a.fill("builtin", key)
	case pkg == p.sketch.Pkg:
		origin, node, doc := p.sketch.Defined(obj)
		a.doc, a.origin = doc, origin
		if _, isType := obj.(*types.TypeName); node != nil && (detail > 0 || isType) {
			a.code = source(node, a.code)
		}
		if v, ok := obj.(*types.Var); ok && node == nil {
			p.fillType(a, v.Type())
		}
	default:
		a.fill(pkg.Path(), key)
		if a.doc == "" {
			if v, ok := obj.(*types.Var); ok {
				p.fillType(a, v.Type())
			}
		}
	}
	return a
}

// fill takes over what is written about a name of a package.
func (a *article) fill(path, key string) {
	e, _ := docs.Lookup(path, key)
	a.doc = e.Doc
	if e.Decl != "" {
		a.code = e.Decl
	}
	m := pageOf(path, key)
	a.pages = m.pages
	if a.doc == "" || m.text != "" && len(a.doc) < len(m.text) {
		a.doc = m.text
	}
	switch {
	case path == "builtin":
		a.link = "https://go.dev/ref/spec#Predeclared_identifiers"
	case strings.HasPrefix(path, "sockbook/"):
	default:
		a.link = "https://pkg.go.dev/" + path + "#" + key
	}
}

// fillType describes a variable by its type, if that is a package's.
func (p *place) fillType(a *article, t types.Type) {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return
	}
	obj := named.Obj()
	doc := ""
	if obj.Pkg() == p.sketch.Pkg {
		_, _, doc = p.sketch.Defined(obj)
	} else if e, ok := docs.Lookup(obj.Pkg().Path(), obj.Name()); ok {
		doc = e.Doc
	}
	if doc != "" {
		a.doc = doc
	}
}

// declaration is how an object is declared, in a line or a few.
func (p *place) declaration(obj types.Object) string {
	if f, ok := obj.(*types.Func); ok {
		if r := f.Signature().Recv(); r != nil {
			return fmt.Sprintf("func (%s) %s%s", p.typeText(r.Type()), f.Name(), strings.TrimPrefix(p.typeText(f.Type()), "func"))
		}
	}
	if v, ok := obj.(*types.Var); ok && v.IsField() {
		return fmt.Sprintf("field %s %s", v.Name(), p.typeText(v.Type()))
	}
	if b, ok := obj.(*types.Builtin); ok {
		return "func " + b.Name()
	}
	if k, ok := obj.(*types.Const); ok && k.Val() != nil {
		if b, ok := k.Type().(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			return fmt.Sprintf("const %s = %s", k.Name(), k.Val())
		}
		return fmt.Sprintf("const %s %s = %s", k.Name(), p.typeText(k.Type()), k.Val())
	}
	return types.ObjectString(obj, qualifier(p.sketch.Pkg))
}

// source is the text of a declaration of a cell, as gofmt writes it.
func source(n ast.Node, otherwise string) string {
	switch t := n.(type) {
	case *ast.TypeSpec:
		spec := *t
		spec.Doc, spec.Comment = nil, nil
		n = &ast.GenDecl{Tok: token.TYPE, Specs: []ast.Spec{&spec}}
	case *ast.FuncDecl:
		fn := *t
		fn.Doc = nil
		n = &fn
	}
	var b bytes.Buffer
	if err := format.Node(&b, token.NewFileSet(), n); err != nil {
		return otherwise
	}
	return b.String()
}

// ownerOf is the name of the type that a selected field or method is declared
// by.
func ownerOf(s *types.Selection) string {
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		st := structOf(t)
		if st == nil || i >= st.NumFields() {
			return ""
		}
		t = st.Field(i).Type()
	}
	if f, ok := s.Obj().(*types.Func); ok {
		if r := f.Signature().Recv(); r != nil {
			if name := typeName(r.Type()); name != "" {
				return name
			}
		}
	}
	return typeName(t)
}

func typeName(t types.Type) string {
	if t == nil {
		return ""
	}
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

func packageArticle(path string) *article {
	name := exportdata.Name(path)
	e, _ := docs.Lookup(path, "")
	overview, _, _ := strings.Cut(e.Doc, "\n# ")
	a := &article{code: fmt.Sprintf("package %s // import %q", name, path), doc: overview}
	if !strings.HasPrefix(path, "sockbook/") {
		a.link = "https://pkg.go.dev/" + path
	}
	return a
}

func inspectPackage(path string) Inspection {
	if exportdata.Name(path) == "" {
		return Inspection{}
	}
	return packageArticle(path).inspection()
}

// keywords says where the specification explains a keyword.
var keywords = map[token.Token]string{
	token.BREAK: "Break_statements", token.CASE: "Switch_statements", token.CHAN: "Channel_types",
	token.CONST: "Constant_declarations", token.CONTINUE: "Continue_statements", token.DEFAULT: "Switch_statements",
	token.DEFER: "Defer_statements", token.ELSE: "If_statements", token.FALLTHROUGH: "Fallthrough_statements",
	token.FOR: "For_statements", token.FUNC: "Function_declarations", token.GO: "Go_statements",
	token.GOTO: "Goto_statements", token.IF: "If_statements", token.IMPORT: "Import_declarations",
	token.INTERFACE: "Interface_types", token.MAP: "Map_types", token.PACKAGE: "Package_clause",
	token.RANGE: "For_range", token.RETURN: "Return_statements", token.SELECT: "Select_statements",
	token.STRUCT: "Struct_types", token.SWITCH: "Switch_statements", token.TYPE: "Type_declarations",
	token.VAR: "Variable_declarations",
}

func keyword(tok token.Token) *article {
	section := keywords[tok]
	return &article{
		code: tok.String(),
		doc:  fmt.Sprintf("A keyword of Go. The specification explains it under %q.", strings.ReplaceAll(section, "_", " ")),
		link: "https://go.dev/ref/spec#" + section,
	}
}
