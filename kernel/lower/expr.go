package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
)

func (l *Lowerer) ex(e ast.Expr) string {
	tv := l.unit.info.Types[e]
	if tv.Value != nil {
		return l.constant(tv.Value, l.T(e))
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return "(" + l.ex(e.X) + ")"
	case *ast.Ident:
		return l.ident(e)
	case *ast.FuncLit:
		return l.funcLit(e)
	case *ast.CompositeLit:
		return l.composite(e, l.T(e))
	case *ast.SelectorExpr:
		return l.selector(e)
	case *ast.IndexExpr:
		return l.index(e)
	case *ast.IndexListExpr:
		return l.funcRef(e)
	case *ast.SliceExpr:
		return l.slice(e)
	case *ast.TypeAssertExpr:
		return l.as(l.ex(e.X), l.T(e.Type), l.T(e.X))
	case *ast.CallExpr:
		return l.call(e)
	case *ast.StarExpr:
		return "(*" + l.ex(e.X) + ")"
	case *ast.UnaryExpr:
		switch e.Op {
		case token.AND:
			x := ast.Unparen(e.X)
			if c, ok := x.(*ast.CompositeLit); ok {
				return l.addrComposite(c, l.T(c))
			}
			return "(&" + l.ex(x) + ")"
		case token.ARROW:
			return "(<-" + l.chanText(e.X) + ")"
		case token.ADD:
			return l.ex(e.X)
		case token.SUB:
			if b, ok := l.T(e).Underlying().(*types.Basic); ok && b.Info()&(types.IsFloat) != 0 {
				return "(" + l.ex(e.X) + " * " + l.ty(b) + "(-1.0))"
			}
			return "(-" + l.ex(e.X) + ")"
		case token.XOR:
			return "(^" + l.ex(e.X) + ")"
		case token.NOT:
			return "(!" + l.ex(e.X) + ")"
		}
	case *ast.BinaryExpr:
		return l.binary(e)
	}
	panic(fmt.Sprintf("lower: expression %T", e))
}

func (l *Lowerer) ident(e *ast.Ident) string {
	o := l.unit.info.Uses[e]
	if o == nil {
		o = l.unit.info.Defs[e]
	}
	switch o := o.(type) {
	case *types.Var:
		if v, ok := l.unit.rename[o]; ok {
			return v
		}
		return l.varName(o)
	case *types.Nil:
		return "nil"
	case *types.Func:
		return l.holdFunc(l.funcRef(e), l.T(e))
	}
	if e.Name == "_" {
		return "_"
	}
	panic(fmt.Sprintf("lower: identifier %s %T", e.Name, o))
}

func (l *Lowerer) targs(id *ast.Ident) []types.Type {
	var r []types.Type
	if in, ok := l.unit.info.Instances[id]; ok {
		for i := 0; i < in.TypeArgs.Len(); i++ {
			r = append(r, l.subst(in.TypeArgs.At(i)))
		}
	}
	return r
}

// funcRef: a function named (perhaps instantiated), as a value.
func (l *Lowerer) funcRef(e ast.Expr) string {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		fn := l.unit.info.Uses[x].(*types.Func)
		return l.fn(fn, l.targs(x))
	case *ast.SelectorExpr:
		fn := l.unit.info.Uses[x.Sel].(*types.Func)
		return l.fn(fn, l.targs(x.Sel))
	case *ast.IndexExpr:
		return l.funcRef(x.X)
	case *ast.IndexListExpr:
		return l.funcRef(x.X)
	}
	panic("lower: funcRef")
}

// recvText applies the embedding path and the & or * of the receiver.
func (l *Lowerer) recvText(s string, t types.Type, idx []int, f *types.Func) (string, types.Type, *types.Func) {
	for _, i := range idx[:len(idx)-1] {
		if n := namedOf(t); n != nil && l.isNative(n) { // its own promoted methods, through fields that cells cannot see
			break
		}
		s, t = l.path(s, t, []int{i})
	}
	if isIface(t) {
		return s, t, f
	}
	want := false
	el, have := types.Unalias(t).(*types.Pointer)
	if n := namedOf(t); n != nil && l.isNative(n) {
		if !have {
			want = types.NewMethodSet(t).Lookup(f.Pkg(), f.Name()) == nil
		} else {
			want = true // a pointer has all the methods
		}
	} else {
		_, want = types.Unalias(f.Type().(*types.Signature).Recv().Type()).(*types.Pointer)
	}
	switch {
	case want && !have:
		return "(&" + s + ")", types.NewPointer(t), f
	case !want && have:
		return "(*" + s + ")", el.Elem(), f
	}
	return s, t, f
}

