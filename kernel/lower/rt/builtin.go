package rt

import (
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"runtime"
	"unicode/utf8"

	"sockbook/kernel/lower/rtype"
)

// Eq is == of interface values, of structs, arrays and channels.
func (w *World) Eq(a, b any) bool {
	if w.renewals.Load() > 0 {
		a, b = w.renewed(a), w.renewed(b)
	}
	return a == b || w.sameReflected(a, b)
}

// Eq2 is == of two values of t in static form.
func (w *World) Eq2(t *Type, a, b any) bool { return w.B(t, a) == w.B(t, b) }

// In gives an interface value its dynamic value.
func In(x any) any { return x }

func nop()                             {}
func nilAny() any                      { return nil }
func yes() bool                        { return true }
func complex1(a, b float64) complex128 { return complex(a, b) }
func complex2(a, b float64) complex64  { return complex(float32(a), float32(b)) }
func mkC64(a, b float32) complex64     { return complex(a, b) }
func real64(c complex64) float32       { return real(c) }
func imag64(c complex64) float32       { return imag(c) }
func real128(c complex128) float64     { return real(c) }
func imag128(c complex128) float64     { return imag(c) }
func minF64(a, b float64) float64      { return min(a, b) }
func maxF64(a, b float64) float64      { return max(a, b) }
func minF32(a, b float32) float32      { return min(a, b) }
func maxF32(a, b float32) float32      { return max(a, b) }
func constBool(b bool, x bool) bool    { return b }
func constLen(n int, x any) int        { return n }
func strAt(s string, i int) uint8      { return s[i] }

func decodeRune(s string, i int) (rune, int) {
	r, n := utf8.DecodeRuneInString(s[i:])
	return r, i + n
}

func nextRune(s string, i int) int {
	_, n := utf8.DecodeRuneInString(s[i:])
	return i + n
}

func runeString(i int64) string {
	if i < 0 || i > math.MaxInt32 {
		return "\uFFFD"
	}
	return string(rune(i))
}

func runeStringU(i uint64) string {
	if i > math.MaxInt32 {
		return "\uFFFD"
	}
	return string(rune(i))
}

// shiftCount checks a signed shift count.
func shiftCount(n int64) uint {
	if n < 0 {
		var z uint = 1
		_ = z << n
	}
	return uint(n)
}

func clearMap(m any) { reflect.ValueOf(m).Clear() }

func sliceToArray(n, want int) {
	if n < want {
		panic(rerr(fmt.Sprintf("runtime error: cannot convert slice with length %d to array or pointer to array with length %d", n, want)))
	}
}

func sliceToArrayPointer(s any, want int) any {
	v := reflect.ValueOf(s)
	sliceToArray(v.Len(), want)
	return v.Convert(reflect.PointerTo(reflect.ArrayOf(want, v.Type().Elem()))).Interface()
}

func iterState(n int) {
	switch n {
	case 3:
		panic(rerr("runtime error: range function continued iteration after loop body panic"))
	case 4:
		panic(rerr("runtime error: range function continued iteration after whole loop exit"))
	case 5:
		panic(rerr("runtime error: range function recovered a loop body panic and did not resume panicking"))
	}
	panic(rerr("runtime error: range function continued iteration after function for loop body returned false"))
}

// errorsAsIface is errors.As with a pointer to a variable of interface type d.
func (w *World) errorsAsIface(err any, target *any, d *Type) bool {
	found := false
	walkErrors(err, func(x any) bool {
		if w.Is(x, d) {
			*target, found = x, true
			return true
		}
		if a, ok := x.(interface{ As(any) bool }); ok && a.As(target) {
			found = true
			return true
		}
		return false
	})
	return found
}

func walkErrors(x any, f func(any) bool) bool {
	if x == nil {
		return false
	}
	if f(x) {
		return true
	}
	switch u := x.(type) {
	case interface{ Unwrap() error }:
		return walkErrors(u.Unwrap(), f)
	case interface{ Unwrap() []error }:
		for _, e := range u.Unwrap() {
			if walkErrors(e, f) {
				return true
			}
		}
	}
	return false
}

