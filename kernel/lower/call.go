package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"reflect"
	"strings"
)

// callArgs lowers the arguments of a call of signature sig (a variadic parameter is a slice).
func (l *Lowerer) callArgs(e *ast.CallExpr, sig *types.Signature) []string {
	n := sig.Params().Len()
	var out []string
	if len(e.Args) == 1 && (n != 1 || sig.Variadic()) {
		if tup, ok := l.T(e.Args[0]).(*types.Tuple); ok {
			_ = tup
			return nil
		}
	}
	for i := 0; i < n; i++ {
		pt := sig.Params().At(i).Type()
		if sig.Variadic() && i == n-1 {
			if e.Ellipsis.IsValid() {
				out = append(out, l.exTo(e.Args[i], pt))
			} else if len(e.Args) <= i {
				out = append(out, "nil")
			} else {
				var p []string
				el := pt.Underlying().(*types.Slice).Elem()
				for _, a := range e.Args[i:] {
					p = append(p, l.element(a, el))
				}
				out = append(out, l.ty(pt)+"{"+strings.Join(numbered(p), ", ")+"}")
			}
			continue
		}
		out = append(out, l.exTo(e.Args[i], pt))
	}
	return out
}

func (l *Lowerer) calleeFunc(e ast.Expr) *types.Func {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		f, _ := l.unit.info.Uses[x].(*types.Func)
		return f
	case *ast.SelectorExpr:
		f, _ := l.unit.info.Uses[x.Sel].(*types.Func)
		if _, sel := l.unit.info.Selections[x]; sel {
			return nil
		}
		return f
	case *ast.IndexExpr:
		return l.calleeFunc(x.X)
	case *ast.IndexListExpr:
		return l.calleeFunc(x.X)
	}
	return nil
}

// callResolved calls method f on a receiver already of its type.
func (l *Lowerer) callResolved(r string, recv types.Type, f *types.Func, args []string) string {
	all := func() string { return strings.Join(append([]string{r}, args...), ", ") }
	n := namedOf(recv)
	compiled := l.native(f.Pkg()) && (n == nil || l.isNative(n))
	if isIface(recv) || compiled {
		params := l.subst(f.Type()).(*types.Signature).Params()
		for i := range args {
			args[i] = l.holdFunc(args[i], params.At(i).Type())
		}
	}
	if isIface(recv) {
		return l.caller(recv, f) + "(" + all() + ")"
	}
	if compiled {
		return l.compiledMethod(recv, f) + "(" + all() + ")"
	}
	if l.native(f.Pkg()) {
		f = l.stdFunc(f)
	}
	return l.fn(f, targsOf(n)) + "(" + all() + ")"
}

// call writes a call that a function's body makes. What it calls is not called
// by a panic, even if the function that makes the call is: see dropPanic.
func (l *Lowerer) call(e *ast.CallExpr) string {
	l.dropPanic(e)
	return l.plainCall(e)
}

// dropPanic keeps a function that contains recover from a panic that is not
// its: one that called, through a value or a method's wrapper, the function
// which makes this call. A function that contains recover has taken its panic
// when it began. A callee that only runtime knows is not seen here.
func (l *Lowerer) dropPanic(e *ast.CallExpr) {
	if l.unit.fc == nil || l.unit.fc.rec != "" {
		return
	}
	f := l.calleeFunc(e.Fun)
	if s, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && f == nil {
		f, _ = l.unit.info.Uses[s.Sel].(*types.Func)
	}
	if f == nil {
		return
	}
	if d := l.decls[f.Origin()]; d != nil && d.fd.Body != nil && (d.recovers || d.info != nil && hasRecover(d.info, d.fd.Body)) {
		l.w("rt.TakeRec()")
	}
}

func (l *Lowerer) plainCall(e *ast.CallExpr) string {
	fun := ast.Unparen(e.Fun)
	info := l.unit.info
	if tv := info.Types[fun]; tv.IsType() {
		return l.conversion(e)
	}
	if tv := info.Types[fun]; tv.IsBuiltin() {
		return l.builtin(e)
	}
	sig := l.T(fun).Underlying().(*types.Signature)
	if len(e.Args) == 1 {
		if tup, ok := l.T(e.Args[0]).(*types.Tuple); ok {
			return l.callTuple(e, fun, sig, tup)
		}
	}
	if l.calleeFunc(fun) == nil && hasCall(fun) && anyCall(e.Args) {
		if _, sel := fun.(*ast.SelectorExpr); !sel { // f()(g()): f first
			fv := l.tmp()
			head := "func()" + l.resTail(sig.Results(), nil) + " { var " + fv + " " + l.ty(l.T(fun)) + " = " + l.ex(fun) + "; "
			return head + ret(sig, fv+"("+strings.Join(l.callArgs(e, sig), ", ")+")") + " }()"
		}
	}
	return l.callWith(e, fun, sig, l.callArgs(e, sig))
}

