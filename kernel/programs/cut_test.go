package programs

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// cut makes the cells of a notebook of a program: its imports, then its
// declarations, each with the methods of its types, in an order in which
// nothing is used before it is defined (what uses one another is one cell),
// then the statements of main, each a cell. Where main needs to be a function
// (it defers, returns, jumps, or hides a name of the package), its body is one
// cell.
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
			return nil, errors.New("it has an init function")
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
	if err := c.uncuttable(); err != nil {
		return nil, err
	}
	var cells []string
	if len(c.imports) > 0 {
		cells = append(cells, strings.Join(c.imports, "\n"))
	}
	cells = append(cells, c.declarations()...)
	return append(cells, c.statements(main)...), nil
}

// uncuttable says why the program cannot be cells: main is no function of
// theirs, and their variables are defined in order.
func (c *cutter) uncuttable() error {
	for _, p := range c.parts {
		for _, d := range p.decls {
			later := map[string]bool{}
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
				for _, s := range g.Specs {
					for _, id := range s.(*ast.ValueSpec).Names {
						later[id.Name] = true
					}
				}
			}
			var err error
			look := func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && id.Name == "main" {
					err = errors.New("it calls main")
				} else if ok && later[id.Name] {
					err = fmt.Errorf("%s is used above its definition", id.Name)
				}
				return err == nil
			}
			if len(later) == 0 {
				ast.Inspect(d, look)
			} else {
				for _, s := range d.(*ast.GenDecl).Specs {
					s := s.(*ast.ValueSpec)
					for _, v := range s.Values {
						ast.Inspect(v, look)
					}
					for _, id := range s.Names {
						delete(later, id.Name)
					}
				}
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

type cutter struct {
	fset    *token.FileSet
	text    string
	imports []string
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
	hides := func(id *ast.Ident) {
		if c.byName[id.Name] != nil || slices.Contains(c.names, id.Name) {
			found = true
		}
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
