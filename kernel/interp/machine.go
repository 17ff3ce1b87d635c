package interp

import (
	"errors"
	"fmt"
	"go/parser"
	"io"
	"os"
	"path"
	"reflect"
	"regexp"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"github.com/traefik/yaegi/interp"

	"sockbook/kernel/cell"
	"sockbook/kernel/lower"
	"sockbook/kernel/lower/rt"
)

// Machine is the Go state of one process made of cells. It runs one cell at a
// time; goroutines of earlier cells go on. Run is not to be called while
// another Run is under way; the other methods may be called at any time.
//
// Its goroutines: one for each Run, which ends with it unless it was left
// behind by an interrupt, and those that cells start.
type Machine struct {
	opts     Options
	program  bool       // a whole program: dies as Go's would
	maxStack uintptr    // bytes of a goroutine's stack
	checking sync.Mutex // serialises uses of env and low
	env      *cell.Env
	low      *lower.Lowerer
	world    *rt.World
	in       *interp.Interpreter
	fields   engineFields

	gs  goroutines
	gs2 int // sweep when there are more goroutines than this; under gs.mu

	mu        sync.Mutex
	names     []string // of cells, by the number that positions carry
	texts     []loaded
	globals   int           // package variables made
	compiled  int           // units so far
	replacing [][2]string   // functions of earlier texts that the one compiled last replaces
	cell      *node         // its body
	renewal   *rt.Renewal   // and what it makes of values
	running   *goroutine    // of the cell, nil between cells
	done      chan struct{} // closed when the running cell's goroutine has ended
	left      chan struct{} // closed when it is left behind
	before    []Goroutine   // what the goroutines did when the interrupt came
}

// New makes a Machine without state.
func New(opts Options) *Machine { return newMachine(opts, false) }

func newMachine(opts Options, program bool) *Machine {
	m := &Machine{opts: opts, program: program, maxStack: stackLimit(), env: cell.NewEnv(), world: rt.New(), gs2: 256}
	m.gs.byID = map[int64]*goroutine{}
	fields, err := check()
	if err != nil {
		panic(err) // this binary was built with another interpreter
	}
	m.fields = fields
	m.low = lower.New(m.world)
	m.in = interp.New(interp.Options{Unrestricted: true, Stderr: io.Discard, Args: []string{"sockbook"}})
	m.globalFrame().data = make([]reflect.Value, maxGlobals)
	m.use(map[string]map[string]reflect.Value{"rt": m.world.Symbols(), "unsafe": {"Pointer": reflect.ValueOf((*unsafe.Pointer)(nil))}})
	m.world.Hooks = rt.Hooks{Go: m.startGoroutine, Exit: exit, Recovered: func() { m.current().recovered() }, Call: m.callDirectly, Calls: m.calls,
		Cancel: func() <-chan struct{} { return m.current().cancel }, Cancelled: func() { m.stopHere(m.current()) },
		Waits: m.waits}
	return m
}

// use gives the interpreter compiled values by import path and name.
func (m *Machine) use(symbols map[string]map[string]reflect.Value) {
	exports := interp.Exports{}
	for p, names := range symbols {
		exports[p+"/"+path.Base(p)] = names
	}
	if err := m.in.Use(exports); err != nil {
		panic(err) // only for a malformed path, and the paths are ours
	}
}

// Run checks, lowers and runs a cell called name, and gives the value of its
// last expression. The error is a *cell.Error or *lower.Refused (then nothing
// of the cell ran or is defined), a *Panic, *Interrupted or *StackOverflow.
func (m *Machine) Run(name, text string) (Value, error) {
	unit, err := m.prepare(name, text)
	if err != nil {
		return Value{}, err
	}
	m.world.TakeResult()
	p, err := m.compile(name, unit)
	if err != nil {
		return Value{}, err
	}
	done, left := make(chan struct{}), make(chan struct{})
	ready := make(chan struct{})
	go func() {
		defer close(done)
		label(name, 0)
		g := m.enter(Frame{})
		m.mu.Lock()
		m.running, m.done, m.left, m.before = g, done, left, nil
		m.mu.Unlock()
		close(ready)
		defer m.leave(g)
		e := m.execute(g, p, unit)
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.running == g { // not left behind
			m.running = nil
			err = e
		}
	}()
	<-ready
	select {
	case <-done:
	case <-left:
		m.mu.Lock()
		defer m.mu.Unlock()
		return Value{}, &Interrupted{Goroutines: m.before, Abandoned: true}
	}
	if err != nil {
		return Value{}, err
	}
	return Value{values: m.world.TakeResult()}, nil
}

// prepare checks and lowers a cell.
func (m *Machine) prepare(name, text string) (*lower.Unit, error) {
	m.checking.Lock()
	defer m.checking.Unlock()
	c, err := m.env.Check(name, text)
	if err != nil {
		return nil, err
	}
	unit, err := m.low.Lower(c)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	m.names = append(m.names, name)
	m.mu.Unlock()
	m.env.Define(c)
	m.low.Commit()
	return unit, nil
}

// Fault is a defect of this program: a cell that is right did not compile.
type Fault struct {
	Err   error
	Text  string // what the cell was lowered to
	Place Frame  // in the cell, as far as known
	Stack []byte // where the interpreter failed, if it did
}

