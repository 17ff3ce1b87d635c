package interp

import (
	"errors"
	"fmt"
	"io"
	"path"
	"reflect"
	"runtime/debug"
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
type Machine struct {
	opts  Options
	env   *cell.Env
	low   *lower.Lowerer
	world *rt.World
	in    *interp.Interpreter
	names []string // of cells, by the number that positions carry

	mu      sync.Mutex
	outcome error // of the running cell
}

// New makes a Machine without state.
func New(opts Options) *Machine {
	m := &Machine{opts: opts, env: cell.NewEnv(), world: rt.New()}
	m.low = lower.New(m.world)
	m.in = interp.New(interp.Options{Unrestricted: true, Stderr: io.Discard})
	m.use(map[string]map[string]reflect.Value{"rt": m.world.Symbols(), "unsafe": {"Pointer": reflect.ValueOf((*unsafe.Pointer)(nil))}})
	m.world.Hooks = rt.Hooks{Main: m.runCell, Go: m.startGoroutine, Exit: exit, Recovered: func() {}}
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
	m.outcome = nil
	m.world.TakeResult()
	if err := m.execute(unit); err != nil {
		return Value{}, err
	}
	if m.outcome != nil {
		return Value{}, m.outcome
	}
	return Value{values: m.world.TakeResult()}, nil
}

// prepare checks and lowers a cell.
func (m *Machine) prepare(name, text string) (*lower.Unit, error) {
	c, err := m.env.Check(name, text)
	if err != nil {
		return nil, err
	}
	unit, err := m.low.Lower(c)
	if err != nil {
		return nil, err
	}
	m.names = append(m.names, name)
	m.env.Define(c)
	m.low.Commit()
	return unit, nil
}

// Fault is a defect of this program: a cell that is right did not compile.
type Fault struct {
	Err  error
	Text string // what the cell was lowered to
}

func (f *Fault) Error() string {
	return "this cell is right, but cannot be run here yet; please report it with its text: " + f.Err.Error()
}

// execute compiles and runs a lowered cell.
func (m *Machine) execute(u *lower.Unit) (err error) {
	m.use(u.Symbols)
	defer func() {
		if r := recover(); r != nil {
			err = &Fault{fmt.Errorf("%v\n%s", r, debug.Stack()), u.Text}
		}
	}()
	p, err := m.in.Compile(u.Text)
	if err != nil {
		return &Fault{err, u.Text}
	}
	_, err = m.in.Execute(p)
	var ip interp.Panic
	if errors.As(err, &ip) {
		return &Fault{fmt.Errorf("%v", ip.Value), u.Text}
	}
	if err != nil {
		return &Fault{err, u.Text}
	}
	return nil
}

// runCell runs the body of a cell.
func (m *Machine) runCell(body func()) {
	defer func() {
		if r := recover(); r != nil {
			m.outcome = &Panic{Text: m.words(r)}
		}
	}()
	body()
}

func (m *Machine) words(r any) string {
	v := m.world.Fix(r)
	s := m.world.Words(v)
	if e, ok := v.(error); ok && e == nil {
		return s
	}
	return s
}

func (m *Machine) startGoroutine(pos string, body func()) {
	go func() {
		defer func() {
			if r := recover(); r != nil && m.opts.OnPanic != nil {
				m.opts.OnPanic(&Panic{Text: m.words(r)})
			}
		}()
		body()
	}()
}

// Interrupt ends the running cell; state is kept.
func (m *Machine) Interrupt() {}

// Env is what cells have defined, for completion and inspection.
func (m *Machine) Env() *cell.Env { return m.env }

// Goroutines lists the goroutines that cells started and that have not ended.
func (m *Machine) Goroutines() []Goroutine { return nil }

// Lowered gives the text that a program is lowered to, for those who look for
// faults in this program.
func Lowered(name, text string) (string, error) {
	u, err := New(Options{}).prepare(name, text)
	if err != nil {
		return "", err
	}
	return u.Text, nil
}