// print and println write as the runtime does, which prints addresses of what
// has no other text.
type printed string

func printIface(x any) printed {
	if x == nil {
		return "(0x0,0x0)"
	}
	return printed(fmt.Sprintf("(%p,%#x)", rtype.Word(x), pointerOf(reflect.ValueOf(x))))
}

func printSlice(x any) printed {
	v := reflect.ValueOf(x)
	return printed(fmt.Sprintf("[%d/%d]%#x", v.Len(), v.Cap(), v.Pointer()))
}

func printFunc(isNil bool) printed {
	if isNil {
		return "0x0"
	}
	return "0x4a1b20"
}

func printPointer(x any) printed { return printed(fmt.Sprintf("%#x", reflect.ValueOf(x).Pointer())) }

func print1(x any) {
	switch v := x.(type) {
	case printed:
		print(string(v))
	case bool:
		print(v)
	case int:
		print(v)
	case int8:
		print(v)
	case int16:
		print(v)
	case int32:
		print(v)
	case int64:
		print(v)
	case uint:
		print(v)
	case uint8:
		print(v)
	case uint16:
		print(v)
	case uint32:
		print(v)
	case uint64:
		print(v)
	case uintptr:
		print(v)
	case float32:
		print(v)
	case float64:
		print(v)
	case complex64:
		print(v)
	case complex128:
		print(v)
	case string:
		print(v)
	default:
		print(printPointer(x))
	}
}

func printAll(xs ...any) {
	for _, x := range xs {
		print1(x)
	}
}

func printLine(xs ...any) {
	for i, x := range xs {
		if i > 0 {
			print(" ")
		}
		print1(x)
	}
	print("\n")
}

// The functions of fmt that every program uses, without the way through
// reflection.
func (w *World) fmtPrint(a []any) (int, any) { n, err := fmt.Print(w.renewedAll(a)...); return n, err }
func (w *World) fmtPrintln(a []any) (int, any) {
	n, err := fmt.Println(w.renewedAll(a)...)
	return n, err
}
func (w *World) fmtPrintf(f string, a []any) (int, any) {
	n, err := fmt.Printf(f, w.renewedAll(a)...)
	return n, err
}
func (w *World) fmtSprint(a []any) string            { return fmt.Sprint(w.renewedAll(a)...) }
func (w *World) fmtSprintln(a []any) string          { return fmt.Sprintln(w.renewedAll(a)...) }
func (w *World) fmtSprintf(f string, a []any) string { return fmt.Sprintf(f, w.renewedAll(a)...) }
func (w *World) fmtFprint(to any, a []any) (int, any) {
	n, err := fmt.Fprint(w.renewed(to).(io.Writer), w.renewedAll(a)...)
	return n, err
}
func (w *World) fmtFprintln(to any, a []any) (int, any) {
	n, err := fmt.Fprintln(w.renewed(to).(io.Writer), w.renewedAll(a)...)
	return n, err
}
func (w *World) fmtFprintf(to any, f string, a []any) (int, any) {
	n, err := fmt.Fprintf(w.renewed(to).(io.Writer), f, w.renewedAll(a)...)
	return n, err
}
func (w *World) fmtErrorf(f string, a []any) any { return fmt.Errorf(f, w.renewedAll(a)...) }

// stale is called in place of a function that does not compile any more.
func stale(reason string) { panic(&Thrown{Value: errors.New(reason)}) }

// Goexit is runtime.Goexit.
func Goexit() { runtime.Goexit() }

