package rt

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"unsafe"
)

// What tells a program where it is: package runtime's Caller and its like, and
// package log's file and line. Compiled code sees the interpreter there, the
// cell is to see itself.

// A Call is a place in a cell where a call is made.
type Call struct {
	Func string // as in "main.handle"
	File string // the cell
	Line int
}

// places are the calls that cells were given as program counters.
type places struct {
	mu     sync.Mutex
	calls  []Call
	pcs    map[Call]uintptr
	funcs  map[*runtime.Func]Call
	byCall map[Call]*runtime.Func
	frames map[*runtime.Frames][]runtime.Frame
}

// firstPlace is above all addresses of code.
const firstPlace = 1 << 62

func (w *World) calls() []Call {
	if w.Hooks.Calls == nil {
		return nil
	}
	return w.Hooks.Calls()
}

func (p *places) pc(c Call) uintptr {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pcs == nil {
		p.pcs = map[Call]uintptr{}
	}
	pc, ok := p.pcs[c]
	if !ok {
		pc = firstPlace + uintptr(len(p.calls))
		p.calls = append(p.calls, c)
		p.pcs[c] = pc
	}
	return pc
}

func (p *places) call(pc uintptr) (Call, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if pc < firstPlace || pc-firstPlace >= uintptr(len(p.calls)) {
		return Call{}, false
	}
	return p.calls[pc-firstPlace], true
}

// caller is runtime.Caller.
func (w *World) caller(skip int) (uintptr, string, int, bool) {
	list := w.calls()
	if skip < 0 || skip >= len(list) {
		return 0, "", 0, false
	}
	c := list[skip]
	return w.places.pc(c), c.File, c.Line, true
}

// callers is runtime.Callers.
func (w *World) callers(skip int, pcs []uintptr) int {
	list := append([]Call{{Func: "runtime.Callers", File: "runtime/extern.go"}}, w.calls()...)
	n := 0
	for i := max(skip, 0); i < len(list) && n < len(pcs); i++ {
		pcs[n] = w.places.pc(list[i])
		n++
	}
	return n
}

// callersFrames is runtime.CallersFrames, nextFrame its Next.
func (w *World) callersFrames(pcs []uintptr) *runtime.Frames {
	var list []runtime.Frame
	for i, pc := range pcs {
		if c, ok := w.places.call(pc); ok {
			list = append(list, runtime.Frame{PC: pc, Function: c.Func, File: c.File, Line: c.Line, Entry: pc})
			continue
		}
		compiled := runtime.CallersFrames(pcs[i : i+1])
		for more := true; more; {
			var f runtime.Frame
			f, more = compiled.Next()
			list = append(list, f)
		}
	}
	p := &w.places
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.frames == nil {
		p.frames = map[*runtime.Frames][]runtime.Frame{}
	}
	f := new(runtime.Frames)
	p.frames[f] = list
	return f
}

func (w *World) nextFrame(f *runtime.Frames) (runtime.Frame, bool) {
	p := &w.places
	p.mu.Lock()
	defer p.mu.Unlock()
	list, ok := p.frames[f]
	switch {
	case !ok:
		return f.Next() // done, which gives nothing, or compiled code's
	case len(list) <= 1:
		delete(p.frames, f)
		if len(list) == 0 {
			return runtime.Frame{}, false
		}
		return list[0], false
	}
	p.frames[f] = list[1:]
	return list[0], true
}

// funcForPC is runtime.FuncForPC. A place of a cell is a Func of its own,
// which funcName and the others know by its address.
func (w *World) funcForPC(pc uintptr) *runtime.Func {
	c, ok := w.places.call(pc)
	if !ok {
		return runtime.FuncForPC(pc)
	}
	p := &w.places
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.byCall[c]; f != nil {
		return f
	}
	if p.funcs == nil {
		p.funcs, p.byCall = map[*runtime.Func]Call{}, map[Call]*runtime.Func{}
	}
	f := (*runtime.Func)(unsafe.Pointer(new([16]byte)))
	p.funcs[f], p.byCall[c] = c, f
	return f
}

func (w *World) callOf(f *runtime.Func) (Call, bool) {
	w.places.mu.Lock()
	defer w.places.mu.Unlock()
	c, ok := w.places.funcs[f]
	return c, ok
}

func (w *World) funcName(f *runtime.Func) string {
	if c, ok := w.callOf(f); ok {
		return c.Func
	}
	return f.Name()
}

