package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// statements returns the function that holds the cell's statements, as it is
// checked. A last expression is assigned to the blank identifier there, since
// Go has no expression statements but calls and receives; and every variable
// that the cell defines at its top is used.
func (c *checker) statements() *ast.FuncDecl {
	fn := *c.src.body
	list := slices.Clone(c.src.stmts)
	if n := len(list); n > 0 {
		if last, ok := list[n-1].(*ast.ExprStmt); ok {
			c.result = last
			if c.valueCall || !standsAlone(last.X) {
				list[n-1] = blankAssignment(last.X)
			}
		}
	}
	for _, id := range c.topIdents() {
		list = append(list, blankAssignment(&ast.Ident{Name: id.Name}))
	}
	fn.Body = &ast.BlockStmt{Lbrace: fn.Body.Lbrace, List: list, Rbrace: fn.Body.Rbrace}
	return &fn
}

// standsAlone says whether an expression may be a statement: a receive, or a
// call, which may have no value, or several.
func standsAlone(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		return true
	case *ast.UnaryExpr:
		return x.Op == token.ARROW
	}
	return false
}

func blankAssignment(x ast.Expr) ast.Stmt {
	return &ast.AssignStmt{
		Lhs: []ast.Expr{&ast.Ident{Name: "_", NamePos: x.Pos()}},
		Tok: token.ASSIGN, TokPos: x.Pos(),
		Rhs: []ast.Expr{x},
	}
}

// mustBeValue says whether go/types refused the last call as a statement: it
// is a conversion, or of a builtin that only has a value.
func (c *checker) mustBeValue() bool {
	return c.result != nil && !c.valueCall && slices.ContainsFunc(c.errs, func(err types.Error) bool {
		start, end := span(err)
		return start == c.result.X.Pos() && end == c.result.X.End() && strings.HasSuffix(err.Msg, " is not used")
	})
}

// unused are the variables that the statements define at the top and do not
// use, as Go understands it: to assign is not to use.
func (c *checker) unused() []*types.Var {
	assigned := map[*ast.Ident]bool{}
	used := map[types.Object]bool{}
	for _, s := range c.src.stmts {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, x := range n.Lhs {
					if id, ok := ast.Unparen(x).(*ast.Ident); ok && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
						assigned[id] = true
					}
				}
			case *ast.Ident:
				if !assigned[n] {
					used[c.cell.Info.Uses[n]] = true
				}
			}
			return true
		})
	}
	var list []*types.Var
	for _, v := range c.cell.Vars {
		if !used[v] {
			list = append(list, v)
		}
	}
	return list
}

// topIdents are the idents that the statements declare, or assign again with
// :=, at their top.
func (c *checker) topIdents() []*ast.Ident {
	var list []*ast.Ident
	for _, s := range c.src.stmts {
		for _, x := range Defined(s) {
			if id, ok := x.(*ast.Ident); ok && id.Name != "_" {
				list = append(list, id)
			}
		}
	}
	return list
}

// Defined lists what stands on the left of a statement's := or in its var or
// const declaration, labels aside.
func Defined(s ast.Stmt) (list []ast.Expr) {
	switch s := Unlabel(s).(type) {
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			return s.Lhs
		}
	case *ast.DeclStmt:
		for _, spec := range s.Decl.(*ast.GenDecl).Specs {
			if spec, ok := spec.(*ast.ValueSpec); ok {
				for _, id := range spec.Names {
					list = append(list, id)
				}
			}
		}
	}
	return list
}

// Unlabel is a statement without its labels.
func Unlabel(s ast.Stmt) ast.Stmt {
	for {
		l, ok := s.(*ast.LabeledStmt)
		if !ok {
			return s
		}
		s = l.Stmt
	}
}

// promote makes variables of the session from those that the statements define
// at their top.
func (c *checker) promote() []types.Object {
	info := c.cell.Info
	promoted := map[types.Object]*types.Var{}
	var list []types.Object
	scope := c.env.pkg.Scope()
	saved := *scope
	for _, id := range c.topIdents() {
		old, ok := info.Defs[id].(*types.Var)
		if !ok {
			continue // a variable of the same cell, assigned again
		}
		v := types.NewVar(old.Pos(), old.Pkg(), old.Name(), old.Type())
		v.SetKind(types.PackageVar)
		// A scope gives its first object of a name itself as the parent.
		*scope = *types.NewScope(nil, token.NoPos, token.NoPos, "")
		scope.Insert(v)
		promoted[old] = v
		info.Defs[id] = v
		c.cell.Vars = append(c.cell.Vars, v)
		list = append(list, v)
	}
	*scope = saved
	if len(promoted) > 0 {
		for id, obj := range info.Uses {
			if v := promoted[obj]; v != nil {
				info.Uses[id] = v
			}
		}
	}
	return list
}
