package rt

import (
	"fmt"
	"go/types"
	"reflect"

	"sockbook/kernel/lower/rtype"
)

// This file is what package reflect says of interface types in cells. In memory
// all of them are any, so for package reflect they have no methods; what a cell
// asks of it is answered here.

// An ifaceType is an interface type that stands in for any.
type ifaceType struct {
	it      *Type
	real    reflect.Type     // what compiled code calls it; nil for one of a cell
	methods []reflect.Method // by name, exported ones first
}

// AddInterface registers dyn, which stands for the interface type it. real is
// the type of that name in compiled code, if there is one.
func (w *World) AddInterface(dyn reflect.Type, it *types.Interface, real reflect.Type) {
	w.mu.Lock()
	w.ifaces[rtype.WordOf(dyn)] = &ifaceType{it: &Type{Iface: it}, real: real}
	w.mu.Unlock()
}

// SetInterfaceMethods says what package reflect is to say of the methods of
// dyn. The type of a method is nil where a cell cannot have it.
func (w *World) SetInterfaceMethods(dyn reflect.Type, methods []reflect.Method) {
	w.mu.Lock()
	w.ifaces[rtype.WordOf(dyn)].methods = methods
	w.mu.Unlock()
}

// iface is what stands behind t, nil for any other type.
func (w *World) iface(t reflect.Type) *ifaceType {
	if t == nil || t.Kind() != reflect.Interface {
		return nil
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.ifaces[rtype.WordOf(t)]
}

// trueType is t, or what compiled code calls it.
func (w *World) trueType(t reflect.Type) reflect.Type {
	if it := w.iface(t); it != nil && it.real != nil {
		return it.real
	}
	return t
}

var typeWord = rtype.Word(reflect.TypeFor[int]())

// sameReflected reports whether a and b are reflect.Types of one interface type.
func (w *World) sameReflected(a, b any) bool {
	return rtype.Word(a) == typeWord && rtype.Word(b) == typeWord && w.trueType(a.(reflect.Type)) == w.trueType(b.(reflect.Type))
}

// bindType is the method of reflect.Type with that name where it goes by the
// methods of interface types.
func (w *World) bindType(name string, compiled binding) binding {
	result := func(list ...any) (out []reflect.Value) {
		for _, x := range list {
			out = append(out, reflect.ValueOf(x))
		}
		return out
	}
	var own func(t reflect.Type, it *ifaceType, args []reflect.Value) []reflect.Value
	switch name {
	case "Implements", "AssignableTo", "ConvertibleTo":
		return func(x any, args []reflect.Value) []reflect.Value {
			t, _ := x.(reflect.Type)
			u, _ := args[0].Interface().(reflect.Type)
			if t == nil || u == nil || u.Kind() != reflect.Interface {
				return compiled(x, args)
			}
			return result(w.implements(t, u))
		}
	case "NumMethod":
		own = func(_ reflect.Type, it *ifaceType, _ []reflect.Value) []reflect.Value {
			return result(it.it.Iface.NumMethods())
		}
	case "Method":
		own = func(_ reflect.Type, it *ifaceType, args []reflect.Value) []reflect.Value {
			i := int(args[0].Int())
			if i < 0 || i >= len(it.methods) {
				panic("reflect: Method index out of range")
			}
			return result(described(it.methods[i]))
		}
	case "MethodByName":
		own = func(_ reflect.Type, it *ifaceType, args []reflect.Value) []reflect.Value {
			for _, m := range it.methods {
				if m.Name == args[0].String() {
					return result(described(m), true)
				}
			}
			return result(reflect.Method{}, false)
		}
	default:
		return compiled
	}
	return func(x any, args []reflect.Value) []reflect.Value {
		t, _ := x.(reflect.Type)
		switch it := w.iface(t); {
		case it == nil:
			return compiled(x, args)
		case it.real != nil:
			return compiled(it.real, args)
		default:
			return own(t, it, args)
		}
	}
}

func described(m reflect.Method) reflect.Method {
	if m.Type == nil {
		panic(Unsupported{fmt.Sprintf("the type of the method %s is not available in cells", m.Name)})
	}
	return m
}

// implements reports whether values of t can be assigned to variables of the
// interface type u.
func (w *World) implements(t, u reflect.Type) bool {
	t, u = w.trueType(t), w.trueType(u)
	from, to := w.iface(t), w.iface(u)
	switch {
	case to == nil && from == nil:
		return t.Implements(u)
	case to == nil:
		return w.hasAll(from.it.Iface, u)
	case from != nil:
		m, _ := types.MissingMethod(from.it.Iface, to.it.Iface, true)
		return m == nil
	case t.Kind() == reflect.Interface:
		return w.missingCompiled(t, 0, to.it.Iface) == ""
	}
	return w.missing(reflect.Zero(t).Interface(), to.it) == ""
}

// hasAll reports whether a cell's interface type has the methods of a compiled
// one.
func (w *World) hasAll(it *types.Interface, u reflect.Type) bool {
	have := map[string]*types.Func{}
	for m := range it.Methods() {
		have[m.Name()] = m
	}
	for i := range u.NumMethod() {
		want := u.Method(i)
		m := have[want.Name]
		if m == nil || want.PkgPath != "" || !w.sameSignature(want.Type, 0, m.Signature()) {
			return false
		}
	}
	return true
}

// fits reports whether package reflect may put v where a u is wanted. Of what
// it refuses itself nothing is said here.
func (w *World) fits(v reflect.Value, u reflect.Type) bool {
	return !v.IsValid() || w.iface(u) == nil || w.implements(v.Type(), u)
}

// reflectSymbols are the functions and methods of package reflect that put
// values where an interface type is wanted, and those that go by its methods.
func (w *World) reflectSymbols() map[string]any {
	assign := func(context string, v reflect.Value, u reflect.Type) {
		if !w.fits(v, u) {
			panic(fmt.Sprintf("%s: value of type %v is not assignable to type %v", context, v.Type(), u))
		}
	}
	call := func(name string, f reflect.Value, args []reflect.Value) {
		if f.Kind() != reflect.Func {
			return
		}
		t := f.Type()
		for i, a := range args {
			switch {
			case t.IsVariadic() && i >= t.NumIn()-1:
				if name == "Call" && !w.fits(a, t.In(t.NumIn()-1).Elem()) {
					panic(fmt.Sprintf("reflect: cannot use %v as type %v in Call", a.Type(), t.In(t.NumIn()-1).Elem()))
				}
			case i < t.NumIn() && !w.fits(a, t.In(i)):
				panic(fmt.Sprintf("reflect: %s using %v as type %v", name, a.Type(), t.In(i)))
			}
		}
	}
	return map[string]any{
		"ValueSet": func(v, x reflect.Value) {
			if v.CanSet() {
				assign("reflect.Set", x, v.Type())
			}
			v.Set(x)
		},
		"ValueSetMapIndex": func(m, key, elem reflect.Value) {
			if m.Kind() == reflect.Map {
				assign("reflect.Value.SetMapIndex", key, m.Type().Key())
				assign("reflect.Value.SetMapIndex", elem, m.Type().Elem())
			}
			m.SetMapIndex(key, elem)
		},
		"ReflectAppend": func(s reflect.Value, list []reflect.Value) reflect.Value {
			if s.Kind() == reflect.Slice {
				for _, x := range list {
					assign("reflect.Set", x, s.Type().Elem())
				}
			}
			return reflect.Append(s, list...)
		},
		"ValueConvert": func(v reflect.Value, to any) reflect.Value {
			t, _ := to.(reflect.Type)
			if !w.fits(v, t) {
				panic(fmt.Sprintf("reflect.Value.Convert: value of type %v cannot be converted to type %v", v.Type(), t))
			}
			return v.Convert(t)
		},
		"ValueCanConvert": func(v reflect.Value, to any) bool {
			t, _ := to.(reflect.Type)
			return w.fits(v, t) && v.CanConvert(t)
		},
		"ValueCall": func(f reflect.Value, args []reflect.Value) []reflect.Value {
			call("Call", f, args)
			return f.Call(args)
		},
		"ValueCallSlice": func(f reflect.Value, args []reflect.Value) []reflect.Value {
			call("CallSlice", f, args)
			return f.CallSlice(args)
		},
		"ValueNumMethod": func(v reflect.Value) int {
			if it := w.ifaceOf(v); it != nil {
				return it.it.Iface.NumMethods()
			}
			return v.NumMethod()
		},
		"ValueMethod": func(v reflect.Value, i int) reflect.Value {
			if it := w.ifaceOf(v); it != nil && i >= 0 && i < len(it.methods) {
				return w.methodOf(v, it.methods[i].Name)
			}
			return v.Method(i)
		},
		"ValueMethodByName": func(v reflect.Value, name string) reflect.Value {
			if it := w.ifaceOf(v); it != nil {
				for _, m := range it.methods {
					if m.Name == name {
						return w.methodOf(v, name)
					}
				}
			}
			return v.MethodByName(name)
		},
	}
}

func (w *World) ifaceOf(v reflect.Value) *ifaceType {
	if v.Kind() != reflect.Interface {
		return nil
	}
	return w.iface(v.Type())
}

func (w *World) methodOf(v reflect.Value, name string) reflect.Value {
	if v.IsNil() {
		panic("reflect: Method on nil interface value")
	}
	return v.Elem().MethodByName(name)
}