func (w *World) funcEntry(f *runtime.Func) uintptr {
	if c, ok := w.callOf(f); ok {
		return w.places.pc(c)
	}
	return f.Entry()
}

func (w *World) funcFileLine(f *runtime.Func, pc uintptr) (string, int) {
	if c, ok := w.callOf(f); ok {
		if at, ok := w.places.call(pc); ok {
			c = at
		}
		return c.File, c.Line
	}
	return f.FileLine(pc)
}

// stack is debug.Stack: the cell's own calls.
func (w *World) stack() []byte {
	var b bytes.Buffer
	head := make([]byte, 64)
	head = head[:runtime.Stack(head, false)]
	if i := bytes.IndexByte(head, '\n'); i >= 0 {
		head = head[:i]
	}
	fmt.Fprintf(&b, "%s\n", head)
	for _, c := range w.calls() {
		fmt.Fprintf(&b, "%s(...)\n\t%s:%d\n", c.Func, c.File, c.Line)
	}
	return b.Bytes()
}

func (w *World) printStack() { os.Stderr.Write(w.stack()) }

// runtimeStack is runtime.Stack. For all goroutines it is what it is.
func (w *World) runtimeStack(buf []byte, all bool) int {
	if all {
		return runtime.Stack(buf, true)
	}
	return copy(buf, w.stack())
}

// logged writes a message of l with the place of the cell's call, the skip-th
// from the innermost one.
func (w *World) logged(l *log.Logger, skip int, text string) any {
	flags := l.Flags()
	if flags&(log.Lshortfile|log.Llongfile) == 0 {
		return noError(l.Output(skip+2, text))
	}
	to := l.Writer()
	if to == io.Discard {
		return nil
	}
	place := Call{File: "???"}
	if list := w.calls(); skip < len(list) {
		place = list[skip]
	}
	prefix := l.Prefix()
	head := fmt.Sprintf("%s:%d: ", place.File[strings.LastIndexByte(place.File, '/')+1:], place.Line)
	if flags&log.Lshortfile == 0 {
		head = fmt.Sprintf("%s:%d: ", place.File, place.Line)
	}
	if flags&log.Lmsgprefix != 0 {
		head, prefix = head+prefix, ""
	}
	var line bytes.Buffer
	log.New(&line, prefix, flags&^(log.Lshortfile|log.Llongfile|log.Lmsgprefix)).Output(2, head+text)
	mu := writeLock(l)
	mu.Lock()
	defer mu.Unlock()
	_, err := to.Write(line.Bytes())
	return noError(err)
}

func noError(err error) any {
	if err == nil {
		return nil
	}
	return err
}

// writeLock is what serialises a Logger's writes; one that is not found is
// another one for all.
func writeLock(l *log.Logger) *sync.Mutex {
	f, ok := reflect.TypeFor[log.Logger]().FieldByName("outMu")
	if !ok || f.Type != reflect.TypeFor[sync.Mutex]() {
		return &anyLogger
	}
	return (*sync.Mutex)(unsafe.Add(unsafe.Pointer(l), f.Offset))
}

var anyLogger sync.Mutex

// logSymbols are the functions of package log as functions with a Logger in
// front, and without.
func (w *World) logSymbols() map[string]any {
	m := map[string]any{
		"LogOutput":    func(skip int, s string) any { return w.logged(log.Default(), skip-1, s) },
		"LoggerOutput": func(l *log.Logger, skip int, s string) any { return w.logged(l, skip-1, s) },
	}
	for name, after := range map[string]func(string){
		"Print": func(string) {}, "Fatal": func(string) { w.Exit(1) }, "Panic": func(s string) { panic(&Thrown{Value: s}) },
	} {
		plain := func(l *log.Logger, v []any) {
			s := fmt.Sprint(w.renewedAll(v)...)
			w.logged(l, 0, s)
			after(s)
		}
		line := func(l *log.Logger, v []any) {
			s := fmt.Sprintln(w.renewedAll(v)...)
			w.logged(l, 0, s)
			after(s)
		}
		format := func(l *log.Logger, f string, v []any) {
			s := fmt.Sprintf(f, w.renewedAll(v)...)
			w.logged(l, 0, s)
			after(s)
		}
		m["Logger"+name], m["Logger"+name+"ln"], m["Logger"+name+"f"] = plain, line, format
		m["Log"+name] = func(v []any) { plain(log.Default(), v) }
		m["Log"+name+"ln"] = func(v []any) { line(log.Default(), v) }
		m["Log"+name+"f"] = func(f string, v []any) { format(log.Default(), f, v) }
	}
	return m
}
