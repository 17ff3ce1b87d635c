package rt

import (
	"fmt"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

// rerr is a run-time error whose text Go's runtime does not let us make.
type rerr string

func (e rerr) Error() string { return string(e) }
func (e rerr) RuntimeError() {}

func nilDeref() {
	var p *int
	*p = 0
}

// NilCheck is the check of an interface value's method.
func (w *World) NilCheck(x any) {
	if x == nil {
		nilDeref()
	}
}

// NilPointer panics as the use of a nil pointer does.
func NilPointer() { nilDeref() }

// RuntimeError is a run-time error with that text.
func RuntimeError(text string) runtime.Error { return rerr(text) }

// Fix gives the value that Go would panic with for what a panic in the
// interpreter gave.
func (w *World) Fix(x any) any {
	for {
		switch v := x.(type) {
		case *Thrown:
			return v.Value
		case reflect.Value:
			if !v.IsValid() {
				return catch(nilDeref)
			}
			x = v.Interface()
			continue
		case *reflect.ValueError:
			return catch(nilDeref)
		case string:
			return fixText(v)
		case runtime.Error:
			if v.Error() == "runtime: allocation size out of range" { // its words for make
				return rerr("runtime error: makeslice: len out of range")
			}
			return v
		case error:
			if w.typeOf(v) != nil { // a cell's own
				return v
			}
			if s := v.Error(); strings.HasPrefix(s, "reflect") {
				return fixText(s)
			}
			return v
		}
		return x
	}
}

// ambiguous reports whether Fix could take a value that a cell panicked with
// for another.
func (w *World) ambiguous(x any) bool {
	switch v := x.(type) {
	case nil, *Thrown, reflect.Value, *reflect.ValueError:
		return true
	case string:
		return strings.HasPrefix(v, "reflect")
	case runtime.Error:
		return false
	case error:
		return w.typeOf(v) == nil && strings.HasPrefix(v.Error(), "reflect")
	}
	return false
}

// fixText translates what package reflect panics with.
func fixText(s string) any {
	if !strings.HasPrefix(s, "reflect") {
		return s
	}
	for _, f := range reflectFaults {
		if strings.Contains(s, f.part) {
			if f.text == "" {
				return catch(nilDeref)
			}
			return rerr(f.text)
		}
	}
	return s
}

var reflectFaults = []struct{ part, text string }{
	{"index out of range", "runtime error: index out of range"},
	{"out of bounds", "runtime error: slice bounds out of range"},
	{"nil function", ""},
	{"nil pointer", ""},
	{"zero Value", ""},
	{"negative len", "runtime error: makeslice: len out of range"},
	{"negative cap", "runtime error: makeslice: cap out of range"},
	{"len > cap", "runtime error: makeslice: cap out of range"},
	{"overflow", "runtime error: growslice: len out of range"},
	{"Chan with size", "makechan: size out of range"},
	{"negative buffer size", "makechan: size out of range"},
}

// Words writes a panic's value as Go's runtime prints it after "panic: ".
func (w *World) Words(x any) (s string) {
	defer func() {
		switch r := recover().(type) { // of Error or String
		case nil:
		case string:
			s = "panic while printing panic value: " + r
		default:
			s = "panic while printing panic value: type " + w.text(r)
		}
	}()
	return w.words1(w.renewed(x))
}

func (w *World) words1(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case error:
		return indented(v.Error())
	case fmt.Stringer:
		return indented(v.String())
	}
	v := reflect.ValueOf(x)
	named := v.Type().PkgPath() != ""
	s := ""
	switch v.Kind() {
	case reflect.String:
		s = indented(v.String())
		if named {
			s = `"` + s + `"`
		}
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8,
		reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		s = fmt.Sprint(scalar(v))
	case reflect.Float32, reflect.Float64:
		s = strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		s = strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits())
		if named {
			return w.text(x) + s
		}
	default:
		return fmt.Sprintf("(%s) %#x", w.text(x), pointerOf(v))
	}
	if !named {
		return s
	}
	return w.text(x) + "(" + s + ")"
}

// indented begins each line but the first with a tab.
func indented(s string) string { return strings.ReplaceAll(s, "\n", "\n\t") }

func scalar(v reflect.Value) any {
	switch {
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return v.Uint()
	}
	return v.Bool()
}

func pointerOf(v reflect.Value) uintptr {
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Slice:
		return v.Pointer()
	}
	p := reflect.New(v.Type())
	return p.Pointer()
}
