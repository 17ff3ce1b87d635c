package lower

import (
	"fmt"
	"go/types"
	"reflect"
)

func (l *Lowerer) tmp() string {
	l.count.tmp++
	return fmt.Sprintf("t%d", l.count.tmp)
}

// varName names a variable; a package's or a cell's keeps its name over cells.
func (l *Lowerer) varName(v *types.Var) string {
	u := l.unit
	switch {
	case v.Name() == "_":
		return "_"
	case u.rename[v] != "":
		return u.rename[v]
	case v.Pkg() != nil && v.Parent() == v.Pkg().Scope() && l.native(v.Pkg()):
		return l.qualified(v)
	case v.Pkg() != nil && v.Parent() == v.Pkg().Scope(), u.globals[v], l.gvars[v] != "":
		return l.global(v)
	}
	if n, ok := u.locals[v]; ok {
		return n
	}
	l.count.local++
	n := fmt.Sprintf("%s_%d", mangle(v.Name()), l.count.local)
	u.locals[v] = n
	return n
}

func (l *Lowerer) global(v *types.Var) string {
	if n, ok := l.gvars[v]; ok {
		return n
	}
	l.count.gvar++
	n := fmt.Sprintf("G%d_%s", l.count.gvar, mangle(v.Name()))
	l.gvars[v] = n
	l.undo = append(l.undo, func() { delete(l.gvars, v) })
	l.unit.vars = append(l.unit.vars, fmt.Sprintf("var %s %s", n, l.ty(v.Type())))
	return n
}

func (l *Lowerer) fnKey(f *types.Func, targs []types.Type) string {
	key := fmt.Sprintf("%p", f)
	for _, t := range targs {
		key += fmt.Sprintf(",%d", l.tid(t))
	}
	return key
}

// fn names an instance of a function or method and has it written.
func (l *Lowerer) fn(f *types.Func, targs []types.Type) string {
	if l.native(f.Pkg()) {
		if !isGeneric(f) {
			return l.compiledFunc(f)
		}
		f = l.stdFunc(f)
	}
	f = f.Origin()
	key := l.fnKey(f, targs)
	if n, ok := l.names[key]; ok {
		return n
	}
	l.count.fn++
	name := fmt.Sprintf("F%d_%s", l.count.fn, mangle(f.Name()))
	l.setName(key, name)
	l.unit.queue = append(l.unit.queue, job{name: name, f: f, targs: targs, key: key})
	return name
}

// direct are the compiled functions that rt has in static form.
var direct = map[string]string{
	"fmt.Print": "rt.FmtPrint", "fmt.Println": "rt.FmtPrintln", "fmt.Printf": "rt.FmtPrintf", "fmt.Sprint": "rt.FmtSprint",
	"fmt.Sprintln": "rt.FmtSprintln", "fmt.Sprintf": "rt.FmtSprintf", "fmt.Fprint": "rt.FmtFprint", "fmt.Fprintln": "rt.FmtFprintln",
	"fmt.Fprintf": "rt.FmtFprintf", "fmt.Errorf": "rt.FmtErrorf", "os.Exit": "rt.Exit", "runtime.Goexit": "rt.Goexit", "time.Sleep": "rt.Sleep",
	"os/signal.Notify": "rt.SignalNotify", "os/signal.Stop": "rt.SignalStop",
	"runtime.Caller": "rt.Caller", "runtime.Callers": "rt.Callers", "runtime.CallersFrames": "rt.CallersFrames", "runtime.FuncForPC": "rt.FuncForPC",
	"runtime.Stack": "rt.RuntimeStack", "runtime/debug.Stack": "rt.Stack", "runtime/debug.PrintStack": "rt.PrintStack",
	"log.Print": "rt.LogPrint", "log.Println": "rt.LogPrintln", "log.Printf": "rt.LogPrintf", "log.Fatal": "rt.LogFatal", "log.Fatalln": "rt.LogFatalln",
	"log.Fatalf": "rt.LogFatalf", "log.Panic": "rt.LogPanic", "log.Panicln": "rt.LogPanicln", "log.Panicf": "rt.LogPanicf", "log.Output": "rt.LogOutput",
	"reflect.Append": "rt.ReflectAppend", "encoding/json.Unmarshal": "rt.JSONUnmarshal",
}

// compiledFunc names a compiled function, adapted where its static form
// differs.
func (l *Lowerer) compiledFunc(f *types.Func) string {
	if d, ok := direct[f.FullName()]; ok {
		return d
	}
	v := l.compiledValue(f)
	if w := l.world.Waiting(f.Pkg().Path(), f.Name(), v); w != v {
		v = w
	}
	st := l.static(plain(f.Type().(*types.Signature)))
	if v.Type() == st && v == l.compiledValue(f) {
		return l.qualified(f)
	}
	return l.symbol("N_"+mangle(f.Pkg().Path())+"_"+f.Name(), l.adapted(v, st))
}

