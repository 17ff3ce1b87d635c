package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

func (l *Lowerer) addrComposite(c *ast.CompositeLit, t types.Type) string {
	if _, ok := t.Underlying().(*types.Struct); ok {
		if l.compiledStruct(t) && l.needsSet(c, t) {
			return l.compiledComposite(c, t, true)
		}
		return "(&" + l.composite(c, t) + ")"
	}
	ty := l.ty(t)
	v := l.tmp()
	return fmt.Sprintf("func() *%s { var %s %s = %s; return &%s }()", ty, v, ty, l.composite(c, t), v)
}

// element writes a value inside a composite literal, whose type may be left
// out.
func (l *Lowerer) element(x ast.Expr, t types.Type) string {
	if c, ok := x.(*ast.CompositeLit); ok && c.Type == nil {
		if el, ok := isPtr(t); ok {
			return l.addrComposite(c, el)
		}
		return l.composite(c, t)
	}
	if _, ok := ast.Unparen(x).(*ast.FuncLit); ok {
		return l.holdFunc(l.exTo(x, t), t)
	}
	s := l.exTo(x, t)
	if l.unit.info.Types[x].Value == nil && indexesField(x) && !strings.HasPrefix(s, "rt.") && !untypedNil(l.T(x)) {
		return l.given(s, t)
	}
	return s
}

// indexesField reports whether e does something with an element of a field.
func indexesField(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.IndexExpr:
			_, field := ast.Unparen(x.X).(*ast.SelectorExpr)
			found = found || field && n != ast.Node(e)
		case *ast.SliceExpr:
			_, field := ast.Unparen(x.X).(*ast.SelectorExpr)
			found = found || field
		}
		return !found
	})
	return found
}

// given writes a value by way of a function: the engine cannot tell the type of
// what is done with x.f[i] inside a composite literal if the host made x's.
func (l *Lowerer) given(s string, t types.Type) string {
	if isIface(t) {
		return "rt.In(" + s + ")"
	}
	ty := l.ty(t)
	n := fmt.Sprintf("V%d", l.tid(t))
	l.helper(n, fmt.Sprintf("func %s(x %s) %s { return x }", n, ty, ty))
	return n + "(" + s + ")"
}

func (l *Lowerer) composite(e *ast.CompositeLit, t types.Type) string {
	var p []string
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if l.compiledStruct(t) && l.needsSet(e, t) {
			return l.compiledComposite(e, t, false)
		}
		native := l.compiledStruct(t)
		for i, x := range e.Elts {
			k, v := structElement(u, i, x)
			name := fieldName(u, k)
			if native {
				name = u.Field(k).Name()
			}
			p = append(p, name+": "+l.element(v, l.subst(u.Field(k).Type())))
		}
	case *types.Slice:
		p = l.elements(e, u.Elem())
	case *types.Array:
		p = l.elements(e, u.Elem())
	case *types.Map:
		for _, x := range e.Elts {
			kv := x.(*ast.KeyValueExpr)
			k := l.element(kv.Key, u.Key())
			if untypedNil(l.T2(kv.Key)) && !isIface(u.Key()) {
				k = l.zero(u.Key())
			} else if isIface(u.Key()) {
				k = "rt.In(" + k + ")"
			}
			p = append(p, k+": "+l.element(kv.Value, u.Elem()))
		}
	default:
		panic(fmt.Sprintf("lower: composite of %v", t))
	}
	return l.ty(t) + "{" + strings.Join(p, ", ") + "}"
}

func (l *Lowerer) elements(e *ast.CompositeLit, et types.Type) (p []string) {
	for _, x := range e.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			p = append(p, l.idx(kv.Key)+": "+l.element(kv.Value, et))
			continue
		}
		p = append(p, l.element(x, et))
	}
	if slices.ContainsFunc(e.Elts, func(x ast.Expr) bool { _, keyed := x.(*ast.KeyValueExpr); return keyed }) {
		return p
	}
	return numbered(p)
}

// numbered gives elements of a literal without keys their indexes, if one of
// them may be a part of an element, as x[i].f or x[i][:]: the engine looks such
// types up where there is no key, and does not know those of compiled values'
// elements.
func numbered(p []string) []string {
	if !slices.ContainsFunc(p, func(s string) bool { return strings.Contains(s, "[") }) {
		return p
	}
	q := make([]string, len(p))
	for i, s := range p {
		q[i] = strconv.Itoa(i) + ": " + s
	}
	return q
}

// structElement gives the field number and value of the ith element.
func structElement(u *types.Struct, i int, x ast.Expr) (int, ast.Expr) {
	kv, ok := x.(*ast.KeyValueExpr)
	if !ok {
		return i, x
	}
	name := kv.Key.(*ast.Ident).Name
	for j := 0; j < u.NumFields(); j++ {
		if u.Field(j).Name() == name {
			return j, kv.Value
		}
	}
	return i, kv.Value
}

func (l *Lowerer) compiledStruct(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && l.isNative(n)
}

// needsSet reports whether a literal of a compiled struct sets a field whose
// form differs.
func (l *Lowerer) needsSet(e *ast.CompositeLit, t types.Type) bool {
	u := t.Underlying().(*types.Struct)
	for i, x := range e.Elts {
		k, _ := structElement(u, i, x)
		if ft := u.Field(k).Type(); isIface(ft) || l.static(ft) != l.compiled(ft) {
			return true
		}
	}
	return false
}

// compiledComposite fills a compiled struct field by field.
func (l *Lowerer) compiledComposite(e *ast.CompositeLit, t types.Type, addr bool) string {
	u := t.Underlying().(*types.Struct)
	ty := l.ty(t)
	p := l.tmp()
	var b strings.Builder
	res := ty
	if addr {
		res = "*" + ty
	}
	fmt.Fprintf(&b, "func() %s { %s := new(%s); ", res, p, ty)
	for i, x := range e.Elts {
		k, v := structElement(u, i, x)
		f := u.Field(k)
		val := l.element(v, f.Type())
		if isIface(f.Type()) || l.static(f.Type()) != l.compiled(f.Type()) {
			fmt.Fprintf(&b, "rt.Set(&%s.%s, %s, %s); ", p, f.Name(), l.dname(f.Type()), l.holdFunc(val, f.Type()))
		} else {
			fmt.Fprintf(&b, "%s.%s = %s; ", p, f.Name(), val)
		}
	}
	star := ""
	if !addr {
		star = "*"
	}
	fmt.Fprintf(&b, "return %s%s }()", star, p)
	return b.String()
}
