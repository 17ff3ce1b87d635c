package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// NoSource is the error of [Env.Source]: a definition that cannot stand on its
// own, and why.
type NoSource struct {
	Name   string   // what cannot be had
	By     []string // what mentions it, the first of what was asked for first; empty: it was asked for
	Reason string   // "is not defined"
}

func (e *NoSource) Error() string {
	text := e.Name + " " + e.Reason
	if n := len(e.By); n > 0 {
		text = strings.Join(e.By, " uses ") + " uses " + e.Name + ", which " + e.Reason
	}
	return text
}

// Source returns Go that, as a cell in an Env in which nothing is defined,
// defines names, all that they mention, and the methods of types: imports,
// types, constants, functions, and variables that a `var` declares, which are
// initialized anew. A variable that `:=` made is what no declaration can bring
// back. The error is a *NoSource.
func (e *Env) Source(names ...string) (string, error) {
	c := &closure{env: e, taken: map[string]bool{}, nodes: map[ast.Node]bool{}}
	for _, name := range names {
		if err := c.take(name, nil, nil); err != nil {
			return "", err
		}
	}
	slices.SortStableFunc(c.parts, func(a, b part) int { return int(a.pos - b.pos) })
	var out strings.Builder
	for _, imp := range slices.Compact(slices.Sorted(slices.Values(c.imports))) {
		out.WriteString("import " + imp + "\n")
	}
	for _, p := range c.parts {
		out.WriteString("\n" + p.text + "\n")
	}
	return out.String(), nil
}

// closure collects definitions and what they mention.
type closure struct {
	env     *Env
	taken   map[string]bool
	nodes   map[ast.Node]bool // written already: a declaration of several names
	imports []string
	parts   []part
}

type part struct {
	pos  token.Pos
	text string
}

// take adds the definition of a key that the keys in by mention; obj is what
// they know by that name.
func (c *closure) take(key string, obj types.Object, by []string) error {
	if c.taken[key] {
		return nil
	}
	c.taken[key] = true
	no := func(format string, args ...any) error {
		return &NoSource{Name: key, By: by, Reason: fmt.Sprintf(format, args...)}
	}
	d := c.env.defs[key]
	if pkg, ok := obj.(*types.PkgName); ok {
		c.imports = append(c.imports, importText(pkg))
		return nil
	}
	if d == nil {
		if obj != nil && obj.Pkg() != nil && obj.Pkg() != c.env.pkg { // of a dot import
			c.imports = append(c.imports, fmt.Sprintf(". %q", obj.Pkg().Path()))
			return nil
		}
		return no("is not defined")
	}
	if d.stale != nil {
		return no("does not compile with what later cells define: %s", d.stale.msg)
	}
	if pkg, ok := d.obj.(*types.PkgName); ok {
		c.imports = append(c.imports, importText(pkg))
		return nil
	}
	if d.source == "" {
		return no("is a variable that a statement of cell %s made; pass it as a parameter, or declare it by func, type, const or var", d.origin)
	}
	if !c.nodes[d.declared()] {
		c.nodes[d.declared()] = true
		c.parts = append(c.parts, part{d.declared().Pos(), d.source})
	}
	return c.mentioned(key, d, by)
}

// mentioned adds what a definition mentions, and the methods of a type.
func (c *closure) mentioned(key string, d *definition, by []string) error {
	by = append(slices.Clip(by), key)
	uses := d.uses
	if d.variable != nil {
		uses = d.needs
	}
	for _, used := range slices.Sorted(keysOf(uses)) {
		if err := c.take(used, uses[used], by); err != nil {
			return err
		}
	}
	for _, method := range slices.Sorted(keysOf(c.env.methods[key])) {
		if _, ok := d.obj.(*types.TypeName); !ok {
			break
		}
		if m := c.env.defs[method]; m == nil || m.stale != nil || receiverNamed(m.obj.(*types.Func)) == nil || receiverNamed(m.obj.(*types.Func)).Obj() != d.obj {
			continue // of an earlier type of that name
		}
		if err := c.take(method, nil, by); err != nil {
			return err
		}
	}
	return nil
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func importText(p *types.PkgName) string {
	if p.Name() == p.Imported().Name() {
		return fmt.Sprintf("%q", p.Imported().Path())
	}
	return fmt.Sprintf("%s %q", p.Name(), p.Imported().Path())
}

// declared is the node whose text is the definition's source.
func (d *definition) declared() ast.Node {
	if d.variable != nil {
		return d.variable
	}
	return d.node
}

// sourceOf is the text of a declaration of this cell, with its keyword.
func (c *checker) sourceOf(n ast.Node) string {
	text := c.src.text[c.src.file.Offset(n.Pos()):c.src.file.Offset(n.End())]
	switch n.(type) {
	case *ast.TypeSpec:
		return "type " + text
	case *ast.ValueSpec:
		return "var " + text
	}
	return text
}

// varSpec is the declaration by `var` at the top of the cell that makes the
// variable, or nil.
func (c *checker) varSpec(v *types.Var) *ast.ValueSpec {
	find := func(d ast.Decl) *ast.ValueSpec {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			return nil
		}
		for _, s := range g.Specs {
			if s := s.(*ast.ValueSpec); slices.ContainsFunc(s.Names, func(id *ast.Ident) bool { return id.Pos() == v.Pos() }) {
				return s
			}
		}
		return nil
	}
	for _, s := range c.src.stmts {
		if s, ok := s.(*ast.DeclStmt); ok {
			if spec := find(s.Decl); spec != nil {
				return spec
			}
		}
	}
	for _, d := range c.src.decls {
		if spec := find(d); spec != nil {
			return spec
		}
	}
	return nil
}

// defineVar puts a variable into the cell's delta.
func (c *checker) defineVar(v *types.Var) {
	d := &definition{key: v.Name(), obj: v, origin: c.src.name}
	if spec := c.varSpec(v); spec != nil {
		mentions := definition{node: spec}
		mentions.describe(c.cell.Info, c.env.pkg)
		d.variable, d.source, d.needs = spec, c.sourceOf(spec), mentions.uses
	}
	c.cell.delta.defs[v.Name()] = d
}

// Declares lists the functions, types, constants and variables that the text
// of a cell declares at the top, methods left out, in their order. It is nil
// where the text is no Go.
func Declares(text string) []string {
	src := parse(token.NewFileSet(), "", Mask(text))
	if len(src.errs) > 0 {
		return nil
	}
	decls := src.decls
	if src.program {
		decls = src.prog.Decls
	}
	for _, s := range src.stmts {
		if s, ok := s.(*ast.DeclStmt); ok {
			decls = append(slices.Clip(decls), s.Decl)
		}
	}
	var names []string
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					names = append(names, s.Name.Name)
				case *ast.ValueSpec:
					for _, id := range s.Names {
						names = append(names, id.Name)
					}
				}
			}
		}
	}
	return slices.DeleteFunc(names, func(n string) bool { return n == "_" || n == "main" || n == "init" })
}
