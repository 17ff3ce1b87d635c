package lower

import (
	"fmt"
	"go/types"
	"strings"
)

var anyT types.Type = types.NewInterfaceType(nil, nil)

func isIface(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	return types.IsInterface(t)
}

func untypedNil(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.UntypedNil
}

func isPtr(t types.Type) (types.Type, bool) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem(), true
	}
	return nil, false
}

func namedOf(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, _ := t.(*types.Named)
	return n
}

func targsOf(n *types.Named) (list []types.Type) {
	if n != nil {
		for i := 0; i < n.TypeArgs().Len(); i++ {
			list = append(list, n.TypeArgs().At(i))
		}
	}
	return list
}

func isGeneric(f *types.Func) bool {
	sig := f.Type().(*types.Signature)
	return sig.TypeParams().Len() > 0 || sig.RecvTypeParams().Len() > 0
}

func mangle(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
		}
	}
	return b.String()
}

// native reports whether p is compiled into this binary, as against having
// its source here.
func (l *Lowerer) native(p *types.Package) bool { return p == nil || !l.own[p] }

// isNative reports whether t is a type that the tables of compiled packages
// have.
func (l *Lowerer) isNative(n *types.Named) bool {
	return l.native(n.Obj().Pkg()) && n.TypeArgs().Len() == 0
}

// ty writes the static form of t: the type that lowered code uses.
func (l *Lowerer) ty(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return l.basic(t)
	case *types.Named:
		return l.namedTy(t)
	case *types.Interface:
		return "interface{}"
	case *types.Pointer:
		return "*" + l.ty(t.Elem())
	case *types.Slice:
		return "[]" + l.ty(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), l.ty(t.Elem()))
	case *types.Map:
		return "map[" + l.ty(t.Key()) + "]" + l.ty(t.Elem())
	case *types.Chan: // directions are erased: the interpreter mixes them up
		return "chan " + l.ty(t.Elem())
	case *types.Signature:
		return "func" + l.sigTail(t)
	case *types.Struct:
		if t.NumFields() == 0 {
			return "struct{}"
		}
		return l.hostName(t)
	case *types.Tuple:
		if t.Len() == 1 {
			return l.ty(t.At(0).Type())
		}
	}
	panic(fmt.Sprintf("lower: type %T %v", t, t))
}

func (l *Lowerer) basic(t *types.Basic) string {
	switch t.Kind() {
	case types.UntypedNil:
		return "interface{}"
	case types.UnsafePointer:
		l.unit.imports["unsafe"] = true
		return "unsafe.Pointer"
	}
	return basicName(t)
}

func basicName(t *types.Basic) string {
	switch n := types.Default(t).(*types.Basic).Name(); n {
	case "byte":
		return "uint8"
	case "rune":
		return "int32"
	default:
		return n
	}
}

func (l *Lowerer) namedTy(t *types.Named) string {
	switch {
	case types.IsInterface(t):
		return "interface{}"
	case l.isNative(t):
		s := l.static(t)
		if s != l.compiled(t) {
			return l.ty(t.Underlying())
		}
		if !t.Obj().Exported() {
			return l.hostName(t)
		}
		return l.qualified(t.Obj())
	}
	if _, ok := t.Underlying().(*types.Struct); ok || l.recursive(t) {
		return l.hostName(t)
	}
	return l.ty(t.Underlying())
}

// qualified names an object of a compiled package.
func (l *Lowerer) qualified(o types.Object) string {
	path := o.Pkg().Path()
	l.unit.imports[path] = true
	l.pkgSymbol(compiledPath(path), o.Name(), l.compiledValue(o))
	return mangle(path) + "." + o.Name()
}

// hostName names a type that is made by the host.
func (l *Lowerer) hostName(t types.Type) string {
	return l.symbol(fmt.Sprintf("T%d", l.tid(t)), zeroPointer(l.static(t)))
}

func (l *Lowerer) sigTail(t *types.Signature) string {
	var b strings.Builder
	b.WriteByte('(')
	for i := 0; i < t.Params().Len(); i++ {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(l.ty(t.Params().At(i).Type()))
	}
	b.WriteByte(')')
	b.WriteString(l.resTail(t.Results(), nil))
	return b.String()
}

