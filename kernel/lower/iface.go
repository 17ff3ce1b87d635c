package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"reflect"
	"strings"

	"sockbook/kernel/lower/rt"
)

// conv writes the implicit conversion of a lowered expression.
func (l *Lowerer) conv(s string, from, to types.Type) string {
	switch {
	case to == nil || from == nil:
		return s
	case untypedNil(from):
		if _, ok := to.Underlying().(*types.Chan); ok || strings.HasPrefix(l.ty(to), "rt.") {
			return l.zero(to)
		}
		return "nil"
	case isIface(from):
		return s
	case isIface(to):
		return l.toIface(s, from)
	}
	if a, b := l.ty(from), l.ty(to); a != b {
		return "(" + b + ")(" + s + ")"
	}
	return s
}

// toIface puts a value into an interface.
func (l *Lowerer) toIface(s string, from types.Type) string {
	from = types.Default(from)
	d := l.desc(from)
	if d.Raw() {
		if strings.HasPrefix(s, "(") && !strings.HasPrefix(s, "(*") && !strings.HasPrefix(s, "(&") && !strings.HasPrefix(s, "(<-") {
			return "rt.In(" + s + ")"
		}
		if _, ok := from.Underlying().(*types.Signature); ok {
			return "rt.In(" + l.holdFunc(s, from) + ")"
		}
		return s
	}
	return fmt.Sprintf("rt.B(%s, %s)", l.dname(from), l.holdFunc(s, from))
}

// as writes x.(t) of an interface value that is known or checked to hold t.
func (l *Lowerer) as(s string, t, from types.Type) string {
	if isIface(t) {
		return fmt.Sprintf("rt.As(%s, %s, %s)", s, l.dname(t), l.dname(from))
	}
	return l.cast(fmt.Sprintf("rt.As(%s, %s, %s)", s, l.dname(t), l.dname(from)), t)
}

// cast gives a value of type interface{} that holds t in static form its type.
func (l *Lowerer) cast(s string, t types.Type) string {
	if isIface(t) {
		return s
	}
	ty := l.ty(t)
	n := fmt.Sprintf("Cast%d", l.tid(t))
	body := "return x.(" + ty + ")"
	if ty == "struct{}" { // to which the engine cannot assert
		body = "var z struct{}; return z"
	}
	l.helper(n, fmt.Sprintf("func %s(x interface{}) %s { %s }", n, ty, body))
	return n + "(" + s + ")"
}

// asOk writes x.(t) with two results; it is a call.
func (l *Lowerer) asOk(s string, t types.Type) string {
	n := fmt.Sprintf("Ok%d", l.tid(t))
	ty, d := l.ty(t), l.dname(t)
	switch {
	case isIface(t):
		return fmt.Sprintf("rt.AsOk(%s, %s)", s, d)
	case l.desc(t).Raw() && basicType(t):
		l.helper(n, fmt.Sprintf("func %s(x interface{}, d interface{}) (%s, bool) { if v, ok := x.(%s); ok { return v, true }; var z %s; return z, false }", n, ty, ty, ty))
	case ty == "struct{}":
		l.helper(n, fmt.Sprintf("func %s(x interface{}, d interface{}) (%s, bool) { _, ok := rt.AsOk(x, %s); var z %s; return z, ok }", n, ty, d, ty))
	default:
		l.helper(n, fmt.Sprintf("func %s(x interface{}, d interface{}) (%s, bool) { v, ok := rt.AsOk(x, %s); return v.(%s), ok }", n, ty, d, ty))
	}
	return n + "(" + s + ", nil)"
}

// clauses makes the table of a type switch.
func (l *Lowerer) clauses(list []ast.Stmt) string {
	var table [][]*rt.Type
	for _, c := range list {
		var row []*rt.Type
		for _, e := range c.(*ast.CaseClause).List {
			if t := l.T(e); untypedNil(t) {
				row = append(row, nil)
			} else {
				row = append(row, l.desc(t))
			}
		}
		table = append(table, row)
	}
	l.count.tmp++
	return l.symbol(fmt.Sprintf("S%d", l.count.tmp), reflect.ValueOf(table))
}

