package programs

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"sockbook/kernel/cell/exportdata"
)

// cut makes the cells of a notebook of a program: its imports, then its
// declarations, each with the methods of its types, in an order in which
// nothing is used before it is defined (what uses one another is one cell),
// then the statements of main, each a cell. Where main needs to be a function
// (it defers, returns, jumps, hides a name of the package, or assigns by := to
// a variable that has a pointer), its body is one
// cell, as are those of init functions. Where a variable's value needs one that
// is declared below it, all declarations are one cell.
func cut(text string) ([]string, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	c := &cutter{fset: fset, text: text, byName: map[string]*part{}}
	var main *ast.FuncDecl
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if ok && fn.Recv == nil && fn.Name.Name == "main" {
			main = fn
		} else if ok && fn.Recv == nil && fn.Name.Name == "init" {
			c.inits = append(c.inits, c.source(fn.Body))
		} else {
			c.add(d)
		}
	}
	if main != nil {
		mentions := false
		ast.Inspect(main.Body, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			mentions = mentions || ok && id.Name == "main"
			return true
		})
		if mentions {
			return nil, errors.New("it calls main")
		}
	}
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil {
			base := receiverBase(fn.Recv.List[0].Type)
			if c.byName[base] == nil {
				return nil, fmt.Errorf("the receiver of %s has no type", fn.Name.Name)
			}
			c.byName[base].decls = append(c.byName[base].decls, fn)
		}
	}
	var cells []string
	if len(c.imports) > 0 {
		cells = append(cells, strings.Join(c.imports, "\n"))
	}
	if c.usedAbove() {
		cell, err := c.inOrder(file)
		if err != nil {
			return nil, err
		}
		cells = append(cells, cell)
	} else {
		cells = append(cells, c.declarations()...)
	}
	return append(append(cells, c.inits...), c.statements(main)...), nil
}

// usedAbove reports whether a variable is initialised with one below it, which
// those of cells cannot be.
func (c *cutter) usedAbove() bool {
	above := false
	for _, p := range c.parts {
		for _, d := range p.decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, s := range g.Specs {
				for _, v := range s.(*ast.ValueSpec).Values {
					ast.Inspect(v, func(n ast.Node) bool {
						if id, ok := n.(*ast.Ident); ok && c.byName[id.Name] != nil && c.byName[id.Name].declares(id.Name, token.VAR) > s.Pos() {
							above = true
						}
						return !above
					})
				}
			}
		}
	}
	return above
}

// declares is where p declares the name by a declaration of that kind.
func (p *part) declares(name string, kind token.Token) token.Pos {
	for _, d := range p.decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == kind {
			for _, s := range g.Specs {
				for _, id := range s.(*ast.ValueSpec).Names {
					if id.Name == name {
						return id.Pos()
					}
				}
			}
		}
	}
	return token.NoPos
}

// inOrder is one cell with all that the program declares, its variables in the
// order in which they are initialised.
func (c *cutter) inOrder(file *ast.File) (string, error) {
	config := types.Config{Importer: exportdata.NewImporter()}
	info := types.Info{Defs: map[*ast.Ident]types.Object{}}
	if _, err := config.Check("main", c.fset, []*ast.File{file}, &info); err != nil {
		return "", err
	}
	specs := map[ast.Expr]*ast.ValueSpec{} // by value
	var texts, empty []string
	for _, p := range c.parts {
		for _, d := range p.decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				texts = append(texts, c.source(d))
				continue
			}
			for _, s := range g.Specs {
				s := s.(*ast.ValueSpec)
				if len(s.Values) == 0 {
					empty = append(empty, "var "+c.source(s))
				}
				for _, v := range s.Values {
					specs[v] = s
				}
			}
		}
	}
	texts = append(texts, empty...)
	for _, in := range info.InitOrder {
		var names []string
		for _, v := range in.Lhs {
			names = append(names, v.Name())
		}
		text := "var " + strings.Join(names, ", ")
		if t := specs[in.Rhs].Type; t != nil {
			text += " " + c.source(t)
		}
		texts = append(texts, text+" = "+c.source(in.Rhs))
	}
	return strings.Join(texts, "\n\n"), nil
}

type cutter struct {
	fset    *token.FileSet
	text    string
	imports []string
	inits   []string // bodies of init functions
	names   []string // of imports
	parts   []*part
	byName  map[string]*part
}

// A part is a declaration and the methods of what it declares.
type part struct {
	names []string
	decls []ast.Decl

	// of Tarjan's algorithm
	index, low int
	onStack    bool
}

