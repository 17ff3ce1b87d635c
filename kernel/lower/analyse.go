package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"sockbook/kernel/cell"
)

// analysis is what is known of a cell's variables before it is lowered.
type analysis struct {
	captured map[*types.Var]bool // by a closure, or their address is taken
	assigned map[*types.Var]bool // after their declaration
}

type analyser struct {
	*analysis
	info *types.Info
	lits []*ast.FuncLit
}

func analyse(c *cell.Cell) *analysis {
	a := &analyser{analysis: &analysis{map[*types.Var]bool{}, map[*types.Var]bool{}}, info: c.Info}
	for _, list := range [][]*cell.Func{c.Funcs, c.Recheck.Funcs, c.Inits} {
		for _, f := range list {
			a.walk(f.Decl)
		}
	}
	if c.Main != nil {
		a.walk(c.Main.Decl)
	}
	for _, s := range c.Stmts {
		a.walk(s)
	}
	for _, in := range c.Info.InitOrder {
		a.walk(in.Rhs)
	}
	return a.analysis
}

func (a *analyser) mark(e ast.Expr, m map[*types.Var]bool) {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			if v, ok := a.info.Uses[x].(*types.Var); ok {
				m[v] = true
			}
			return
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		default:
			return
		}
	}
}

func (a *analyser) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.FuncLit:
			a.lits = append(a.lits, x)
			a.walk(x.Body)
			a.lits = a.lits[:len(a.lits)-1]
			return false
		case *ast.Ident:
			if v, ok := a.info.Uses[x].(*types.Var); ok && len(a.lits) > 0 && v.Parent() != nil {
				lit := a.lits[len(a.lits)-1]
				if v.Pos() < lit.Pos() || v.Pos() > lit.End() {
					a.captured[v] = true
				}
			}
		case *ast.UnaryExpr:
			if x.Op == token.AND {
				a.mark(x.X, a.captured)
			}
		case *ast.SelectorExpr:
			if s, ok := a.info.Selections[x]; ok && s.Kind() == types.MethodVal {
				a.mark(x.X, a.captured)
			}
		case *ast.SliceExpr:
			a.mark(x.X, a.captured)
		case *ast.AssignStmt:
			for _, e := range x.Lhs {
				a.mark(e, a.assigned)
			}
		case *ast.IncDecStmt:
			a.mark(x.X, a.assigned)
		case *ast.RangeStmt:
			if x.Key != nil {
				a.mark(x.Key, a.assigned)
			}
			if x.Value != nil {
				a.mark(x.Value, a.assigned)
			}
		}
		return true
	})
}

func stmtList(list []ast.Stmt) *ast.BlockStmt { return &ast.BlockStmt{List: list} }

// gotoLabels are the labels that a goto of the body names.
func gotoLabels(body *ast.BlockStmt) map[string]bool {
	m := map[string]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO {
			m[b.Label.Name] = true
		}
		return true
	})
	return m
}