func (l *Lowerer) callMethod(s string, t types.Type, pkg *types.Package, name string, args []string, addr bool) string {
	o, idx := l.lookup(t, pkg, name)
	r, rt, f := l.recvText(s, t, idx, o.(*types.Func))
	return l.callResolved(r, rt, f, args)
}

func (l *Lowerer) index(e *ast.IndexExpr) string {
	if tv := l.unit.info.Types[e.Index]; tv.IsType() {
		return l.holdFunc(l.funcRef(e), l.T(e))
	}
	t := l.T(e.X)
	if _, ok := l.unit.info.TypeOf(e.X).(*types.Signature); ok {
		return l.holdFunc(l.funcRef(e), l.T(e))
	}
	switch u := t.Underlying().(type) {
	case *types.Map:
		return l.ex(e.X) + "[" + l.mapKey(e.Index, u.Key()) + "]"
	case *types.Pointer:
		return "(*" + l.ex(e.X) + ")[" + l.idx(e.Index) + "]"
	}
	if tv := l.unit.info.Types[e.X]; tv.Value != nil {
		return "rt.StrAt(" + l.ex(e.X) + ", " + l.idx(e.Index) + ")"
	}
	return l.ex(e.X) + "[" + l.idx(e.Index) + "]"
}

// idx writes an index. One that no int may hold stays what it is, for the panic's
// text.
func (l *Lowerer) idx(e ast.Expr) string {
	if tv := l.unit.info.Types[e]; tv.Value != nil {
		return l.constant(constant.ToInt(tv.Value), types.Typ[types.Int])
	}
	s := l.ex(e)
	switch l.ty(l.T(e)) {
	case "int", "uint", "uint64", "uintptr":
		return s
	}
	return "int(" + s + ")"
}

func (l *Lowerer) slice(e *ast.SliceExpr) string {
	x := l.ex(e.X)
	if p, ok := isPtr(l.T(e.X)); ok {
		_ = p
		x = "(*" + x + ")"
	}
	p := func(e ast.Expr) string {
		if e == nil {
			return ""
		}
		return l.idx(e)
	}
	s := x + "[" + p(e.Low) + ":" + p(e.High)
	if e.Slice3 {
		s += ":" + p(e.Max)
	}
	return s + "]"
}

func (l *Lowerer) binary(e *ast.BinaryExpr) string {
	tx, ty := l.T(e.X), l.T(e.Y)
	switch e.Op {
	case token.EQL, token.NEQ:
		s := l.equal(e.X, e.Y, tx, ty)
		if e.Op == token.NEQ {
			return "(!" + s + ")"
		}
		return s
	case token.SHL, token.SHR:
		y := l.shiftCount(e.Y)
		return "(" + l.exTo(e.X, l.T(e)) + " " + e.Op.String() + " " + y + ")"
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		t := tx
		if b, ok := tx.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			t = ty
		}
		return "(" + l.exTo(e.X, t) + " " + e.Op.String() + " " + l.exTo(e.Y, t) + ")"
	case token.LAND, token.LOR:
		and := e.Op == token.LAND
		if v := l.unit.info.Types[e.X].Value; v != nil {
			if constant.BoolVal(v) == and {
				return l.ex(e.Y)
			}
			return strconv.FormatBool(!and)
		}
		if v := l.unit.info.Types[e.Y].Value; v != nil {
			if constant.BoolVal(v) == and {
				return l.ex(e.X)
			}
			return "rt.Const(" + strconv.FormatBool(!and) + ", " + l.ex(e.X) + ")"
		}
		if logical(e.X) && logical(e.Y) {
			// yaegi mixes up (a || b) && (c || d)
			if and {
				return "func() bool { if " + l.ex(e.X) + " { return " + l.ex(e.Y) + " }; return false }()"
			}
			return "func() bool { if " + l.ex(e.X) + " { return true }; return " + l.ex(e.Y) + " }()"
		}
		return "(" + l.ex(e.X) + " " + e.Op.String() + " " + l.ex(e.Y) + ")"
	}
	t := l.T(e)
	op := e.Op.String()
	if e.Op == token.AND_NOT {
		return "(" + l.exTo(e.X, t) + " & (^" + l.exTo(e.Y, t) + "))"
	}
	return "(" + l.exTo(e.X, t) + " " + op + " " + l.exTo(e.Y, t) + ")"
}

