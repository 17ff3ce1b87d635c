package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (l *Lowerer) switchStmt(s *ast.SwitchStmt, label string) {
	l.w("{")
	if s.Init != nil {
		l.stmt(s.Init, "")
	}
	tag := ""
	var tt types.Type
	if s.Tag != nil {
		tt = types.Default(l.T(s.Tag))
		tag = l.tmp()
		l.decl(tag, l.ty(tt), l.exTo(s.Tag, tt))
	}
	ft, mid := false, false
	for i, c := range s.Body.List {
		cc := c.(*ast.CaseClause)
		if n := len(cc.Body); n > 0 {
			if b, ok := cc.Body[n-1].(*ast.BranchStmt); ok && b.Tok == token.FALLTHROUGH {
				ft = true
			}
		}
		mid = mid || cc.List == nil && i < len(s.Body.List)-1
	}
	k := l.tmp()
	if ft || mid {
		// choose the clause first, then run from there
		l.w("var %s int = -1", k)
		def := -1
		l.w("switch {")
		for i, c := range s.Body.List {
			cc := c.(*ast.CaseClause)
			if cc.List == nil {
				def = i
				continue
			}
			l.w("case %s:", l.caseCond(cc, tag, tt))
			l.w("%s = %d", k, i)
		}
		l.w("default:\n%s = %d\n}", k, def)
		l.push(&ctl{kind: "switch", label: label})
		l.label(label)
		l.w("switch {\ndefault:")
		for i, c := range s.Body.List {
			cc := c.(*ast.CaseClause)
			l.w("if %s == %d {", k, i)
			for _, b := range cc.Body {
				if br, ok := b.(*ast.BranchStmt); ok && br.Tok == token.FALLTHROUGH {
					l.w("%s = %d", k, i+1)
					continue
				}
				l.stmt(b, "")
			}
			l.w("}")
		}
		l.w("}")
		l.pop()
		l.w("}")
		return
	}
	l.push(&ctl{kind: "switch", label: label})
	l.label(label)
	l.w("switch {")
	for _, c := range s.Body.List {
		cc := c.(*ast.CaseClause)
		if cc.List == nil {
			l.w("default:")
		} else {
			l.w("case %s:", l.caseCond(cc, tag, tt))
		}
		l.stmts(cc.Body)
	}
	l.w("}")
	l.pop()
	l.w("}")
}

func (l *Lowerer) caseCond(cc *ast.CaseClause, tag string, tt types.Type) string {
	var p []string
	for _, e := range cc.List {
		if tag == "" {
			if isIface(l.T(e)) {
				p = append(p, "rt.Eq("+l.ex(e)+", true)")
				continue
			}
			p = append(p, l.ex(e))
			continue
		}
		et := l.T(e)
		switch {
		case untypedNil(et):
			p = append(p, "("+tag+" == nil)")
		case isIface(tt) && !isIface(et):
			p = append(p, "rt.Eq("+tag+", "+l.exTo(e, tt)+")")
		case isIface(et) && !isIface(tt):
			p = append(p, "rt.Eq("+l.conv(tag, tt, et)+", "+l.ex(e)+")")
		default:
			p = append(p, l.equalText(tag, l.exTo(e, tt), tt))
		}
	}
	return strings.Join(p, " || ")
}

// selectStmt evaluates channels and values in source order, has compiled code
// choose, and then runs the clause chosen.
func (l *Lowerer) selectStmt(s *ast.SelectStmt, label string) {
	l.w("{")
	var chans, values []string
	dirs, numbers := "", make([]int, len(s.Body.List))
	def := -1
	for i, c := range s.Body.List {
		comm := c.(*ast.CommClause).Comm
		if comm == nil {
			def = i
			continue
		}
		numbers[i] = len(chans)
		ch, value := l.commOperands(comm)
		chans, values = append(chans, ch), append(values, value)
		if value == "nil" {
			dirs += "r"
		} else {
			dirs += "s"
		}
	}
	k, v, ok := l.tmp(), l.tmp(), l.tmp()
	l.at(s.Pos())
	l.w("%s, %s, %s := rt.Select(%v, %q, []interface{}{%s}, []interface{}{%s})", k, v, ok, def >= 0, dirs, strings.Join(chans, ", "), strings.Join(values, ", "))
	l.w("_, _, _ = %s, %s, %s", k, v, ok)
	l.push(&ctl{kind: "select", label: label})
	l.label(label)
	l.w("switch {")
	for i, c := range s.Body.List {
		cc := c.(*ast.CommClause)
		if i == def {
			l.w("default:")
		} else {
			l.w("case %s == %d:", k, numbers[i])
		}
		if a, isAssign := cc.Comm.(*ast.AssignStmt); isAssign {
			l.commAssign(a, v, ok)
		}
		l.stmts(cc.Body)
	}
	l.w("}")
	l.pop()
	l.w("}")
}

// commOperands evaluates the channel of a clause and the value that it sends,
// "nil" if it receives.
func (l *Lowerer) commOperands(comm ast.Stmt) (ch, value string) {
	ch = l.tmp()
	recv := func(e ast.Expr) {
		u := ast.Unparen(e).(*ast.UnaryExpr)
		l.decl(ch, l.ty(l.T(u.X).Underlying()), l.ex(u.X))
	}
	switch x := comm.(type) {
	case *ast.SendStmt:
		elem := l.T(x.Chan).Underlying().(*types.Chan).Elem()
		l.decl(ch, l.ty(l.T(x.Chan).Underlying()), l.ex(x.Chan))
		value = l.tmp()
		l.decl(value, l.ty(elem), l.exTo(x.Value, elem))
		return ch, value
	case *ast.ExprStmt:
		recv(x.X)
	case *ast.AssignStmt:
		recv(x.Rhs[0])
	}
	return ch, "nil"
}

// commAssign gives the variables of a receiving clause what was received.
func (l *Lowerer) commAssign(a *ast.AssignStmt, v, ok string) {
	u := ast.Unparen(a.Rhs[0]).(*ast.UnaryExpr)
	elem := l.T(u.X).Underlying().(*types.Chan).Elem()
	for i, lhs := range a.Lhs {
		val, t := ok, types.Type(types.Typ[types.Bool])
		if i == 0 {
			val, t = l.cast(v, elem), elem
		}
		id, isIdent := lhs.(*ast.Ident)
		switch {
		case isIdent && id.Name == "_":
		case isIdent && a.Tok == token.DEFINE && l.isNewVar(lhs) != nil:
			vt := l.subst(l.unit.info.Defs[id].Type())
			l.declare(id, vt, l.conv(val, t, vt))
		default:
			l.assign1(lhs, val, t)
		}
	}
}