func (l *Lowerer) typeSwitch(s *ast.TypeSwitchStmt, label string) {
	l.w("{")
	if s.Init != nil {
		l.stmt(s.Init, "")
	}
	var x ast.Expr
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		x = ast.Unparen(a.Rhs[0]).(*ast.TypeAssertExpr).X
	case *ast.ExprStmt:
		x = ast.Unparen(a.X).(*ast.TypeAssertExpr).X
	}
	t, k := l.tmp(), l.tmp()
	l.w("var %s interface{} = %s", t, l.ex(x))
	l.w("var %s int = rt.Which(%s, %s)", k, t, l.clauses(s.Body.List))
	l.push(&ctl{kind: "switch", label: label})
	l.label(label)
	l.w("switch {")
	for i, c := range s.Body.List {
		cc := c.(*ast.CaseClause)
		if cc.List == nil {
			l.w("default:")
		} else {
			l.w("case %s == %d:", k, i)
		}
		if v, ok := l.unit.info.Implicits[cc].(*types.Var); ok {
			val := t
			vt := l.subst(v.Type())
			if len(cc.List) == 1 && !untypedNil(l.T(cc.List[0])) && !isIface(vt) {
				val = l.cast(fmt.Sprintf("rt.Unbox(%s, %s)", t, l.dname(vt)), vt)
			}
			l.decl(l.varName(v), l.ty(vt), val)
		}
		l.stmts(cc.Body)
	}
	l.w("}")
	l.pop()
	l.w("}")
}

// fromCompiled writes a compiled value in its static form.
func (l *Lowerer) fromCompiled(s string, t types.Type) string {
	switch {
	case isIface(t):
		return "rt.In(" + s + ")"
	case l.static(t) == l.compiled(t):
		return s
	}
	c := l.compiled(t)
	return l.cast(fmt.Sprintf("rt.FromCompiled(%s, %s, %s)", l.dname(t), s, l.symbol(fmt.Sprintf("R%d", l.tid(t)), reflect.ValueOf(&c).Elem())), t)
}

func (l *Lowerer) selector(e *ast.SelectorExpr) string {
	info := l.unit.info
	if id, ok := e.X.(*ast.Ident); ok {
		if _, ok := info.Uses[id].(*types.PkgName); ok {
			switch o := info.Uses[e.Sel].(type) {
			case *types.Var:
				s := l.varName(o)
				if l.native(o.Pkg()) {
					return l.fromCompiled(s, o.Type())
				}
				return s
			case *types.Func:
				return l.holdFunc(l.funcRef(e), l.T(e))
			}
		}
	}
	if tv := info.Types[e.X]; tv.IsType() {
		return l.methodExpr(e)
	}
	t := l.T(e.X)
	pkg := info.Selections[e].Obj().Pkg()
	o, idx := l.lookup(t, pkg, e.Sel.Name)
	if f, ok := o.(*types.Func); ok {
		return l.methodValue(e, t, idx, f)
	}
	s, _ := l.path(l.ex(e.X), t, idx)
	return s
}

func (l *Lowerer) paramList(sig *types.Signature) (params, args []string) {
	for i := 0; i < sig.Params().Len(); i++ {
		n := l.tmp()
		params = append(params, n+" "+l.ty(sig.Params().At(i).Type()))
		args = append(args, n)
	}
	return params, args
}

func (l *Lowerer) methodExpr(e *ast.SelectorExpr) string {
	recv := l.T(e.X)
	sig := l.T(e).Underlying().(*types.Signature)
	ps, as := l.paramList(sig)
	body := l.callMethod(as[0], recv, l.unit.info.Selections[e].Obj().Pkg(), e.Sel.Name, as[1:], true)
	return "func(" + strings.Join(ps, ", ") + ")" + l.resTail(sig.Results(), nil) + " { " + ret(sig, body) + " }"
}