// Symbols are the functions that lowered text calls, by name.
func (w *World) Symbols() map[string]reflect.Value {
	m := map[string]reflect.Value{"Defers": reflect.ValueOf((*Defers)(nil))}
	for name, f := range map[string]any{
		"B": w.B, "Reg": w.Reg, "Result": w.Result, "Is": w.Is, "Which": w.Which, "As": w.As, "AsOk": w.AsOk, "Unbox": w.Unbox,
		"FromCompiled": w.FromCompiled, "Set": w.Set, "Bi": Bi, "Eq": w.Eq, "Eq2": w.Eq2, "In": In, "NilCheck": w.NilCheck, "NilPointer": NilPointer,
		"Loop": func() {}, "Select": w.Select, "Stale": stale, "ToPointer": toPointer, "FromPointer": fromPointer, "UintToPointer": uintToPointer, "PointerToUint": pointerToUint, "StringData": stringData, "UnsafeString": unsafeString, "SliceData": sliceData, "UnsafeSlice": unsafeSlice, "UnsafeAdd": unsafeAdd, "SignalNotify": w.signalNotify, "SignalStop": w.signalStop, "Sleep": w.Sleep, "WgWait": w.wgWait, "Lock": w.lock, "RWLock": w.rwLock, "RWRLock": w.rwRLock, "CondWait": w.condWait, "Go": w.Go, "NewDefers": w.NewDefers, "Defer": w.Defer, "DeferN": w.DeferN, "Run": w.Run, "TakeRec": w.TakeRec,
		"Recover": w.Recover, "Panic": w.Panic, "Exit": w.Exit, "Goexit": Goexit, "ErrorsAsIface": w.errorsAsIface,
		"Nop": nop, "Nil": nilAny, "Yes": yes, "C128": complex1, "MkC128": complex1, "C64": complex2, "MkC64": mkC64, "Real64": real64, "Imag64": imag64,
		"Real128": real128, "Imag128": imag128, "MinFloat64": minF64, "MaxFloat64": maxF64, "MinFloat32": minF32, "MaxFloat32": maxF32,
		"Const": constBool, "ConstLen": constLen, "StrAt": strAt, "Rune": decodeRune, "NextRune": nextRune, "RuneStr": runeString,
		"RuneStrU": runeStringU, "Shift": shiftCount, "ClearMap": clearMap, "SliceArr": sliceToArray, "SliceArrP": sliceToArrayPointer,
		"IterState": iterState, "Pi": printIface, "Ps": printSlice, "Pf": printFunc, "Pp": printPointer, "Print": printAll, "PrintLn": printLine,
		"FmtPrint": w.fmtPrint, "FmtPrintln": w.fmtPrintln, "FmtPrintf": w.fmtPrintf, "FmtSprint": w.fmtSprint, "FmtSprintln": w.fmtSprintln,
		"FmtSprintf": w.fmtSprintf, "FmtFprint": w.fmtFprint, "FmtFprintln": w.fmtFprintln, "FmtFprintf": w.fmtFprintf, "FmtErrorf": w.fmtErrorf,
		"Caller": w.caller, "Callers": w.callers, "CallersFrames": w.callersFrames, "FramesNext": w.nextFrame, "FuncForPC": w.funcForPC,
		"FuncName": w.funcName, "FuncEntry": w.funcEntry, "FuncFileLine": w.funcFileLine, "Stack": w.stack, "PrintStack": w.printStack, "RuntimeStack": w.runtimeStack,
	} {
		m[name] = reflect.ValueOf(f)
	}
	for _, list := range []map[string]any{w.logSymbols(), w.reflectSymbols(), {"JSONUnmarshal": w.jsonUnmarshal, "JSONDecode": w.jsonDecode}} {
		for name, f := range list {
			m[name] = reflect.ValueOf(f)
		}
	}
	return m
}

// Go starts a goroutine of a cell; pos is its go statement.
func (w *World) Go(pos string, body func()) {
	if w.Hooks.Go != nil {
		w.Hooks.Go(pos, body)
		return
	}
	go body()
}

// Exit is os.Exit.
func (w *World) Exit(code int) { w.Hooks.Exit(code) }
