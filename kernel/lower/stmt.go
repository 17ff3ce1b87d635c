package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

type ctl struct {
	kind  string // loop switch select rf
	label string
	st    string
	exits []exit
	here  map[string]bool // labels inside of the body of an rf
}

type exit struct {
	tok   token.Token
	label string
}

// fctx is the function being written.
type fctx struct {
	sig   *types.Signature
	res   []string // names of its results, if they have some here
	named bool
	ctl   []*ctl
	d     string // the list of deferred calls
	rec   string // the panic this function may recover
}

func (l *Lowerer) w(f string, a ...any) {
	if len(a) == 0 {
		l.unit.b.WriteString(f)
	} else {
		fmt.Fprintf(l.unit.b, f, a...)
	}
	l.unit.b.WriteByte('\n')
}

// capture runs f with a fresh buffer.
func (l *Lowerer) capture(f func()) string {
	old := l.unit.b
	l.unit.b = &strings.Builder{}
	f()
	s := l.unit.b.String()
	l.unit.b = old
	return s
}

// params writes the parameter list and results of a function.
func (l *Lowerer) params(ft *ast.FuncType, recv *ast.FieldList, sig *types.Signature, body *ast.BlockStmt) (string, []string, bool) {
	var ps []string
	add := func(fl *ast.FieldList) {
		if fl == nil {
			return
		}
		for _, f := range fl.List {
			t := l.unit.info.TypeOf(f.Type)
			if el, ok := f.Type.(*ast.Ellipsis); ok {
				t = types.NewSlice(l.unit.info.TypeOf(el.Elt))
			}
			t = l.subst(t)
			if len(f.Names) == 0 {
				ps = append(ps, l.tmp()+" "+l.ty(t))
			}
			for _, n := range f.Names {
				name := l.tmp()
				if n.Name != "_" {
					name = l.varName(l.unit.info.Defs[n].(*types.Var))
				}
				ps = append(ps, name+" "+l.ty(t))
			}
		}
	}
	add(recv)
	add(ft.Params)
	var res []string
	named := false
	if ft.Results != nil {
		for _, f := range ft.Results.List {
			for _, n := range f.Names {
				named = true
				if n.Name == "_" {
					res = append(res, l.tmp())
				} else {
					res = append(res, l.varName(l.unit.info.Defs[n].(*types.Var)))
				}
			}
		}
		if !named && (hasRangeFunc(l.unit.info, body) || hasDefer(body)) {
			for i := 0; i < sig.Results().Len(); i++ {
				res = append(res, l.tmp())
			}
		}
	}
	return "(" + strings.Join(ps, ", ") + ")" + l.resTail(sig.Results(), res), res, named
}

// own walks a body without its function literals.
func own(body ast.Node, f func(ast.Node)) {
	ast.Inspect(body, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok && n != body {
			return false
		}
		if n != nil {
			f(n)
		}
		return true
	})
}

func hasDefer(body ast.Node) bool {
	r := false
	own(body, func(n ast.Node) {
		if _, ok := n.(*ast.DeferStmt); ok {
			r = true
		}
	})
	return r
}

func hasRecover(info *types.Info, body ast.Node) bool {
	r := false
	own(body, func(n ast.Node) {
		if c, ok := n.(*ast.CallExpr); ok {
			if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok && id.Name == "recover" && info.Types[c.Fun].IsBuiltin() {
				r = true
			}
		}
	})
	return r
}

func (l *Lowerer) funcLit(e *ast.FuncLit) string {
	sig := l.T(e).(*types.Signature)
	p, res, named := l.params(e.Type, nil, sig, e.Body)
	return "func" + p + " {\n" + l.funcBody(sig, res, named, e.Body) + "}"
}

func (l *Lowerer) stmts(list []ast.Stmt) {
	for _, s := range list {
		l.stmt(s, "")
	}
}

func (l *Lowerer) block(list []ast.Stmt) {
	l.w("{")
	l.stmts(list)
	l.w("}")
}