func (l *Lowerer) resTail(t *types.Tuple, names []string) string {
	if t.Len() == 0 {
		return ""
	}
	if t.Len() == 1 && names == nil {
		return " " + l.ty(t.At(0).Type())
	}
	var p []string
	for i := 0; i < t.Len(); i++ {
		s := l.ty(t.At(i).Type())
		if names != nil {
			s = names[i] + " " + s
		}
		p = append(p, s)
	}
	return " (" + strings.Join(p, ", ") + ")"
}

// plain is a signature without receiver.
func plain(sig *types.Signature) *types.Signature {
	return types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
}

// fieldName is the name that a field has in lowered code: exported, since the
// interpreter sets fields by reflection.
func fieldName(st *types.Struct, i int) string {
	f := st.Field(i)
	switch {
	case f.Name() == "_":
		return fmt.Sprintf("Blank%d", i)
	case f.Exported():
		return f.Name()
	}
	return "U_" + mangle(f.Name())
}

// text writes a type as package reflect does.
func (l *Lowerer) text(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return basicName(t)
	case *types.Named:
		s := t.Obj().Name()
		if p := t.Obj().Pkg(); p != nil {
			s = p.Name() + "." + s
		}
		if t.TypeArgs().Len() > 0 {
			s += l.argsText(targsOf(t))
		}
		return s
	case *types.Pointer:
		return "*" + l.text(t.Elem())
	case *types.Slice:
		return "[]" + l.text(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), l.text(t.Elem()))
	case *types.Map:
		return "map[" + l.text(t.Key()) + "]" + l.text(t.Elem())
	case *types.Chan:
		switch t.Dir() {
		case types.SendOnly:
			return "chan<- " + l.text(t.Elem())
		case types.RecvOnly:
			return "<-chan " + l.text(t.Elem())
		}
		if c, ok := types.Unalias(t.Elem()).(*types.Chan); ok && c.Dir() == types.RecvOnly {
			return "chan (" + l.text(c) + ")"
		}
		return "chan " + l.text(t.Elem())
	case *types.Signature:
		return "func" + l.sigText(t)
	case *types.Struct:
		return l.structText(t)
	case *types.Interface:
		return l.ifaceText(t)
	}
	return t.String()
}

// argsText writes type arguments.
func (l *Lowerer) argsText(list []types.Type) string {
	var a []string
	for _, t := range list {
		a = append(a, l.argText(t))
	}
	return "[" + strings.Join(a, ",") + "]"
}

// argText is text for a type argument, which reflect writes with whole paths.
func (l *Lowerer) argText(t types.Type) string {
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && n.TypeArgs().Len() == 0 {
		return n.Obj().Pkg().Path() + "." + n.Obj().Name()
	}
	return l.text(t)
}

func (l *Lowerer) structText(t *types.Struct) string {
	if t.NumFields() == 0 {
		return "struct {}"
	}
	var p []string
	for i := 0; i < t.NumFields(); i++ {
		f := t.Field(i)
		s := f.Name() + " " + l.text(f.Type())
		if f.Embedded() {
			s = l.text(f.Type())
		}
		if t.Tag(i) != "" {
			s += fmt.Sprintf(" %q", t.Tag(i))
		}
		p = append(p, s)
	}
	return "struct { " + strings.Join(p, "; ") + " }"
}

func (l *Lowerer) ifaceText(t *types.Interface) string {
	if t.NumMethods() == 0 {
		return "interface {}"
	}
	var p []string
	for i := 0; i < t.NumMethods(); i++ {
		m := t.Method(i)
		n := m.Name()
		if !m.Exported() {
			n = m.Pkg().Name() + "." + n
		}
		p = append(p, n+l.sigText(m.Type().(*types.Signature)))
	}
	return "interface { " + strings.Join(p, "; ") + " }"
}

func (l *Lowerer) sigText(t *types.Signature) string {
	var p []string
	for i := 0; i < t.Params().Len(); i++ {
		s := l.text(t.Params().At(i).Type())
		if t.Variadic() && i == t.Params().Len()-1 {
			s = "..." + strings.TrimPrefix(s, "[]")
		}
		p = append(p, s)
	}
	s := "(" + strings.Join(p, ", ") + ")"
	p = nil
	for i := 0; i < t.Results().Len(); i++ {
		p = append(p, l.text(t.Results().At(i).Type()))
	}
	switch len(p) {
	case 0:
	case 1:
		s += " " + p[0]
	default:
		s += " (" + strings.Join(p, ", ") + ")"
	}
	return s
}