func (l *Lowerer) methodValue(e *ast.SelectorExpr, t types.Type, idx []int, f *types.Func) string {
	sig := l.T(e).Underlying().(*types.Signature)
	ps, as := l.paramList(sig)
	recv, rtt, m := l.recvText(l.ex(e.X), t, idx, f)
	r := l.tmp()
	call := l.callResolved(r, rtt, m, as)
	guard := ""
	if isIface(rtt) {
		guard = "rt.NilCheck(" + r + "); "
	}
	return fmt.Sprintf("func(%s %s) %s { %sreturn func(%s)%s { %s } }(%s)", r, l.ty(rtt), "func"+l.sigTail(sig), guard,
		strings.Join(ps, ", "), l.resTail(sig.Results(), nil), ret(sig, call), recv)
}

// path walks field indices; it returns text and type.
func (l *Lowerer) path(s string, t types.Type, index []int) (string, types.Type) {
	for _, i := range index {
		base := t
		if p, ok := isPtr(t); ok {
			base = p
		}
		st := base.Underlying().(*types.Struct)
		ft := st.Field(i).Type()
		if n, ok := types.Unalias(base).(*types.Named); ok && l.isNative(n) {
			s = l.fromCompiled(s+"."+st.Field(i).Name(), ft)
		} else {
			s = s + "." + fieldName(st, i)
		}
		t = ft
	}
	return s, t
}

// rawPath is path for the last field of a compiled struct, as it is.
func (l *Lowerer) rawPath(sel *ast.SelectorExpr) (string, types.Type) {
	if id, ok := sel.X.(*ast.Ident); ok {
		if _, ok := l.unit.info.Uses[id].(*types.PkgName); ok {
			v := l.unit.info.Uses[sel.Sel].(*types.Var)
			return l.varName(v), v.Type()
		}
	}
	t := l.T(sel.X)
	_, idx := l.lookup(t, l.unit.info.Selections[sel].Obj().Pkg(), sel.Sel.Name)
	s, base := l.path(l.ex(sel.X), t, idx[:len(idx)-1])
	if p, ok := isPtr(base); ok {
		base = p
	}
	f := base.Underlying().(*types.Struct).Field(idx[len(idx)-1])
	return s + "." + f.Name(), f.Type()
}

// compiledPlace reports whether sel is a variable or field that compiled code
// declares in a form of its own.
func (l *Lowerer) compiledPlace(sel *ast.SelectorExpr) bool {
	o := l.unit.info.Uses[sel.Sel]
	v, ok := o.(*types.Var)
	if !ok || !l.native(v.Pkg()) {
		return false
	}
	if s, ok := l.unit.info.Selections[sel]; ok && s.Kind() != types.FieldVal {
		return false
	}
	return isIface(v.Type()) || l.static(v.Type()) != l.compiled(v.Type())
}

// store writes lhs = s, s already of lhs's type.
func (l *Lowerer) store(lhs ast.Expr, s string, t types.Type) {
	if sel, ok := ast.Unparen(lhs).(*ast.SelectorExpr); ok && l.compiledPlace(sel) {
		place, _ := l.rawPath(sel)
		l.setPlace(place, sel, s, t)
		return
	}
	if _, ok := ast.Unparen(lhs).(*ast.Ident); !ok && strings.HasPrefix(s, "func(") {
		s = l.holdFunc(s, t)
	}
	l.w("%s = %s", l.ex(lhs), l.settled(s, t))
}

// settled holds a struct's literal that is about to be assigned: the engine
// would have the literal take the place of the variable, and leave pointers to
// it behind.
func (l *Lowerer) settled(s string, t types.Type) string {
	if _, ok := t.Underlying().(*types.Struct); !ok || !strings.HasSuffix(s, "}") {
		return s
	}
	n := l.tmp()
	l.decl(n, l.ty(t), s)
	return n
}

func (l *Lowerer) setPlace(place string, sel *ast.SelectorExpr, s string, t types.Type) {
	if v, ok := l.unit.info.Uses[sel.Sel].(*types.Var); ok && !v.IsField() {
		p := l.compiledValue(v).Addr()
		l.w("rt.Set(%s, %s, %s)", l.symbol("P_"+place[strings.LastIndexByte(place, '.')+1:]+"_"+mangle(v.Pkg().Path()), reflect.ValueOf(p.Interface())), l.dname(t), l.holdFunc(s, t))
		return
	}
	l.w("rt.Set(&%s, %s, %s)", place, l.dname(t), l.holdFunc(s, t))
}

func basicType(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.Basic)
	return ok
}