func (l *Lowerer) stmt(s ast.Stmt, label string) {
	if s != nil {
		l.at(s.Pos())
	}
	switch s := s.(type) {
	case nil, *ast.EmptyStmt:
	case *ast.BlockStmt:
		if label != "" {
			l.unit.fc.ctl = append(l.unit.fc.ctl, &ctl{kind: "block", label: label})
			l.w("switch {\ndefault:")
			l.stmts(s.List)
			l.w("}")
			l.unit.fc.ctl = l.unit.fc.ctl[:len(l.unit.fc.ctl)-1]
			return
		}
		l.block(s.List)
	case *ast.ExprStmt:
		x := ast.Unparen(s.X)
		if c, ok := x.(*ast.CallExpr); ok {
			l.w("%s", l.call(c))
			return
		}
		l.w("_ = %s", l.ex(x))
	case *ast.DeclStmt:
		g := s.Decl.(*ast.GenDecl)
		if g.Tok != token.VAR {
			return
		}
		for _, sp := range g.Specs {
			v := sp.(*ast.ValueSpec)
			switch {
			case len(v.Values) == 0:
				for _, n := range v.Names {
					if n.Name != "_" {
						l.declare(n, l.subst(l.unit.info.Defs[n].Type()), "")
					}
				}
			case len(v.Values) == len(v.Names):
				for i, n := range v.Names {
					t := l.subst(l.unit.info.Defs[n].Type())
					l.declare(n, t, l.exTo(v.Values[i], t))
				}
			default:
				ns, ts := l.tuple(v.Values[0], len(v.Names))
				for i, n := range v.Names {
					if n.Name == "_" {
						continue
					}
					t := l.subst(l.unit.info.Defs[n].Type())
					l.declare(n, t, l.conv(ns[i], ts[i], t))
				}
			}
		}
	case *ast.AssignStmt:
		l.assign(s)
	case *ast.IncDecStmt:
		op := map[token.Token]string{token.INC: "+", token.DEC: "-"}[s.Tok]
		l.opAssign(s.X, op, nil)
	case *ast.GoStmt:
		call := l.deferred(s.Call)
		n := l.tmp()
		var p token.Position
		if !l.unit.std {
			p = l.fset.Position(s.Pos())
		}
		l.w("var %s func() = func() { %s }", n, call)
		l.w("rt.Go(\"%d:%d:%d\", %s)", l.count.cell, p.Line, p.Column, n)
	case *ast.DeferStmt:
		add := "rt.DeferN"
		if l.recovers(s.Call) {
			add = "rt.Defer"
		}
		call := l.deferred(s.Call)
		n := l.tmp()
		l.w("var %s func() = func() { %s }", n, call)
		l.w("%s(%s, %s)", add, l.unit.fc.d, n)
	case *ast.SendStmt:
		c := l.T(s.Chan).Underlying().(*types.Chan)
		l.w("%s <- %s", l.chanText(s.Chan), l.exTo(s.Value, c.Elem()))
	case *ast.ReturnStmt:
		l.returnStmt(s)
	case *ast.BranchStmt:
		lb := ""
		if s.Label != nil {
			lb = s.Label.Name
		}
		l.branch(s.Tok, lb)
	case *ast.IfStmt:
		if s.Init != nil {
			l.w("{")
			l.stmt(s.Init, "")
		}
		l.w("if %s {", l.ex(s.Cond))
		l.stmts(s.Body.List)
		switch e := s.Else.(type) {
		case nil:
			l.w("}")
		case *ast.BlockStmt:
			l.w("} else {")
			l.stmts(e.List)
			l.w("}")
		default:
			l.w("} else {")
			l.stmt(e, "")
			l.w("}")
		}
		if s.Init != nil {
			l.w("}")
		}
	case *ast.LabeledStmt:
		switch x := s.Stmt.(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			if l.unit.gotos[s.Label.Name] {
				l.w("%s_g:", s.Label.Name)
				l.w("rt.Nop()")
			}
			l.stmt(x, s.Label.Name)
		default:
			if l.unit.gotos[s.Label.Name] {
				l.w("%s_g:", s.Label.Name)
				l.w("rt.Nop()")
			}
			if b, ok := x.(*ast.BlockStmt); ok {
				l.stmt(b, s.Label.Name)
				return
			}
			l.stmt(x, "")
		}
	case *ast.SwitchStmt:
		l.switchStmt(s, label)
	case *ast.TypeSwitchStmt:
		l.typeSwitch(s, label)
	case *ast.SelectStmt:
		l.selectStmt(s, label)
	case *ast.ForStmt:
		l.forStmt(s, label)
	case *ast.RangeStmt:
		l.rangeStmt(s, label)
	default:
		panic(fmt.Sprintf("lower: statement %T", s))
	}
}

