package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

func (l *Lowerer) builtin(e *ast.CallExpr) string {
	var name string
	switch f := ast.Unparen(e.Fun).(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = "unsafe." + f.Sel.Name
	}
	a := e.Args
	if len(a) == 1 && name != "panic" {
		if tup, ok := l.unit.info.TypeOf(a[0]).(*types.Tuple); ok {
			tup = l.subst(tup).(*types.Tuple)
			cc := *e
			cc.Args = nil
			var ns []string
			for i := 0; i < tup.Len(); i++ {
				n := l.tmp()
				ns = append(ns, n)
				cc.Args = append(cc.Args, l.fake(n, tup.At(i).Type()))
			}
			l.unit.info.Types[&cc] = l.unit.info.Types[e]
			res := ""
			r := l.builtin(&cc)
			if t := l.unit.info.TypeOf(e); t != nil {
				if tt, ok := t.(*types.Tuple); !ok || tt.Len() > 0 {
					res = " " + l.ty(l.T(e))
					r = "return " + r
				}
			}
			return "func()" + res + " { " + strings.Join(ns, ", ") + " := " + l.ex(a[0]) + "; " + r + " }()"
		}
	}
	t := l.T(e)
	switch name {
	case "len", "cap":
		at := l.T(a[0])
		if p, ok := isPtr(at); ok {
			at = p
		}
		if arr, ok := at.Underlying().(*types.Array); ok {
			if !hasCall(a[0]) {
				return fmt.Sprint(arr.Len())
			}
			return fmt.Sprintf("rt.ConstLen(%d, %s)", arr.Len(), l.ex(a[0]))
		}
		x := l.ex(a[0])
		if _, ok := isPtr(l.T(a[0])); ok {
			x = "(*" + x + ")"
		}
		return name + "(" + x + ")"
	case "append":
		st := t.Underlying().(*types.Slice)
		p := []string{l.exTo(a[0], t)}
		if untypedNil(l.T(a[0])) {
			p[0] = l.zero(t)
		}
		if e.Ellipsis.IsValid() {
			s := l.ex(a[1])
			if b, ok := l.T(a[1]).Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
				s = "[]uint8(" + s + ")"
			} else if untypedNil(l.T(a[1])) {
				return p[0]
			}
			return "append(" + p[0] + ", " + s + "...)"
		}
		simple := true
		for _, x := range a[1:] {
			p = append(p, l.exTo(x, st.Elem()))
			if l.unit.info.Types[x].Value == nil {
				if _, ok := ast.Unparen(x).(*ast.Ident); !ok {
					simple = false
				}
			}
		}
		if len(p) == 1 {
			return p[0]
		}
		if len(p) > 2 && !simple || l.static(st.Elem()) == l.static(t) { // the engine would append the elements of a slice
			return "append(" + p[0] + ", []" + l.ty(st.Elem()) + "{" + strings.Join(numbered(p[1:]), ", ") + "}...)"
		}
		return "append(" + strings.Join(p, ", ") + ")"
	case "copy":
		return "copy(" + l.ex(a[0]) + ", " + l.ex(a[1]) + ")"
	case "delete":
		m := l.T(a[0]).Underlying().(*types.Map)
		return "delete(" + l.ex(a[0]) + ", " + l.exTo(a[1], m.Key()) + ")"
	case "make":
		p := []string{l.ty(t)}
		for _, x := range a[1:] {
			p = append(p, l.idx(x))
		}
		if _, ok := t.Underlying().(*types.Slice); ok && len(p) > 1 {
			if tv := l.unit.info.Types[a[1]]; tv.Value == nil || len(p) > 2 {
				c := p[1]
				if len(p) > 2 {
					c = p[2]
				}
				_ = c
			}
		}
		if _, ok := t.Underlying().(*types.Map); ok {
			p = p[:1]
		}
		return "make(" + strings.Join(p, ", ") + ")"
	case "new":
		if l.unit.info.Types[a[0]].IsType() {
			return "new(" + l.ty(l.T(a[0])) + ")"
		}
		el, _ := isPtr(t)
		v := l.tmp()
		return fmt.Sprintf("func() %s { var %s %s = %s; return &%s }()", l.ty(t), v, l.ty(el), l.exTo(a[0], el), v)
	case "panic":
		return "rt.Panic(" + l.exTo(a[0], anyT) + ")"
	case "recover":
		return "rt.Recover(" + l.unit.fc.rec + ")"
	case "print", "println":
		var p []string
		for _, x := range a {
			from := types.Default(l.T(x))
			if tv := l.unit.info.Types[x]; tv.Value != nil {
				p = append(p, l.ty(from.Underlying())+"("+l.constant(tv.Value, from)+")")
			} else {
				switch from.Underlying().(type) {
				case *types.Interface:
					p = append(p, "rt.Pi("+l.ex(x)+")")
				case *types.Slice:
					p = append(p, "rt.Ps("+l.ex(x)+")")
				case *types.Signature:
					p = append(p, "rt.Pf("+l.ex(x)+" == nil)")
				case *types.Pointer, *types.Map, *types.Chan:
					p = append(p, "rt.Pp("+l.ex(x)+")")
				default:
					if untypedNil(from) {
						p = append(p, "rt.Pf(true)")
						break
					}
					p = append(p, l.ex(x))
				}
			}
		}
		if name == "print" {
			return "rt.Print(" + strings.Join(p, ", ") + ")"
		}
		return "rt.PrintLn(" + strings.Join(p, ", ") + ")"
	case "complex":
		b := t.Underlying().(*types.Basic)
		if types.Default(b).(*types.Basic).Kind() == types.Complex64 {
			return "rt.MkC64(" + l.exTo(a[0], types.Typ[types.Float32]) + ", " + l.exTo(a[1], types.Typ[types.Float32]) + ")"
		}
		return "rt.MkC128(" + l.exTo(a[0], types.Typ[types.Float64]) + ", " + l.exTo(a[1], types.Typ[types.Float64]) + ")"
	case "real", "imag":
		n := map[string]string{"real": "Real", "imag": "Imag"}[name]
		if l.ty(l.T(a[0])) == "complex64" {
			return "rt." + n + "64(" + l.ex(a[0]) + ")"
		}
		return "rt." + n + "128(" + l.ex(a[0]) + ")"
	case "min", "max":
		ty := l.ty(t)
		n := name + "_" + mangle(ty)
		op := map[string]string{"min": "<", "max": ">"}[name]
		switch {
		case ty == "float64" || ty == "float32":
			n = "rt." + strings.ToUpper(name[:1]) + name[1:] + strings.ToUpper(ty[:1]) + ty[1:]
		default:
			l.helper(n, fmt.Sprintf("func %s(a, b %s) %s { if b %s a { return b }; return a }", n, ty, ty, op))
		}
		s := l.exTo(a[0], t)
		for _, x := range a[1:] {
			s = n + "(" + s + ", " + l.exTo(x, t) + ")"
		}
		return s
	case "clear":
		ct := l.T(a[0])
		n := fmt.Sprintf("clear_%d", l.tid(ct))
		if m, ok := ct.Underlying().(*types.Map); ok {
			_ = m
			return "rt.ClearMap(" + l.ex(a[0]) + ")"
		}
		el := ct.Underlying().(*types.Slice).Elem()
		l.helper(n, fmt.Sprintf("func %s(a %s) { var z %s; for i := range a { a[i] = z } }", n, l.ty(ct), l.ty(el)))
		return n + "(" + l.ex(a[0]) + ")"
	case "close":
		return "close(" + l.ex(a[0]) + ")"
	}
	return l.unsafeBuiltin(e, name)
}

// unsafeBuiltin writes the functions of package unsafe that are no constants.
func (l *Lowerer) unsafeBuiltin(e *ast.CallExpr, name string) string {
	a := e.Args
	switch name {
	case "unsafe.Sizeof":
		return strconv.Itoa(int(l.sizes.Sizeof(l.T(a[0]))))
	case "unsafe.Alignof":
		return strconv.Itoa(int(l.sizes.Alignof(l.T(a[0]))))
	case "unsafe.StringData":
		return "rt.StringData(" + l.exTo(a[0], types.Typ[types.String]) + ")"
	case "unsafe.String":
		return "rt.UnsafeString(" + l.ex(a[0]) + ", " + l.idx(a[1]) + ")"
	case "unsafe.SliceData":
		return l.cast("rt.SliceData("+l.ex(a[0])+")", l.T(e))
	case "unsafe.Slice":
		return l.cast("rt.UnsafeSlice("+l.ex(a[0])+", "+l.idx(a[1])+")", l.T(e))
	case "unsafe.Add":
		return "rt.UnsafeAdd(" + l.ex(a[0]) + ", " + l.idx(a[1]) + ")"
	}
	l.refuse(e.Pos(), "%s is not available in cells", name)
	return ""
}
