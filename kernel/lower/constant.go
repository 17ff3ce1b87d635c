package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"math"
	"reflect"
	"strconv"
	"strings"
)

func (l *Lowerer) constant(v constant.Value, t types.Type) string {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		if isIface(t) {
			panic("lower: constant of interface type")
		}
		panic(fmt.Sprintf("lower: constant of type %v", t))
	}
	b = types.Default(b).(*types.Basic)
	name := l.ty(b)
	if n, ok := types.Unalias(t).(*types.Named); ok && l.native(n.Obj().Pkg()) {
		return l.ty(n) + "(" + l.constant(v, b) + ")"
	}
	switch {
	case b.Info()&types.IsBoolean != 0:
		return strconv.FormatBool(constant.BoolVal(v))
	case b.Info()&types.IsString != 0:
		return strconv.Quote(constant.StringVal(v))
	case b.Info()&types.IsInteger != 0:
		v = constant.ToInt(v)
		s := v.ExactString()
		if name == "int" {
			if strings.HasPrefix(s, "-") {
				return "(" + s + ")"
			}
			return s
		}
		return name + "(" + s + ")"
	case b.Info()&types.IsFloat != 0:
		f, _ := constant.Float64Val(constant.ToFloat(v))
		if b.Kind() == types.Float32 {
			g, _ := constant.Float32Val(constant.ToFloat(v))
			return "float32(" + ffmt(float64(g)) + ")"
		}
		return "float64(" + ffmt(f) + ")"
	case b.Info()&types.IsComplex != 0:
		v = constant.ToComplex(v)
		re, _ := constant.Float64Val(constant.Real(v))
		im, _ := constant.Float64Val(constant.Imag(v))
		if b.Kind() == types.Complex64 {
			return fmt.Sprintf("rt.C64(%s, %s)", ffmt(re), ffmt(im))
		}
		return fmt.Sprintf("rt.C128(%s, %s)", ffmt(re), ffmt(im))
	case b.Kind() == types.UnsafePointer:
		return "nil"
	}
	panic("lower: constant " + v.String())
}

func ffmt(f float64) string {
	if math.IsInf(f, 0) {
		panic("lower: infinite constant")
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

func (l *Lowerer) exTo(e ast.Expr, to types.Type) string {
	from := l.T(e)
	if tv := l.unit.info.Types[e]; tv.Value != nil && to != nil {
		if !isIface(to) {
			return l.constant(tv.Value, to)
		}
		if b, ok := from.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			from = types.Default(from)
		}
		s := l.constant(tv.Value, from)
		if l.desc(from).Raw() && !strings.HasSuffix(s, ")") {
			s = l.ty(from) + "(" + s + ")"
		}
		return l.toIface(s, from)
	}
	return l.conv(l.ex(e), from, to)
}

func (l *Lowerer) conversion(e *ast.CallExpr) string {
	to := l.T(e)
	x := e.Args[0]
	from := l.T(x)
	if tv := l.unit.info.Types[x]; tv.Value != nil {
		if b, ok := to.Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 && tv.Value.Kind() == constant.Int {
			n, _ := constant.Int64Val(tv.Value)
			return strconv.Quote(string(rune(n)))
		}
		if b, ok := to.Underlying().(*types.Basic); ok && (b.Info()&types.IsNumeric != 0 && (constant.ToComplex(tv.Value).Kind() != constant.Unknown) || b.Info()&types.IsString != 0 || b.Info()&types.IsBoolean != 0) && representable(tv.Value, b) {
			return l.constant(tv.Value, to)
		}
		if isIface(to) {
			return l.exTo(x, to)
		}
		from = types.Default(from)
		return "(" + l.ty(to) + ")(" + l.constant(tv.Value, from) + ")"
	}
	if untypedNil(from) {
		if isIface(to) {
			return "rt.Nil()"
		}
		return l.zero(to)
	}
	if isIface(to) {
		return l.conv(l.ex(x), from, to)
	}
	a, b := l.ty(from), l.ty(to)
	if a == b {
		return "(" + l.ex(x) + ")"
	}
	if text, ok := l.pointerConversion(x, from, to); ok {
		return text
	}
	fs, isS := from.Underlying().(*types.Slice)
	if isS {
		switch u := to.Underlying().(type) {
		case *types.Array:
			_ = fs
			return fmt.Sprintf("func(s %s) %s { rt.SliceArr(len(s), %d); var a %s; copy(a[:], s); return a }(%s)", a, b, u.Len(), b, l.ex(x))
		case *types.Pointer:
			return fmt.Sprintf("rt.SliceArrP(%s, %d).(%s)", l.ex(x), u.Elem().Underlying().(*types.Array).Len(), b)
		}
	}
	fb, ok1 := from.Underlying().(*types.Basic)
	tb, ok2 := to.Underlying().(*types.Basic)
	if ok1 && ok2 && tb.Info()&types.IsString != 0 && fb.Info()&types.IsInteger != 0 {
		if fb.Info()&types.IsUnsigned != 0 {
			return "rt.RuneStrU(uint64(" + l.ex(x) + "))"
		}
		return "rt.RuneStr(int64(" + l.ex(x) + "))"
	}
	return "(" + b + ")(" + l.ex(x) + ")"
}

func (l *Lowerer) T(e ast.Expr) types.Type {
	t := l.unit.info.TypeOf(e)
	if t == nil {
		panic(fmt.Sprintf("lower: no type for %T at %v", e, l.fset.Position(e.Pos())))
	}
	return l.subst(t)
}

func (l *Lowerer) T2(e ast.Expr) types.Type {
	if t := l.unit.info.TypeOf(e); t != nil {
		return t
	}
	return types.Typ[types.Int]
}

func representable(v constant.Value, b *types.Basic) bool {
	if b.Info()&types.IsInteger != 0 {
		return constant.ToInt(v).Kind() == constant.Int
	}
	return true
}

// pointerConversion writes a conversion that unsafe.Pointer takes part in.
func (l *Lowerer) pointerConversion(x ast.Expr, from, to types.Type) (string, bool) {
	isPointer := func(t types.Type) bool {
		b, ok := t.Underlying().(*types.Basic)
		return ok && b.Kind() == types.UnsafePointer
	}
	switch {
	case isPointer(to) && isPointer(from):
		return "", false
	case isPointer(to):
		if _, ok := from.Underlying().(*types.Pointer); ok {
			return "rt.ToPointer(" + l.ex(x) + ")", true
		}
		return "rt.UintToPointer(uintptr(" + l.ex(x) + "))", true
	case isPointer(from):
		if _, ok := to.Underlying().(*types.Pointer); ok {
			st := l.static(to)
			return l.cast("rt.FromPointer("+l.ex(x)+", "+l.symbol(fmt.Sprintf("R%d", l.tid(to)), reflect.ValueOf(&st).Elem())+")", to), true
		}
		return l.ty(to) + "(rt.PointerToUint(" + l.ex(x) + "))", true
	}
	return "", false
}