func (c *cutter) source(n ast.Node) string {
	start, end := n.Pos(), n.End()
	switch n := n.(type) {
	case *ast.FuncDecl:
		if n.Doc != nil {
			start = n.Doc.Pos()
		}
	case *ast.GenDecl:
		if n.Doc != nil {
			start = n.Doc.Pos()
		}
	}
	return c.text[c.fset.Position(start).Offset:c.fset.Position(end).Offset]
}

func (c *cutter) add(d ast.Decl) {
	p := &part{decls: []ast.Decl{d}}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			return
		}
		p.names = []string{d.Name.Name}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			c.imports = append(c.imports, c.source(d))
			for _, s := range d.Specs {
				spec := s.(*ast.ImportSpec)
				name := strings.Trim(spec.Path.Value, `"`)
				name = name[strings.LastIndex(name, "/")+1:]
				if spec.Name != nil {
					name = spec.Name.Name
				}
				c.names = append(c.names, name)
			}
			return
		}
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				p.names = append(p.names, s.Name.Name)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					p.names = append(p.names, id.Name)
				}
			}
		}
	}
	c.parts = append(c.parts, p)
	for _, name := range p.names {
		if name != "_" {
			c.byName[name] = p
		}
	}
}

func receiverBase(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiverBase(e.X)
	case *ast.ParenExpr:
		return receiverBase(e.X)
	case *ast.IndexExpr:
		return receiverBase(e.X)
	case *ast.IndexListExpr:
		return receiverBase(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// uses lists the parts that p mentions, by name: too many rather than too few.
func (c *cutter) uses(p *part) []*part {
	var list []*part
	for _, d := range p.decls {
		ast.Inspect(d, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if q := c.byName[id.Name]; q != nil && q != p && !slices.Contains(list, q) {
					list = append(list, q)
				}
			}
			return true
		})
	}
	return list
}

// declarations gives the cells of the parts: the strongly connected components
// of what mentions what, by Tarjan's algorithm, which finds them in the order
// wanted.
func (c *cutter) declarations() []string {
	var cells []string
	var stack []*part
	count := 0
	var visit func(p *part)
	visit = func(p *part) {
		count++
		p.index, p.low, p.onStack = count, count, true
		stack = append(stack, p)
		for _, q := range c.uses(p) {
			if q.index == 0 {
				visit(q)
				p.low = min(p.low, q.low)
			} else if q.onStack {
				p.low = min(p.low, q.index)
			}
		}
		if p.low != p.index {
			return
		}
		at := slices.Index(stack, p)
		var decls []ast.Decl
		for _, q := range stack[at:] {
			q.onStack = false
			decls = append(decls, q.decls...)
		}
		stack = stack[:at]
		slices.SortFunc(decls, func(a, b ast.Decl) int { return int(a.Pos() - b.Pos()) })
		var texts []string
		for _, d := range decls {
			texts = append(texts, c.source(d))
		}
		cells = append(cells, strings.Join(texts, "\n\n"))
	}
	for _, p := range c.parts {
		if p.index == 0 {
			visit(p)
		}
	}
	return cells
}

// statements gives the cells of main.
func (c *cutter) statements(main *ast.FuncDecl) []string {
	if main == nil || len(main.Body.List) == 0 {
		return nil
	}
	if c.needsFunction(main.Body) {
		return []string{c.source(main.Body)}
	}
	var cells []string
	for _, s := range main.Body.List {
		cells = append(cells, c.source(s))
	}
	return cells
}

// needsFunction says whether main's body means something else when its
// statements are run one after the other as cells.
func (c *cutter) needsFunction(body *ast.BlockStmt) bool {
	found := false
	pointed := map[string]bool{} // variables that a cell's := would leave behind
	ast.Inspect(body, func(n ast.Node) bool {
		if u, ok := n.(*ast.UnaryExpr); ok && u.Op == token.AND {
			if id, ok := u.X.(*ast.Ident); ok {
				pointed[id.Name] = true
			}
		}
		return true
	})
	defined := map[string]bool{}
	hides := func(id *ast.Ident) {
		if c.byName[id.Name] != nil || slices.Contains(c.names, id.Name) || defined[id.Name] && pointed[id.Name] {
			found = true
		}
		defined[id.Name] = true
	}
	for _, s := range body.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				for _, e := range s.Lhs {
					hides(e.(*ast.Ident))
				}
			}
		case *ast.DeclStmt:
			for _, spec := range s.Decl.(*ast.GenDecl).Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					hides(spec.Name)
				case *ast.ValueSpec:
					for _, id := range spec.Names {
						hides(id)
					}
				}
			}
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt, *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok == token.GOTO
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "recover" {
				found = true
			}
		}
		return !found
	})
	return found
}
