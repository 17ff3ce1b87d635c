package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (l *Lowerer) isNewVar(e ast.Expr) *types.Var {
	if id, ok := e.(*ast.Ident); ok {
		if v, ok := l.unit.info.Defs[id].(*types.Var); ok {
			return v
		}
	}
	return nil
}

func (l *Lowerer) assign(s *ast.AssignStmt) {
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		op := s.Tok.String()
		l.opAssign(s.Lhs[0], op[:len(op)-1], s.Rhs[0])
		return
	}
	def := s.Tok == token.DEFINE
	set := func(lhs ast.Expr, val string, from types.Type) {
		if id, ok := lhs.(*ast.Ident); ok && def && l.isNewVar(lhs) != nil {
			t := l.subst(l.unit.info.Defs[id].Type())
			l.declare(id, t, l.conv(val, from, t))
			return
		}
		l.assign1(lhs, val, from)
	}
	if len(s.Lhs) == 1 && len(s.Rhs) == 1 {
		lhs, rhs := s.Lhs[0], s.Rhs[0]
		if id, ok := lhs.(*ast.Ident); ok {
			if id.Name == "_" && l.unit.info.Defs[id] == nil {
				t := types.Default(l.T(rhs))
				if untypedNil(t) {
					return
				}
				l.decl(l.tmp(), l.ty(t), l.exTo(rhs, t))
				return
			}
			if def && l.isNewVar(lhs) != nil {
				t := l.subst(l.unit.info.Defs[id].Type())
				l.declare(id, t, l.exTo(rhs, t))
				return
			}
		}
		t := l.T(lhs)
		l.store(lhs, l.exTo(rhs, t), t)
		return
	}
	if len(s.Rhs) == 1 {
		lhs := s.Lhs
		if !def {
			lhs = l.holdLhs(s.Lhs)
		}
		ns, ts := l.tuple(s.Rhs[0], len(s.Lhs))
		for i := range lhs {
			if id, ok := lhs[i].(*ast.Ident); ok && id.Name == "_" {
				continue
			}
			set(lhs[i], ns[i], ts[i])
		}
		return
	}
	lhs := s.Lhs
	if !def {
		lhs = l.holdLhs(s.Lhs)
	}
	var ns []string
	var ts []types.Type
	for i, r := range s.Rhs {
		var t types.Type
		if id, ok := s.Lhs[i].(*ast.Ident); ok && id.Name == "_" {
			t = types.Default(l.T(r))
		} else if v := l.isNewVar(s.Lhs[i]); v != nil && def {
			t = l.subst(v.Type())
		} else {
			t = l.T(s.Lhs[i])
		}
		n := l.tmp()
		if untypedNil(t) {
			l.w("var %s interface{}", n)
		} else {
			l.decl(n, l.ty(t), l.exTo(r, t))
		}
		ns, ts = append(ns, n), append(ts, t)
	}
	for i := range lhs {
		if id, ok := lhs[i].(*ast.Ident); ok && id.Name == "_" {
			continue
		}
		set(lhs[i], ns[i], ts[i])
	}
}

// fake makes an identifier that stands for a temp.
func (l *Lowerer) fake(name string, t types.Type) *ast.Ident {
	id := ast.NewIdent("tmp")
	v := types.NewVar(token.NoPos, nil, "tmp", t)
	l.unit.info.Uses[id] = v
	l.unit.info.Types[id] = types.TypeAndValue{Type: t}
	l.unit.rename[v] = name
	return id
}

// holdExpr evaluates e into a temp, unless it is a constant.
func (l *Lowerer) holdExpr(e ast.Expr, t types.Type) ast.Expr {
	if tv := l.unit.info.Types[e]; tv.Value != nil {
		return e
	}
	n := l.tmp()
	l.decl(n, l.ty(t), l.exTo(e, t))
	return l.fake(n, t)
}

// holdLhs evaluates the operands of the left sides first.
func (l *Lowerer) holdLhs(list []ast.Expr) []ast.Expr {
	var out []ast.Expr
	for _, e := range list {
		out = append(out, l.holdOperand(e))
	}
	return out
}

func (l *Lowerer) holdOperand(e ast.Expr) ast.Expr {
	switch x := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		c := *x
		t := l.T(x.X)
		switch u := t.Underlying().(type) {
		case *types.Map:
			c.X = l.holdExpr(x.X, t)
			c.Index = l.holdExpr(x.Index, u.Key())
		case *types.Array:
			c.X = l.holdOperand(x.X)
			c.Index = l.holdExpr(x.Index, types.Default(l.T(x.Index)))
		default:
			c.X = l.holdExpr(x.X, t)
			c.Index = l.holdExpr(x.Index, types.Default(l.T(x.Index)))
		}
		l.unit.info.Types[&c] = l.unit.info.Types[x]
		return &c
	case *ast.StarExpr:
		c := *x
		c.X = l.holdExpr(x.X, l.T(x.X))
		l.unit.info.Types[&c] = l.unit.info.Types[x]
		return &c
	case *ast.SelectorExpr:
		if _, ok := l.unit.info.Selections[x]; !ok {
			return x
		}
		c := *x
		t := l.T(x.X)
		if _, ok := isPtr(t); ok {
			c.X = l.holdExpr(x.X, t)
		} else {
			c.X = l.holdOperand(x.X)
		}
		l.unit.info.Types[&c] = l.unit.info.Types[x]
		l.unit.info.Selections[&c] = l.unit.info.Selections[x]
		return &c
	}
	return e
}