// adapted is rt's Adapt; a function that cannot be adapted is refused.
func (l *Lowerer) adapted(v reflect.Value, st reflect.Type) (r reflect.Value) {
	defer l.unsupported()
	return l.world.Adapt(v, st)
}

// waiting are the methods that wait, which rt has in a form that can be ended.
var waiting = map[string]string{"(*sync.WaitGroup).Wait": "rt.WgWait", "(*sync.Mutex).Lock": "rt.Lock", "(*sync.RWMutex).Lock": "rt.RWLock",
	"(*sync.RWMutex).RLock": "rt.RWRLock", "(*sync.Cond).Wait": "rt.CondWait"}

// telling are the methods that tell where they are called, which rt has so that
// they know cells.
var telling = map[string]string{"(*runtime.Frames).Next": "rt.FramesNext", "(*runtime.Func).Name": "rt.FuncName", "(*runtime.Func).Entry": "rt.FuncEntry",
	"(*runtime.Func).FileLine": "rt.FuncFileLine", "(*log.Logger).Print": "rt.LoggerPrint", "(*log.Logger).Println": "rt.LoggerPrintln",
	"(*log.Logger).Printf": "rt.LoggerPrintf", "(*log.Logger).Fatal": "rt.LoggerFatal", "(*log.Logger).Fatalln": "rt.LoggerFatalln",
	"(*log.Logger).Fatalf": "rt.LoggerFatalf", "(*log.Logger).Panic": "rt.LoggerPanic", "(*log.Logger).Panicln": "rt.LoggerPanicln",
	"(*log.Logger).Panicf": "rt.LoggerPanicf", "(*log.Logger).Output": "rt.LoggerOutput"}

// reflecting are the methods to which interface types of cells look like any,
// which rt has so that they do not.
var reflecting = map[string]string{"(reflect.Value).Set": "rt.ValueSet", "(reflect.Value).SetMapIndex": "rt.ValueSetMapIndex", "(reflect.Value).Convert": "rt.ValueConvert",
	"(reflect.Value).CanConvert": "rt.ValueCanConvert", "(reflect.Value).Call": "rt.ValueCall", "(reflect.Value).CallSlice": "rt.ValueCallSlice",
	"(reflect.Value).NumMethod": "rt.ValueNumMethod", "(reflect.Value).Method": "rt.ValueMethod", "(reflect.Value).MethodByName": "rt.ValueMethodByName",
	"(*encoding/json.Decoder).Decode": "rt.JSONDecode"}

// compiledMethod is a method of a compiled type, as a function whose first parameter is the
// receiver.
func (l *Lowerer) compiledMethod(recv types.Type, f *types.Func) string {
	for _, own := range []map[string]string{waiting, telling, reflecting} {
		if s, ok := own[f.FullName()]; ok {
			return s
		}
	}
	m, ok := l.static(recv).MethodByName(f.Name())
	if !ok {
		l.refuse(l.unit.pos, "method %s of %v is not available in cells", f.Name(), recv)
	}
	sig := plain(f.Type().(*types.Signature))
	in := []reflect.Type{l.static(recv)}
	for i := 0; i < sig.Params().Len(); i++ {
		in = append(in, l.static(sig.Params().At(i).Type()))
	}
	var out []reflect.Type
	for i := 0; i < sig.Results().Len(); i++ {
		out = append(out, l.static(sig.Results().At(i).Type()))
	}
	st := reflect.FuncOf(in, out, false)
	return l.symbol(fmt.Sprintf("M%d_%s", l.tid(recv), f.Name()), l.adapted(l.world.Method(l.static(recv), f.Name(), m.Func), st))
}

// caller names the function that calls method f of a value of interface type
// it.
func (l *Lowerer) caller(it types.Type, f *types.Func) string {
	sig := l.subst(f.Type()).(*types.Signature)
	if o, _, _ := types.LookupFieldOrMethod(it, false, f.Pkg(), f.Name()); o != nil {
		if m, ok := o.(*types.Func); ok {
			sig, f = m.Type().(*types.Signature), m
		}
	}
	sig = plain(sig)
	name := fmt.Sprintf("I%d_%s", l.tid(sig), mangle(f.Id()))
	if m := l.unit.syms["rt"]; m[name].IsValid() {
		return "rt." + name
	}
	return l.symbol(name, l.world.Caller(f.Id(), f.Name(), l.static(sig)))
}

// unsupported turns a conversion that rt cannot make into a refusal.
func (l *Lowerer) unsupported() {
	switch r := recover().(type) {
	case nil:
	case interface{ Unsupported() string }:
		l.refuse(l.unit.pos, "%s", r.Unsupported())
	default:
		panic(r)
	}
}

func (l *Lowerer) lookup(t types.Type, pkg *types.Package, name string) (types.Object, []int) {
	o, idx, _ := types.LookupFieldOrMethod(t, true, pkg, name)
	if o == nil {
		panic(fmt.Sprintf("lower: %v has no %s", t, name))
	}
	return o, idx
}