// indexes reports whether e is an element, or a field of one.
func indexes(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		return true
	case *ast.SelectorExpr:
		return indexes(x.X)
	case *ast.StarExpr:
		return indexes(x.X)
	}
	return false
}

func anyCall(list []ast.Expr) bool {
	for _, e := range list {
		if hasCall(e) {
			return true
		}
	}
	return false
}

// callTuple is f(g()) where g has several results.
func (l *Lowerer) callTuple(e *ast.CallExpr, fun ast.Expr, sig *types.Signature, tup *types.Tuple) string {
	var names, args []string
	for i := 0; i < tup.Len(); i++ {
		names = append(names, l.tmp())
	}
	for i := 0; i < sig.Params().Len(); i++ {
		pt := sig.Params().At(i).Type()
		if !sig.Variadic() || i < sig.Params().Len()-1 {
			args = append(args, l.conv(names[i], tup.At(i).Type(), pt))
			continue
		}
		el := pt.Underlying().(*types.Slice).Elem()
		var p []string
		for j := i; j < tup.Len(); j++ {
			p = append(p, l.conv(names[j], tup.At(j).Type(), el))
		}
		args = append(args, l.ty(pt)+"{"+strings.Join(p, ", ")+"}")
	}
	head := "func()" + l.resTail(sig.Results(), nil) + " { "
	if s, ok := fun.(*ast.SelectorExpr); ok && l.unit.info.Selections[s] != nil && hasCall(s.X) && !l.unit.info.Types[s.X].IsType() {
		recv, held := l.tmp(), *s // f().m(g()): f first
		head += "var " + recv + " " + l.ty(l.T(s.X)) + " = " + l.ex(s.X) + "; "
		held.X = l.fake(recv, l.T(s.X))
		l.unit.info.Selections[&held] = l.unit.info.Selections[s]
		l.unit.info.Types[&held] = l.unit.info.Types[s]
		fun = &held
	}
	define := strings.Join(names, ", ") + " := " + l.ex(e.Args[0]) + "; "
	if _, sel := fun.(*ast.SelectorExpr); !sel && l.calleeFunc(fun) == nil && hasCall(fun) {
		fv := l.tmp()
		return head + "var " + fv + " " + l.ty(l.T(fun)) + " = " + l.ex(fun) + "; " + define + ret(sig, fv+"("+strings.Join(args, ", ")+")") + " }()"
	}
	return head + define + ret(sig, l.callWith(e, fun, sig, args)) + " }()"
}

func (l *Lowerer) callWith(e *ast.CallExpr, fun ast.Expr, sig *types.Signature, args []string) string {
	info := l.unit.info
	if s, ok := fun.(*ast.SelectorExpr); ok {
		if sel, ok := info.Selections[s]; ok && sel.Kind() == types.MethodVal {
			return l.callMethod(l.ex(s.X), l.T(s.X), sel.Obj().Pkg(), s.Sel.Name, args, true)
		}
		if sel, ok := info.Selections[s]; ok && sel.Kind() == types.MethodExpr {
			return l.callMethod(args[0], l.T(s.X), sel.Obj().Pkg(), s.Sel.Name, args[1:], true)
		}
	}
	f := l.calleeFunc(fun)
	if f == nil {
		callee := l.ex(fun)
		if s, ok := fun.(*ast.SelectorExpr); ok && indexes(s.X) { // the engine cannot tell the type of x[i].f
			callee = l.holdFunc(callee, l.T(fun))
		}
		return callee + "(" + strings.Join(args, ", ") + ")"
	}
	if f.FullName() == "reflect.TypeFor" {
		if targs := l.targs(calleeIdent(fun)); len(targs) == 1 && l.nativeIface(targs[0]) {
			return l.typeValue(l.compiled(targs[0]))
		}
	}
	if l.native(f.Pkg()) && !isGeneric(f) {
		if s, ok := l.special(e, f, args); ok {
			return s
		}
		for i := range args {
			args[i] = l.holdFunc(args[i], sig.Params().At(i).Type())
		}
	}
	return l.funcRef(fun) + "(" + strings.Join(args, ", ") + ")"
}

