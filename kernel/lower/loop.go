package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (l *Lowerer) forStmt(s *ast.ForStmt, label string) {
	// a loop whose variables are captured gets a variable an iteration
	var cap []*types.Var
	if a, ok := s.Init.(*ast.AssignStmt); ok && a.Tok == token.DEFINE && true {
		for _, x := range a.Lhs {
			if v := l.isNewVar(x); v != nil && l.unit.an.captured[v] {
				cap = append(cap, v)
			}
		}
	}
	l.w("{")
	l.loopBegins()
	if s.Init != nil {
		l.stmt(s.Init, "")
	}
	l.push(&ctl{kind: "loop", label: label})
	if len(cap) == 0 {
		post := ""
		if s.Post != nil {
			post = strings.TrimSpace(l.capture(func() { l.stmt(s.Post, "") }))
			if strings.Contains(post, "\n") {
				post = "func() {\n" + post + "\n}()"
			}
		}
		cond := ""
		if s.Cond != nil {
			cond = l.ex(s.Cond)
		}
		l.label(label)
		if cond == "" && post == "" {
			l.w("for {")
		} else {
			l.w("for ; %s; %s {", cond, post)
		}
		l.stmts(s.Body.List)
		l.w("}")
	} else {
		// p: pointer to this iteration's variable
		var ps []string
		for _, v := range cap {
			t := l.ty(l.subst(v.Type()))
			n := l.varName(v)
			l.helper("Cell"+mangle(t), fmt.Sprintf("func Cell%s(x %s) *%s { var y %s = x; return &y }", mangle(t), t, t, t))
			p := l.tmp()
			l.w("var %s *%s = Cell%s(%s)", p, t, mangle(t), n)
			ps = append(ps, p)
		}
		set := func(star bool, names []string) {
			for i, v := range cap {
				l.unit.rename[v] = "(*" + names[i] + ")"
			}
		}
		set(true, ps)
		cond := ""
		if s.Cond != nil {
			cond = l.ex(s.Cond)
		}
		post := l.capture(func() {
			for i, v := range cap {
				t := l.ty(l.subst(v.Type()))
				l.w("%s = Cell%s(*%s)", ps[i], mangle(t), ps[i])
			}
			if s.Post != nil {
				l.stmt(s.Post, "")
			}
		})
		l.label(label)
		l.w("for ; %s; func() {\n%s}() {", cond, post)
		var qs []string
		for i, v := range cap {
			q := l.tmp()
			l.w("var %s *%s = %s", q, l.ty(l.subst(v.Type())), ps[i])
			qs = append(qs, q)
		}
		set(true, qs)
		l.stmts(s.Body.List)
		l.w("}")
		for _, v := range cap {
			delete(l.unit.rename, v)
		}
	}
	l.pop()
	l.w("}")
}

// loopBegins notes the place of an outermost loop, by a call that does nothing:
// a loop without calls leaves no other trace of where an interrupt found it.
func (l *Lowerer) loopBegins() {
	for _, c := range l.unit.fc.ctl {
		if c.kind == "loop" {
			return
		}
	}
	l.w("rt.Loop()")
}

