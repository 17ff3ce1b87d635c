package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// statements returns the function that holds the cell's statements. A last
// expression is assigned to the blank identifier there, since Go has no
// expression statements but calls and receives.
func (c *checker) statements() *ast.FuncDecl {
	fn, list := c.src.body, c.src.stmts
	if len(list) == 0 {
		return fn
	}
	last, ok := list[len(list)-1].(*ast.ExprStmt)
	if !ok {
		return fn
	}
	c.result = last
	switch x := ast.Unparen(last.X).(type) {
	case *ast.CallExpr:
		return fn // it may have no value, or several
	case *ast.UnaryExpr:
		if x.Op == token.ARROW {
			return fn
		}
	}
	list = append(slices.Clone(list[:len(list)-1]), &ast.AssignStmt{
		Lhs: []ast.Expr{&ast.Ident{Name: "_", NamePos: last.Pos()}},
		Tok: token.ASSIGN, TokPos: last.Pos(),
		Rhs: []ast.Expr{last.X},
	})
	shown := *fn
	shown.Body = &ast.BlockStmt{Lbrace: fn.Body.Lbrace, List: list, Rbrace: fn.Body.Rbrace}
	return &shown
}

// topIdents are the idents that the statements declare, or assign again with
// :=, at their top.
func (c *checker) topIdents() []*ast.Ident {
	var list []*ast.Ident
	add := func(x ast.Expr) {
		if id, ok := x.(*ast.Ident); ok && id.Name != "_" {
			list = append(list, id)
		}
	}
	for _, s := range c.src.stmts {
		for {
			l, ok := s.(*ast.LabeledStmt)
			if !ok {
				break
			}
			s = l.Stmt
		}
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				for _, x := range s.Lhs {
					add(x)
				}
			}
		case *ast.DeclStmt:
			for _, spec := range s.Decl.(*ast.GenDecl).Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok {
					for _, id := range spec.Names {
						add(id)
					}
				}
			}
		}
	}
	return list
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