func (l *Lowerer) push(c *ctl) { l.unit.fc.ctl = append(l.unit.fc.ctl, c) }

func (l *Lowerer) pop() { l.unit.fc.ctl = l.unit.fc.ctl[:len(l.unit.fc.ctl)-1] }

func (l *Lowerer) label(label string) {
	if label != "" {
		l.w("%s_l:", label)
	}
}

func (l *Lowerer) branch(tok token.Token, label string) {
	switch tok {
	case token.FALLTHROUGH:
		l.w("fallthrough")
		return
	case token.GOTO:
		for i := len(l.unit.fc.ctl) - 1; i >= 0; i-- {
			if c := l.unit.fc.ctl[i]; c.kind == "rf" {
				if c.here[label] {
					break
				}
				l.w("%s = %d; return false", c.st, c.exit(tok, label))
				return
			}
		}
		l.w("goto %s_g", label)
		return
	}
	for i := len(l.unit.fc.ctl) - 1; i >= 0; i-- {
		c := l.unit.fc.ctl[i]
		hit := label != "" && c.label == label || label == "" && (tok == token.BREAK && c.kind != "block" || tok == token.CONTINUE && (c.kind == "loop" || c.kind == "rf"))
		if c.kind == "rf" {
			if hit {
				l.w("return %v", tok == token.CONTINUE)
				return
			}
			l.w("%s = %d; return false", c.st, c.exit(tok, label))
			return
		}
		if hit {
			if label != "" {
				l.w("%s %s_l", tok, label)
			} else {
				l.w("%s", tok)
			}
			return
		}
	}
	panic("lower: branch without target")
}

func (c *ctl) exit(tok token.Token, label string) int {
	for i, e := range c.exits {
		if e.tok == tok && e.label == label {
			return i + 1
		}
	}
	c.exits = append(c.exits, exit{tok, label})
	return len(c.exits)
}

func (l *Lowerer) rf() *ctl {
	for i := len(l.unit.fc.ctl) - 1; i >= 0; i-- {
		if l.unit.fc.ctl[i].kind == "rf" {
			return l.unit.fc.ctl[i]
		}
	}
	return nil
}