func (l *Lowerer) rangeStmt(s *ast.RangeStmt, label string) {
	xt := l.T(s.X)
	blank := func(e ast.Expr) bool {
		if e == nil {
			return true
		}
		id, ok := e.(*ast.Ident)
		return ok && id.Name == "_"
	}
	// bind writes the assignment of an iteration value
	bind := func(e ast.Expr, val string, t types.Type) {
		if blank(e) {
			return
		}
		if id, ok := e.(*ast.Ident); ok && s.Tok == token.DEFINE {
			vt := l.subst(l.unit.info.Defs[id].Type())
			l.declare(id, vt, l.conv(val, t, vt))
			return
		}
		l.assign1(e, val, t)
	}
	direct := func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		if !ok || s.Tok != token.DEFINE {
			return false
		}
		v := l.unit.info.Defs[id].(*types.Var)
		return !l.unit.an.captured[v] && !l.unit.an.assigned[v]
	}
	l.w("{")
	defer l.w("}")
	switch u := xt.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsInteger != 0 {
			t := types.Default(xt)
			if !blank(s.Key) && s.Tok == token.DEFINE {
				t = l.subst(l.unit.info.Defs[s.Key.(*ast.Ident)].Type())
			} else if !blank(s.Key) {
				t = l.T(s.Key)
			}
			n := l.tmp()
			l.decl(n, l.ty(t), l.exTo(s.X, t))
			l.push(&ctl{kind: "loop", label: label})
			h := l.tmp()
			dir := !blank(s.Key) && direct(s.Key)
			if dir {
				h = l.varName(l.unit.info.Defs[s.Key.(*ast.Ident)].(*types.Var))
			}
			l.decl(h, l.ty(t), map[bool]string{true: "0", false: l.ty(t) + "(0)"}[l.ty(t) == "int"])
			l.label(label)
			l.w("for ; %s < %s; %s++ {", h, n, h)
			if !dir {
				bind(s.Key, h, t)
			}
			l.stmts(s.Body.List)
			l.w("}")
			l.pop()
			return
		}
	case *types.Signature:
		l.rangeFunc(s, label, u, bind)
		return
	case *types.Pointer, *types.Array:
		at, _ := u.(*types.Array)
		x := ""
		if at == nil {
			at = u.(*types.Pointer).Elem().Underlying().(*types.Array)
			if blank(s.Value) {
				x = "rt.IgnoreP(" + l.ex(s.X) + ")"
			} else {
				p := l.tmp()
				l.decl(p, l.ty(xt), l.ex(s.X))
				x = "(*" + p + ")[:]"
			}
		} else if !blank(s.Value) {
			n := l.tmp()
			l.decl(n, l.ty(xt), l.ex(s.X))
			x = n + "[:]"
		}
		if blank(s.Value) {
			if len(x) > 0 || l.unit.info.Types[s.X].Type != nil && hasCall(s.X) {
				l.decl(l.tmp(), l.ty(xt), l.ex(s.X))
			}
			h := l.tmp()
			l.push(&ctl{kind: "loop", label: label})
			l.w("var %s int = 0", h)
			l.label(label)
			l.w("for ; %s < %d; %s++ {", h, at.Len(), h)
			bind(s.Key, h, types.Typ[types.Int])
			l.stmts(s.Body.List)
			l.w("}")
			l.pop()
			return
		}
		l.rangePlain(s, label, x, types.Typ[types.Int], at.Elem(), blank, bind, direct)
		return
	case *types.Slice:
		l.rangePlain(s, label, l.ex(s.X), types.Typ[types.Int], u.Elem(), blank, bind, direct)
		return
	case *types.Map:
		l.rangePlain(s, label, l.ex(s.X), u.Key(), u.Elem(), blank, bind, direct)
		return
	case *types.Chan:
		l.rangePlain(s, label, l.chanText(s.X), u.Elem(), nil, blank, bind, direct)
		return
	}
	if b, ok := xt.Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
		x := l.exTo(s.X, types.Typ[types.String])
		x0, i, n := l.tmp(), l.tmp(), l.tmp()
		l.w("var %s string = %s", x0, x)
		l.w("var %s int = 0", i)
		l.w("var %s int = 0", n)
		l.push(&ctl{kind: "loop", label: label})
		l.label(label)
		l.w("for ; %s < len(%s); %s = %s {", i, x0, i, n)
		if blank(s.Value) {
			l.w("%s = rt.NextRune(%s, %s)", n, x0, i)
		} else {
			r, w := l.tmp(), l.tmp()
			l.w("%s, %s := rt.Rune(%s, %s)", r, w, x0, i)
			l.w("%s = %s", n, w)
			if s.Tok == token.ASSIGN && !blank(s.Key) {
				h := l.holdLhs([]ast.Expr{s.Key, s.Value})
				l.assign1(h[0], i, types.Typ[types.Int])
				l.assign1(h[1], r, types.Typ[types.Rune])
			} else {
				if !blank(s.Key) {
					bind(s.Key, i, types.Typ[types.Int])
				}
				bind(s.Value, r, types.Typ[types.Rune])
			}
		}
		if blank(s.Value) && !blank(s.Key) {
			bind(s.Key, i, types.Typ[types.Int])
		}
		l.stmts(s.Body.List)
		l.w("}")
		l.pop()
		return
	}
	panic(fmt.Sprintf("lower: range over %v", xt))
}