func (f *Fault) Error() string {
	s := "this cell is right, but cannot be run here yet; please report it with its text: " + f.Err.Error()
	if f.Place.Line > 0 {
		return fmt.Sprintf("%s:%d:%d: %s", f.Place.Cell, f.Place.Line, f.Place.Column, s)
	}
	return s
}

// fault describes what the engine says of a text that it does not take.
func fault(name string, u *lower.Unit, err error) *Fault {
	f := &Fault{Err: err, Text: u.Text}
	where := placeInText.FindStringSubmatch(err.Error())
	if where == nil {
		return f
	}
	f.Err = errors.New(strings.TrimPrefix(err.Error(), where[0]))
	line, _ := strconv.Atoi(where[1])
	column, _ := strconv.Atoi(where[2])
	offset := column - 1
	for n, text := range strings.SplitAfter(u.Text, "\n") {
		if n == line-1 {
			break
		}
		offset += len(text)
	}
	k := sort.Search(len(u.Marks), func(k int) bool { return u.Marks[k].Offset > offset })
	if k > 0 {
		mark := u.Marks[k-1]
		f.Place = Frame{Cell: name, Line: mark.Line, Column: mark.Column}
		if mark.Cell != "" {
			f.Place.Cell = mark.Cell
		}
	}
	return f
}

var placeInText = regexp.MustCompile(`^(?:c\d+\.go:)?(\d+):(\d+): `)

// begin runs the body of a compiled text, whose functions and variables are
// ready. The error is an interp.Panic.
func (m *Machine) begin(g *goroutine) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = interp.Panic{Value: r, Stack: debug.Stack()}
		}
	}()
	m.replace(m.replacing)
	m.replacing = nil
	m.world.Renew(m.renewal, m.variables, m.captured)
	m.renewal = nil
	l := layoutOf(m.cell)
	m.body(l, newFrame(m.globalFrame(), nil, l, g), g)
	return nil
}

// compile gives the engine a lowered cell.
func (m *Machine) compile(name string, u *lower.Unit) (p *interp.Program, err error) {
	m.use(u.Symbols)
	defer func() {
		if r := recover(); r != nil {
			f := fault(name, u, fmt.Errorf("%v", r))
			f.Stack = debug.Stack()
			err = f
		}
	}()
	m.compiled++
	file := fmt.Sprintf("c%d.go", m.compiled)
	base := m.in.FileSet().Base()
	tree, err := parser.ParseFile(m.in.FileSet(), file, u.Text, parser.SkipObjectResolution)
	if err != nil {
		return nil, fault(name, u, err)
	}
	p, err = m.in.CompileAST(tree)
	if err != nil {
		return nil, fault(name, u, err)
	}
	defer m.release(file)
	m.mu.Lock()
	m.texts = append(m.texts, loaded{base, base + len(u.Text) + 1, name, u.Marks, u.Funcs})
	m.mu.Unlock()
	root := treeOf(p).root
	m.adjust(root)
	m.replacing, m.renewal, m.cell = u.Replaced, u.Renewal, m.packageScope().sym["Cell"].node
	return p, nil
}

// execute runs a compiled cell in the calling goroutine.
func (m *Machine) execute(g *goroutine, p *interp.Program, u *lower.Unit) error {
	m.growGlobals()
	defer m.cutLoose(treeOf(p).root)
	_, err := m.in.Execute(p)
	if err == nil {
		err = m.begin(g)
	}
	if ip, ok := err.(interp.Panic); ok && os.Getenv("SOCKBOOK_STACK") != "" {
		os.Stderr.Write(ip.Stack)
	}
	var ip interp.Panic
	if !errors.As(err, &ip) {
		if err != nil {
			return &Fault{Err: err, Text: u.Text}
		}
		return nil
	}
	if e, ok := m.world.Thrown(ip.Value).(*ended); ok {
		return m.endedError(g, e)
	}
	return m.panicOf(g, ip.Value)
}

// endedError is the error of a cell that was made to end.
func (m *Machine) endedError(g *goroutine, e *ended) error {
	frames := m.frames(g)
	if so, ok := e.why.(*StackOverflow); ok {
		so.Frames = frames
		return so
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return &Interrupted{Frames: frames, Goroutines: m.before}
}

// panicOf describes a panic that reached the end of a goroutine; it is nil for
// a goroutine that was made to end.
func (m *Machine) panicOf(g *goroutine, r any) *Panic {
	if e, ok := m.world.Thrown(r).(*ended); ok {
		if _, ok := e.why.(*StackOverflow); !ok {
			return nil
		}
		return &Panic{Text: e.why.Error(), Frames: m.frames(g), Goroutine: g.id, Started: g.started}
	}
	frames := m.frames(g) // before the text, for which a cell's Error or String runs
	return &Panic{Text: m.world.PanicText(r), Frames: frames, Goroutine: g.id, Started: g.started}
}

// Look calls f with what cells have defined, for completion and inspection. It
// may be called while a cell runs, but waits while one is checked.
func (m *Machine) Look(f func(*cell.Env)) {
	m.checking.Lock()
	defer m.checking.Unlock()
	f(m.env)
}

// Lowered gives the text that a program is lowered to, for those who look for
// faults in this program.
func Lowered(name, text string) (string, error) {
	u, err := New(Options{}).prepare(name, text)
	if err != nil {
		return "", err
	}
	return u.Text, nil
}
