package lower

import (
	"fmt"
	"go/ast"
	"go/token"

	"sockbook/kernel/cell"
)

// FuncRange is a function in a cell: its name as Go prints it in a trace, and
// where it begins and ends.
type FuncRange struct {
	Name                             string
	Line, Column, EndLine, EndColumn int
}

// FuncAt names the innermost function around a place; "main" is the top of the
// cell.
func FuncAt(list []FuncRange, line, column int) string {
	name := "main"
	for _, f := range list { // inner functions come after outer ones
		after := line > f.Line || line == f.Line && column >= f.Column
		before := line < f.EndLine || line == f.EndLine && column <= f.EndColumn
		if after && before {
			name = f.Name
		}
	}
	return name
}

// funcRanges finds the functions and function literals of a cell.
func funcRanges(c *cell.Cell) (list []FuncRange) {
	add := func(name string, n ast.Node) {
		p, e := c.Fset.Position(n.Pos()), c.Fset.Position(n.End())
		list = append(list, FuncRange{name, p.Line, p.Column, e.Line, e.Column})
	}
	var literals func(outer string, n ast.Node)
	literals = func(outer string, n ast.Node) {
		count := 0
		ast.Inspect(n, func(n ast.Node) bool {
			lit, ok := n.(*ast.FuncLit)
			if !ok {
				return true
			}
			count++
			name := fmt.Sprintf("%s.func%d", outer, count)
			if outer != "main" && len(outer) > 0 && outer[len(outer)-1] >= '0' && outer[len(outer)-1] <= '9' {
				name = fmt.Sprintf("%s.%d", outer, count)
			}
			add(name, lit)
			literals(name, lit.Body)
			return false
		})
	}
	funcs := append(append([]*cell.Func(nil), c.Funcs...), c.Inits...)
	if c.Main != nil {
		funcs = append(funcs, c.Main)
	}
	for _, f := range funcs {
		name := "main." + funcName(f.Decl)
		add(name, f.Decl)
		literals(name, f.Decl.Body)
	}
	literals("main", &ast.BlockStmt{List: c.Stmts, Lbrace: token.NoPos})
	return list
}

// funcName is T.m, (*T).m or f.
func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	t := ast.Unparen(d.Recv.List[0].Type)
	star := false
	if s, ok := t.(*ast.StarExpr); ok {
		t, star = ast.Unparen(s.X), true
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	name := "?"
	if id, ok := t.(*ast.Ident); ok {
		name = id.Name
	}
	if star {
		return "(*" + name + ")." + d.Name.Name
	}
	return name + "." + d.Name.Name
}