func (l *Lowerer) returnStmt(s *ast.ReturnStmt) {
	sig, rf := l.unit.fc.sig, l.rf()
	n := sig.Results().Len()
	var vals []string
	if len(s.Results) == 1 && n > 1 {
		tup := l.T(s.Results[0]).(*types.Tuple)
		ns, _ := l.tuple(s.Results[0], n)
		for i := 0; i < n; i++ {
			vals = append(vals, l.conv(ns[i], tup.At(i).Type(), sig.Results().At(i).Type()))
		}
	} else {
		for i, e := range s.Results {
			vals = append(vals, l.exTo(e, sig.Results().At(i).Type()))
		}
	}
	if rf != nil {
		if len(vals) > 0 {
			l.w("%s = %s", strings.Join(l.unit.fc.res, ", "), strings.Join(vals, ", "))
		}
		l.w("%s = %d; return false", rf.st, rf.exit(token.RETURN, ""))
		return
	}
	if l.unit.fc.res != nil && len(vals) > 0 {
		if len(vals) == 1 {
			l.w("%s = %s", l.unit.fc.res[0], l.settled(vals[0], sig.Results().At(0).Type()))
		} else {
			var ts []string
			for i, v := range vals {
				t := l.tmp()
				l.decl(t, l.ty(sig.Results().At(i).Type()), v)
				ts = append(ts, t)
			}
			for i := range ts {
				l.w("%s = %s", l.unit.fc.res[i], ts[i])
			}
		}
		l.bareReturn()
		return
	}
	if len(vals) == 0 {
		l.bareReturn()
		return
	}
	if len(vals) > 1 && hasBuiltin(l.unit.info, s.Results) { // the engine puts a builtin's result where the first one goes
		for i, v := range vals {
			t := l.tmp()
			l.decl(t, l.ty(sig.Results().At(i).Type()), v)
			vals[i] = t
		}
	}
	l.w("return %s", strings.Join(vals, ", "))
}

// bareReturn writes a return without values. The engine gives it no code of its
// own, and makes a call without end of one that begins the other branch of an
// if, or a clause of a switch, whose condition is in parentheses: so it is not
// to be the first there.
func (l *Lowerer) bareReturn() {
	text := strings.TrimRight(l.unit.b.String(), "\n")
	for strings.HasSuffix(text, "\x02") { // what at wrote
		text = strings.TrimRight(text[:strings.LastIndexByte(text, 1)], "\n")
	}
	if strings.HasSuffix(text, "else {") || strings.HasSuffix(text, ":") {
		l.w("rt.Nop()")
	}
	l.w("return")
}

// hasBuiltin reports whether one of the expressions is a call of a builtin.
func hasBuiltin(info *types.Info, list []ast.Expr) bool {
	for _, e := range list {
		if c, ok := ast.Unparen(e).(*ast.CallExpr); ok && info.Types[ast.Unparen(c.Fun)].IsBuiltin() {
			return true
		}
	}
	return false
}

// at writes the place that the text which follows comes from.
func (l *Lowerer) at(pos token.Pos) {
	if !pos.IsValid() {
		return
	}
	if l.unit.std {
		return
	}
	l.unit.pos = pos
	p := l.fset.Position(pos)
	fmt.Fprintf(l.unit.b, "\x01%d:%d\x02", p.Line, p.Column)
}

func (l *Lowerer) funcBody(sig *types.Signature, res []string, named bool, body *ast.BlockStmt) string {
	old := l.unit.fc
	l.unit.fc = &fctx{sig: sig, res: res, named: named}
	s := l.capture(func() {
		l.deferring(body, res, func() { l.stmts(body.List) })
	})
	l.unit.fc = old
	return s
}

// deferring writes the body of a function, which if it defers is run by
// compiled code with a list of its own.
func (l *Lowerer) deferring(body *ast.BlockStmt, res []string, write func()) {
	fc := l.unit.fc
	if hasRecover(l.unit.info, body) {
		fc.rec = l.tmp()
		l.w("var %s interface{} = rt.TakeRec()", fc.rec)
	}
	if !hasDefer(body) {
		write()
		return
	}
	fc.d = l.tmp()
	l.w("%s := rt.NewDefers()", fc.d)
	b := l.tmp()
	l.w("var %s func() = func() {", b)
	write()
	l.w("}")
	l.w("rt.Run(%s, %s)", fc.d, b)
	l.w("return %s", strings.Join(res, ", "))
}

// recovers reports whether the function that a deferred call names contains
// recover.
func (l *Lowerer) recovers(c *ast.CallExpr) bool {
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.FuncLit:
		return hasRecover(l.unit.info, f.Body)
	default:
		o := l.calleeFunc(f)
		if o == nil {
			return true
		}
		d := l.decls[o.Origin()]
		return d == nil || d.fd.Body == nil || d.recovers || d.info != nil && hasRecover(d.info, d.fd.Body)
	}
}