// special writes the calls of compiled functions whose meaning depends on the
// static types of their arguments.
func (l *Lowerer) special(e *ast.CallExpr, f *types.Func, args []string) (string, bool) {
	switch f.FullName() {
	case "errors.As":
		if len(e.Args) < 2 {
			return "", false
		}
		if el, ok := isPtr(l.T(e.Args[1])); ok && isIface(el) {
			return fmt.Sprintf("rt.ErrorsAsIface(%s, %s, %s)", args[0], l.ex(e.Args[1]), l.dname(el)), true
		}
	case "reflect.TypeOf": // of (*I)(nil), by which programs name an interface type
		if len(e.Args) != 1 {
			return "", false
		}
		el, ok := isPtr(l.T(e.Args[0]))
		if c, conversion := ast.Unparen(e.Args[0]).(*ast.CallExpr); ok && conversion && l.nativeIface(el) && l.unit.info.Types[c.Fun].IsType() && untypedNil(l.T(c.Args[0])) {
			return l.typeValue(reflect.PointerTo(l.compiled(el))), true
		}
	}
	return "", false
}

// nativeIface reports whether t is an interface with methods of a compiled
// package. Variables of such a type hold what those of others do, so only as a
// value of reflect it is what compiled code knows.
func (l *Lowerer) nativeIface(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && isIface(n) && l.isNative(n) && n.Underlying().(*types.Interface).NumMethods() > 0
}

// typeValue writes a reflect.Type.
func (l *Lowerer) typeValue(t reflect.Type) string {
	l.count.tmp++
	return "rt.In(" + l.symbol(fmt.Sprintf("RT%d", l.count.tmp), reflect.ValueOf(&t).Elem()) + ")"
}

// calleeIdent is the name of the function that e, perhaps instantiated, names.
func calleeIdent(e ast.Expr) *ast.Ident {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return x.Sel
	case *ast.IndexExpr:
		return calleeIdent(x.X)
	case *ast.IndexListExpr:
		return calleeIdent(x.X)
	}
	return nil
}

// deferred writes the temporaries of a deferred or started call and returns a
// call.
func (l *Lowerer) deferred(c *ast.CallExpr) string {
	fun := ast.Unparen(c.Fun)
	tv := l.unit.info.Types[fun]
	hold := func(text string, t types.Type) string {
		n := l.tmp()
		l.decl(n, l.ty(t), text)
		return n
	}
	switch {
	case tv.IsBuiltin():
		return l.deferredBuiltin(c, fun, hold)
	case tv.IsType():
		return "func() { " + l.conversion(c) + " }()"
	}
	sig := l.T(fun).Underlying().(*types.Signature)
	if len(c.Args) == 1 {
		if _, ok := l.T(c.Args[0]).(*types.Tuple); ok {
			return "func() { " + l.plainCall(c) + " }()"
		}
	}
	// The function value and the operands are evaluated now, in this order.
	var recv string
	var recvT types.Type
	var method *types.Func
	f := ""
	if s, ok := fun.(*ast.SelectorExpr); ok {
		if sel, ok := l.unit.info.Selections[s]; ok && sel.Kind() == types.MethodVal {
			t := l.T(s.X)
			o, idx := l.lookup(t, sel.Obj().Pkg(), s.Sel.Name)
			recv, recvT, method = l.recvText(l.ex(s.X), t, idx, o.(*types.Func))
			recv = hold(recv, recvT)
			if isIface(recvT) {
				l.w("rt.NilCheck(%s)", recv)
			}
		}
	}
	callee := l.calleeFunc(fun)
	if method == nil && callee == nil {
		f = hold(l.ex(fun), l.T(fun))
	}
	var args []string
	for i, a := range l.callArgs(c, sig) {
		if a != "nil" {
			a = hold(a, sig.Params().At(i).Type())
		}
		args = append(args, a)
	}
	switch {
	case method != nil:
		return l.callResolved(recv, recvT, method, args)
	case callee != nil:
		return l.callWith(c, fun, sig, args)
	}
	return f + "(" + strings.Join(args, ", ") + ")"
}

func (l *Lowerer) deferredBuiltin(c *ast.CallExpr, fun ast.Expr, hold func(string, types.Type) string) string {
	info := l.unit.info
	if id, ok := fun.(*ast.Ident); ok && id.Name == "recover" {
		return "rt.Nop()"
	}
	cc := *c
	cc.Args = nil
	for _, a := range c.Args {
		at := l.T(a)
		if tv := info.Types[a]; tv.Value != nil || untypedNil(at) || tv.IsType() {
			cc.Args = append(cc.Args, a)
			continue
		}
		cc.Args = append(cc.Args, l.fake(hold(l.ex(a), at), at))
	}
	info.Types[&cc] = info.Types[c]
	return "func() { " + l.builtin(&cc) + " }()"
}
