package cell

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"strings"
)

// A definition is what a top-level name of the session means, with what is
// needed to check it again. Its key is the name, or "T.M" for a method.
type definition struct {
	key    string
	obj    types.Object
	origin string   // the cell it is written in
	node   ast.Node // *ast.FuncDecl, *ast.TypeSpec, or the *ast.GenDecl of a constant; nil for variables and imports
	text   string   // of types and constants: the tokens, to find out whether a new definition says the same
	sig    string   // of functions: the types of receiver, parameters and results, as written

	uses    map[string]types.Object // by key, the top-level definitions, imports and dot-imported names it mentions
	sigUses map[string]bool         // of functions: those that its type depends on
	stale   *staleness              // why it does not compile any more, or nil

	source   string                  // the declaration as it is written; empty for imports and what := made
	variable *ast.ValueSpec          // of a variable that var declares; else nil
	needs    map[string]types.Object // of such a variable: as uses, which stays empty
}

// staleness is why a definition does not compile any more.
type staleness struct {
	root string // the definition that has the error: this one, or one that it uses, with its cell
	msg  string // the error and its place
	new  string // what was defined anew, and where
}

// isFunc says whether the definition is a function or a method.
func (d *definition) isFunc() bool { _, ok := d.node.(*ast.FuncDecl); return ok }

// generic says whether the definition is a function with type parameters, or
// a method of a type that has some: callers hold copies of its body.
func (d *definition) generic() bool {
	f, ok := d.obj.(*types.Func)
	return ok && (f.Signature().TypeParams().Len() > 0 || f.Signature().RecvTypeParams().Len() > 0)
}

// methodKey splits the key of a method.
func methodKey(key string) (base, name string, ok bool) { return strings.Cut(key, ".") }

// A unit is a declaration of a cell that is defined, kept or checked again as
// one: a type, a function, or a group of constants.
type unit struct {
	node   ast.Node
	keys   []string
	idents []*ast.Ident
	origin string
	old    *definition   // checked again: what it was until now
	body   *ast.FuncDecl // what a function's body was checked as, if not as node
}

// units lists what decls declare, imports left out.
func units(decls []ast.Decl, origin string) []*unit {
	var list []*unit
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			list = append(list, &unit{node: d, keys: []string{funcKey(d)}, idents: []*ast.Ident{d.Name}, origin: origin})
		case *ast.GenDecl:
			switch d.Tok {
			case token.TYPE:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok {
						if s.Doc == nil && !d.Lparen.IsValid() {
							s.Doc = d.Doc
						}
						list = append(list, &unit{node: s, keys: []string{s.Name.Name}, idents: []*ast.Ident{s.Name}, origin: origin})
					}
				}
			case token.CONST:
				u := &unit{node: d, origin: origin}
				for _, s := range d.Specs {
					if s, ok := s.(*ast.ValueSpec); ok {
						for _, id := range s.Names {
							u.keys = append(u.keys, id.Name)
							u.idents = append(u.idents, id)
						}
					}
				}
				list = append(list, u)
			}
		}
	}
	return list
}

// funcKey is the key of a function or, by the name that its receiver's type
// has in the text, of a method.
func funcKey(d *ast.FuncDecl) string {
	if base := receiverBase(d); base != nil {
		return base.Name + "." + d.Name.Name
	}
	return d.Name.Name
}

// receiverBase returns the ident of a method's base type, or nil.
func receiverBase(d *ast.FuncDecl) *ast.Ident {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return nil
	}
	x := d.Recv.List[0].Type
	for {
		switch t := x.(type) {
		case *ast.ParenExpr:
			x = t.X
		case *ast.StarExpr:
			x = t.X
		case *ast.IndexExpr:
			x = t.X
		case *ast.IndexListExpr:
			x = t.X
		case *ast.Ident:
			return t
		default:
			return nil
		}
	}
}

// signatureText is the type of a function as written, without the names of
// its parameters. Two functions with the same text have the same type if what
// the text mentions is the same.
func signatureText(d *ast.FuncDecl) string {
	var b strings.Builder
	list := func(fields *ast.FieldList, names bool) {
		b.WriteByte('(')
		if fields != nil {
			for _, f := range fields.List {
				for i := range max(len(f.Names), 1) {
					if names && i < len(f.Names) {
						b.WriteString(f.Names[i].Name + " ")
					}
					b.WriteString(types.ExprString(f.Type) + ",")
				}
			}
		}
		b.WriteByte(')')
	}
	list(d.Recv, false)
	list(d.Type.TypeParams, true)
	list(d.Type.Params, false)
	list(d.Type.Results, false)
	return b.String()
}

// tokenText returns the tokens of text without comments and line structure.
func tokenText(text string) string {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	sc.Init(file, []byte(text), nil, 0)
	var b strings.Builder
	semicolon := false // one that only counts if something but a bracket follows
	for {
		_, tok, lit := sc.Scan()
		if tok == token.EOF {
			return b.String()
		}
		if tok == token.SEMICOLON {
			semicolon = true
			continue
		}
		if semicolon && tok != token.RBRACE && tok != token.RPAREN {
			b.WriteString("; ")
		}
		semicolon = false
		if lit == "" {
			lit = tok.String()
		}
		b.WriteString(lit + " ")
	}
}

// describe records what a definition mentions, as info has it.
func (d *definition) describe(info *types.Info, pkg *types.Package) {
	d.uses = map[string]types.Object{}
	note := func(n ast.Node, sig bool) {
		if n == nil {
			return
		}
		selected := map[*ast.Ident]bool{}
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				selected[n.Sel] = true
			case *ast.Ident:
				for _, use := range usesOf(info.Uses[n], pkg, selected[n]) {
					d.uses[use.key] = use.obj
					if sig {
						d.sigUses[use.key] = true
					}
				}
			}
			return true
		})
	}
	if f, ok := d.node.(*ast.FuncDecl); ok {
		d.sigUses = map[string]bool{}
		if f.Recv != nil {
			note(f.Recv, true)
		}
		note(f.Type, true)
		if f.Body != nil {
			note(f.Body, false)
		}
		return
	}
	note(d.node, false)
}

type use struct {
	key string
	obj types.Object
}

// usesOf says which definitions a mention of obj depends on. What is selected
// from something else (x.obj) depends on a definition only if it is a method.
func usesOf(obj types.Object, pkg *types.Package, selected bool) []use {
	if f, ok := obj.(*types.Func); ok {
		if named := receiverNamed(f); named != nil {
			if t := named.Obj(); t.Pkg() == pkg && t.Parent() == pkg.Scope() {
				if types.IsInterface(named) {
					return []use{{t.Name(), t}} // its methods are part of it
				}
				return []use{{t.Name(), t}, {t.Name() + "." + f.Name(), f.Origin()}}
			}
			return nil
		}
	}
	if obj == nil || selected || obj.Pkg() == nil {
		return nil
	}
	if _, ok := obj.(*types.PkgName); ok || obj.Parent() == obj.Pkg().Scope() {
		return []use{{obj.Name(), obj}}
	}
	return nil // a local name, or a field
}

// receiverNamed returns the named type, not an instance, that f is a method
// of, or nil: f is no method, or one of an interface.
func receiverNamed(f *types.Func) *types.Named {
	recv := f.Signature().Recv()
	if recv == nil {
		return nil
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Origin()
	}
	return nil
}