func (l *Lowerer) rangePlain(s *ast.RangeStmt, label, x string, kt, vt types.Type, blank func(ast.Expr) bool, bind func(ast.Expr, string, types.Type), direct func(ast.Expr) bool) {
	x0 := l.tmp()
	xt := l.T(s.X)
	if _, ok := isPtr(xt); ok || strings.HasSuffix(x, "[:]") {
		l.w("%s := %s", x0, x)
	} else {
		l.decl(x0, l.ty(types.Default(xt).Underlying()), x)
	}
	k, v := "_", ""
	kd, vd := false, false
	if !blank(s.Key) {
		if kd = direct(s.Key); kd {
			k = l.varName(l.unit.info.Defs[s.Key.(*ast.Ident)].(*types.Var))
		} else {
			k = l.tmp()
		}
	}
	if !blank(s.Value) {
		if vd = direct(s.Value); vd {
			v = l.varName(l.unit.info.Defs[s.Value.(*ast.Ident)].(*types.Var))
		} else {
			v = l.tmp()
		}
	}
	chv := ""
	if vt != nil && v != "" {
		if _, ok := vt.Underlying().(*types.Chan); ok {
			// yaegi takes a range with a channel value variable for a range over a channel
			if k == "_" {
				k = l.tmp()
				kd = true
			}
			chv = v
			v = ""
		}
	}
	l.push(&ctl{kind: "loop", label: label})
	l.label(label)
	switch {
	case k == "_" && v == "":
		l.w("for range %s {", x0)
	case v == "":
		l.w("for %s := range %s {", k, x0)
	default:
		l.w("for %s, %s := range %s {", k, v, x0)
	}
	if chv != "" {
		v = chv
		l.decl(v, l.ty(vt), x0+"["+k+"]")
	}
	if s.Tok == token.ASSIGN && !blank(s.Key) && !blank(s.Value) {
		h := l.holdLhs([]ast.Expr{s.Key, s.Value})
		l.assign1(h[0], k, kt)
		l.assign1(h[1], v, vt)
		kd, vd = true, true
	}
	if k != "_" && !kd {
		bind(s.Key, k, kt)
	}
	if v != "" && !vd {
		bind(s.Value, v, vt)
	}
	l.stmts(s.Body.List)
	l.w("}")
	l.pop()
}

func (l *Lowerer) rangeFunc(s *ast.RangeStmt, label string, sig *types.Signature, bind func(ast.Expr, string, types.Type)) {
	yield := sig.Params().At(0).Type().Underlying().(*types.Signature)
	st, done := l.tmp(), l.tmp()
	l.w("var %s int = 0", st)
	l.w("var %s int = 0", done)
	c := &ctl{kind: "rf", label: label, st: st, here: labelsIn(s.Body)}
	l.push(c)
	var ps, ns []string
	for i := 0; i < yield.Params().Len(); i++ {
		n := l.tmp()
		ns = append(ns, n)
		ps = append(ps, n+" "+l.ty(yield.Params().At(i).Type()))
	}
	body := l.capture(func() {
		for i, e := range []ast.Expr{s.Key, s.Value} {
			if e != nil {
				bind(e, ns[i], yield.Params().At(i).Type())
			}
		}
		l.stmts(s.Body.List)
	})
	l.pop()
	b := l.tmp()
	l.w("%s := func(%s) bool {\n%s\nreturn true\n}", b, strings.Join(ps, ", "), body)
	l.w("%s(func(%s) bool { if %s != 0 { rt.IterState(%s) }; %s = 3; if %s(%s) { %s = 0; return true }; %s = 1; return false })", l.ex(s.X), strings.Join(ps, ", "), done, done, done, b, strings.Join(ns, ", "), done, done)
	l.w("if %s == 3 { rt.IterState(5) }", done)
	l.w("%s = 4", done)
	for i, x := range c.exits {
		l.w("if %s == %d {", st, i+1)
		if x.tok == token.RETURN {
			if rf := l.rf(); rf != nil {
				l.w("%s = %d; return false", rf.st, rf.exit(token.RETURN, ""))
			} else {
				l.bareReturn()
			}
		} else {
			l.branch(x.tok, x.label)
		}
		l.w("}")
	}
}

func labelsIn(body *ast.BlockStmt) map[string]bool {
	list := map[string]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		if s, ok := n.(*ast.LabeledStmt); ok {
			list[s.Label.Name] = true
		}
		_, inner := n.(*ast.FuncLit)
		return !inner
	})
	return list
}

func hasRangeFunc(info *types.Info, n ast.Node) bool {
	r := false
	ast.Inspect(n, func(n ast.Node) bool {
		if x, ok := n.(*ast.RangeStmt); ok {
			t := info.TypeOf(x.X)
			if t != nil {
				switch types.Unalias(t).(type) {
				case *types.TypeParam:
					r = true
				}
				if _, ok := t.Underlying().(*types.Signature); ok {
					r = true
				}
			}
		}
		return true
	})
	return r
}
