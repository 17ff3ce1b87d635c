package cell

import (
	"go/ast"
	"go/token"
	"go/types"

	"sockbook/kernel/cell/exportdata"
)

// Env is what the cells of one Go process have defined so far. It is not safe
// for concurrent use.
type Env struct {
	fset     *token.FileSet
	pkg      *types.Package
	sizes    types.Sizes
	importer *exportdata.Importer
	names    map[string]*entry // what a name means at the top of the next cell
	dots     []*types.Package  // packages imported with a dot, the last one first
}

// An entry is what a name was last defined as.
type entry struct {
	obj    types.Object
	origin string // the cell it is written in
}

// A delta is what a cell changes in its Env.
type delta struct {
	names  map[string]*entry
	dots   []*types.Package
	bodies []*ast.FuncDecl // what the bodies of Cell.Funcs were checked as
}

// NewEnv makes an Env in which nothing is defined.
func NewEnv() *Env {
	return &Env{
		fset:     token.NewFileSet(),
		pkg:      types.NewPackage("main", "main"),
		sizes:    types.SizesFor("gc", goarch),
		importer: exportdata.NewImporter(),
		names:    map[string]*entry{},
	}
}

// Check parses and checks a cell against what was defined so far. The error is
// an *Error; then nothing of the cell is defined. Otherwise its definitions
// become visible to later cells with [Env.Define], which must come before the
// next Check.
func (e *Env) Check(name, text string) (*Cell, error) {
	src := parse(e.fset, name, text)
	c := &checker{env: e, src: src, cell: &Cell{
		Name: name,
		Text: text,
		Fset: e.fset,
		Pkg:  e.pkg,
		Info: newInfo(),
	}}
	if len(src.errs) == 0 {
		if src.program {
			c.checkProgram()
		} else {
			c.checkMixed()
		}
		src.errs = append(src.errs, c.diagnostics()...)
	}
	if len(src.errs) > 0 {
		list := sortDiagnostics(src.errs)
		for i := range list {
			list[i].Line = src.line(list[i].Pos.Line)
		}
		return nil, &Error{list}
	}
	return c.cell, nil
}

// Define makes what a checked cell defines visible to the cells after it. Call
// it once, when the cell is accepted for running.
func (e *Env) Define(c *Cell) {
	for name, entry := range c.delta.names {
		e.names[name] = entry
	}
	e.dots = append(c.delta.dots, e.dots...)
}

func newInfo() *types.Info {
	return &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Instances:  map[*ast.Ident]types.Instance{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Implicits:  map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes:     map[ast.Node]*types.Scope{},
	}
}
