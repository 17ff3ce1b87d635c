package lower

import (
	"fmt"
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

func (l *Lowerer) selectStmt(s *ast.SelectStmt, label string) {
	l.w("{")
	type comm struct {
		head string
		body func()
		vars [][2]string
	}
	var cs []comm
	for _, c := range s.Body.List {
		cc := c.(*ast.CommClause)
		switch x := cc.Comm.(type) {
		case nil:
			cs = append(cs, comm{"default:", func() {}, nil})
		case *ast.SendStmt:
			ct := l.T(x.Chan).Underlying().(*types.Chan)
			ch, v := l.tmp(), l.tmp()
			l.decl(ch, l.ty(l.T(x.Chan).Underlying()), l.ex(x.Chan))
			l.decl(v, l.ty(ct.Elem()), l.exTo(x.Value, ct.Elem()))
			cs = append(cs, comm{"case " + ch + " <- " + v + ":", func() {}, nil})
		case *ast.ExprStmt:
			u := ast.Unparen(x.X).(*ast.UnaryExpr)
			ch := l.tmp()
			l.decl(ch, l.ty(l.T(u.X).Underlying()), l.ex(u.X))
			cs = append(cs, comm{"case <-" + ch + ":", func() {}, nil})
		case *ast.AssignStmt:
			u := ast.Unparen(x.Rhs[0]).(*ast.UnaryExpr)
			ch := l.tmp()
			ct := l.T(u.X).Underlying().(*types.Chan)
			l.decl(ch, l.ty(l.T(u.X).Underlying()), l.ex(u.X))
			v, ok := l.tmp(), l.tmp()
			sv, sok := v, ok
			v, ok = l.tmp(), l.tmp()
			l.w("var %s %s", v, l.ty(ct.Elem()))
			l.w("var %s bool", ok)
			vars := [][2]string{{v, sv}, {ok, sok}}[:len(x.Lhs)]
			head := "case " + sv + " := <-" + ch + ":"
			if id, ok := x.Lhs[0].(*ast.Ident); ok && id.Name == "_" && len(x.Lhs) == 1 {
				head = "case <-" + ch + ":"
				vars = nil
			}
			if len(x.Lhs) == 2 {
				head = "case " + sv + ", " + sok + " := <-" + ch + ":"
			}
			cs = append(cs, comm{head, func() {
				for i, lh := range x.Lhs {
					n, t := v, types.Type(ct.Elem())
					if i == 1 {
						n, t = ok, types.Typ[types.Bool]
					}
					if id, isid := lh.(*ast.Ident); isid {
						if id.Name == "_" {
							continue
						}
						if x.Tok == token.DEFINE && l.isNewVar(lh) != nil {
							vt := l.subst(l.unit.info.Defs[id].Type())
							l.declare(id, vt, l.conv(n, t, vt))
							continue
						}
					}
					l.assign1(lh, n, t)
				}
			}, vars})
		}
	}
	// yaegi's labelled break does not leave a select: choose first, run the body after
	k := l.tmp()
	l.w("var %s int = -1", k)
	var pre []string
	for i := range cs {
		pre = append(pre, fmt.Sprintf("%s\n%s = %d", cs[i].head, k, i))
	}
	l.w("select {")
	for i := range cs {
		for _, d := range cs[i].vars {
			_ = d
		}
		l.w("%s", pre[i])
		for _, d := range cs[i].vars {
			l.w("%s = %s", d[0], d[1])
		}
	}
	l.w("}")
	l.push(&ctl{kind: "select", label: label})
	l.label(label)
	l.w("switch {")
	for i, c := range s.Body.List {
		l.w("case %s == %d:", k, i)
		cs[i].body()
		l.stmts(c.(*ast.CommClause).Body)
	}
	l.w("}")
	l.pop()
	l.w("}")
}