func (l *Lowerer) shiftCount(y ast.Expr) string {
	if tv := l.unit.info.Types[y]; tv.Value != nil {
		return l.constant(constant.ToInt(tv.Value), types.Typ[types.Uint])
	}
	t := l.T(y)
	s := l.ex(y)
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsUnsigned == 0 {
		return "rt.Shift(int64(" + s + "))"
	}
	if l.ty(t) != "uint" && l.ty(t) != "uint64" {
		return "uint(" + s + ")"
	}
	return s
}

func (l *Lowerer) equal(x, y ast.Expr, tx, ty types.Type) string {
	if untypedNil(tx) {
		x, y, tx, ty = y, x, ty, tx
	}
	if untypedNil(ty) {
		if c, ok := ast.Unparen(x).(*ast.CallExpr); ok && isIface(tx) && l.unit.info.Types[c.Fun].IsType() {
			return "rt.Eq(" + l.exTo(x, tx) + ", rt.Nil())" // what is converted may be nil, too
		}
		return "(" + l.ex(x) + " == nil)"
	}
	ix, iy := isIface(tx), isIface(ty)
	if ix || iy {
		to := tx
		if !ix {
			to = ty
		}
		return "rt.Eq(" + l.exTo(x, to) + ", " + l.exTo(y, to) + ")"
	}
	t := tx
	if b, ok := tx.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		t = ty
	}
	return l.equalText(l.exTo(x, t), l.exTo(y, t), t)
}

func (l *Lowerer) equalText(x, y string, t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Struct, *types.Array, *types.Chan:
		if st, ok := u.(*types.Struct); ok {
			for i := 0; i < st.NumFields(); i++ {
				if st.Field(i).Name() == "_" {
					return fmt.Sprintf("rt.Eq2(%s, %s, %s)", l.dname(t), x, y)
				}
			}
		}
		return "rt.Eq(" + x + ", " + y + ")"
	case *types.Interface:
		return "rt.Eq(" + x + ", " + y + ")"
	}
	return "(" + x + " == " + y + ")"
}

// zero writes T's zero value.
func (l *Lowerer) zero(t types.Type) string {
	if isIface(t) {
		return "rt.Nil()"
	}
	return fmt.Sprintf("%s()", l.zeroFn(t))
}

func (l *Lowerer) zeroFn(t types.Type) string {
	ty := l.ty(t)
	n := fmt.Sprintf("Z%d", l.tid(t))
	l.helper(n, fmt.Sprintf("func %s() %s { var z %s; return z }", n, ty, ty))
	return n
}

// holdFunc: yaegi captures the frame of a function literal only when it is assigned or passed to interpreted code.
func (l *Lowerer) holdFunc(s string, t types.Type) string {
	if _, ok := t.Underlying().(*types.Signature); ok && s != "nil" {
		h := fmt.Sprintf("Fid%d", l.tid(t))
		l.helper(h, fmt.Sprintf("func %s(f %s) %s { return f }", h, l.ty(t), l.ty(t)))
		return h + "(" + s + ")"
	}
	return s
}

func (l *Lowerer) mapKey(e ast.Expr, kt types.Type) string {
	if untypedNil(l.T2(e)) {
		return l.zero(kt)
	}
	return l.exTo(e, kt)
}

// chanText: yaegi knows no element type of a channel whose type the host made.
func (l *Lowerer) chanText(e ast.Expr) string {
	t := l.T(e)
	s := l.ex(e)
	if _, ok := ast.Unparen(e).(*ast.Ident); ok && l.ty(t) == l.ty(t.Underlying()) {
		return s
	}
	return "(" + l.ty(t.Underlying()) + ")(" + s + ")"
}

func logical(e ast.Expr) bool {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	return ok && (b.Op == token.LAND || b.Op == token.LOR)
}

func hasCall(e ast.Expr) bool {
	r := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			r = true
		case *ast.UnaryExpr:
			r = r || n.Op == token.ARROW
		}
		return true
	})
	return r
}

func ret(sig *types.Signature, call string) string {
	if sig.Results().Len() == 0 {
		return call
	}
	return "return " + call
}