func (l *Lowerer) opAssign(lhs ast.Expr, op string, rhs ast.Expr) {
	t := l.T(lhs)
	simple := false
	lhs = ast.Unparen(lhs)
	if _, ok := lhs.(*ast.Ident); ok {
		simple = true
	}
	if !simple && !(plainPlace(lhs, l.unit.info) && (rhs == nil || !hasCall(rhs))) {
		lhs = l.holdOperand(lhs)
	}
	var y string
	switch {
	case rhs == nil:
		y = l.ty(t) + "(1)"
		if l.ty(t) == "int" {
			y = "1"
		} else if strings.HasPrefix(l.ty(t), "complex") {
			y = "rt.C128(1.0, 0.0)"
			if l.ty(t) == "complex64" {
				y = "rt.C64(1.0, 0.0)"
			}
		}
	case op == "<<" || op == ">>":
		y = l.shiftCount(rhs)
	default:
		y = l.exTo(rhs, t)
	}
	if op == "&^" {
		op, y = "&", "(^"+y+")"
	}
	if simple && rhs == nil && l.ty(t) == "int" {
		l.w("%s%s%s", l.ex(lhs), op, op)
		return
	}
	if simple {
		l.w("%s %s= %s", l.ex(lhs), op, y)
		return
	}
	l.store(lhs, l.ex(lhs)+" "+op+" "+y, t)
}

func (l *Lowerer) assign1(lhs ast.Expr, val string, from types.Type) {
	if id, ok := lhs.(*ast.Ident); ok && id.Name == "_" {
		l.w("_ = %s", val)
		return
	}
	t := l.T(lhs)
	s := l.conv(val, from, t)
	l.store(lhs, s, t)
}

func (l *Lowerer) declare(id *ast.Ident, t types.Type, val string) {
	v := l.unit.info.Defs[id].(*types.Var)
	if id.Name == "_" {
		if val != "" {
			l.decl(l.tmp(), l.ty(t), val)
		}
		return
	}
	if l.gvars[v] != "" || l.unit.globals[v] {
		if val == "" {
			val = l.zero(t)
		}
		l.w("%s = %s", l.varName(v), l.holdFunc(val, t))
		return
	}
	if val == "" {
		l.w("var %s %s", l.varName(v), l.ty(t))
		return
	}
	l.decl(l.varName(v), l.ty(t), val)
}

// decl declares a variable. yaegi gives no fresh storage to a variable initialised by a composite literal.
func (l *Lowerer) decl(name, ty, val string) {
	if strings.HasSuffix(val, "}") && !strings.HasPrefix(val, "func(") {
		l.w("var %s %s", name, ty)
		l.w("%s = %s", name, val)
		return
	}
	l.w("var %s %s = %s", name, ty, val)
}

// tuple returns the texts and types of a multi-valued expression's values, having written temps.
func (l *Lowerer) tuple(e ast.Expr, n int) ([]string, []types.Type) {
	e = ast.Unparen(e)
	var names []string
	for i := 0; i < n; i++ {
		names = append(names, l.tmp())
	}
	switch x := e.(type) {
	case *ast.CallExpr:
		tup := l.T(x).(*types.Tuple)
		l.w("%s := %s", strings.Join(names, ", "), l.ex(x))
		var ts []types.Type
		for i := 0; i < n; i++ {
			ts = append(ts, tup.At(i).Type())
		}
		return names, ts
	case *ast.IndexExpr:
		m := l.T(x.X).Underlying().(*types.Map)
		l.w("%s, %s := %s[%s]", names[0], names[1], l.ex(x.X), l.exTo(x.Index, m.Key()))
		return names, []types.Type{m.Elem(), types.Typ[types.Bool]}
	case *ast.TypeAssertExpr:
		t := l.T(x.Type)
		l.w("%s, %s := %s", names[0], names[1], l.asOk(l.ex(x.X), t))
		return names, []types.Type{t, types.Typ[types.Bool]}
	case *ast.UnaryExpr:
		c := l.T(x.X).Underlying().(*types.Chan)
		l.w("%s, %s := <-%s", names[0], names[1], l.chanText(x.X))
		return names, []types.Type{c.Elem(), types.Typ[types.Bool]}
	}
	panic(fmt.Sprintf("lower: tuple of %T", e))
}

// plainPlace reports whether e can be written twice: variables, their fields,
// and elements whose index is a variable or a constant.
func plainPlace(e ast.Expr, info *types.Info) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return plainPlace(x.X, info)
	case *ast.IndexExpr:
		if info.Types[x.Index].Value == nil {
			if _, ok := ast.Unparen(x.Index).(*ast.Ident); !ok {
				return false
			}
		}
		return plainPlace(x.X, info)
	}
	return false
}
