package interp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"

	"github.com/traefik/yaegi/interp"
)

// Machine is the Go state of one process made of cells. It runs one cell at a
// time; goroutines of earlier cells go on. Run is not to be called while
// another Run is under way; the other methods may be called at any time.
type Machine struct {
	opts Options
	in   *interp.Interpreter

	mu     sync.Mutex
	cancel context.CancelFunc // ends the running cell, nil between cells
}

// New makes a Machine without state.
func New(opts Options) *Machine {
	return &Machine{opts: opts, in: interp.New(interp.Options{Unrestricted: true, Stderr: io.Discard})}
}

// Run checks, lowers and runs a cell called name, and gives the value of its
// last expression. The error is a *Panic, *Interrupted, *StackOverflow, or
// says why the cell did not run.
func (m *Machine) Run(name, text string) (Value, error) {
	ctx, cancel := context.WithCancel(context.Background())
	m.mu.Lock()
	m.cancel = cancel
	m.mu.Unlock()
	defer cancel()
	v, err := m.in.EvalWithContext(ctx, text)
	var p interp.Panic
	switch {
	case errors.As(err, &p):
		return Value{}, &Panic{Text: fmt.Sprint(p.Value)}
	case errors.Is(err, context.Canceled):
		return Value{}, &Interrupted{}
	}
	return Value{v}, err
}

// Interrupt ends the running cell; state is kept.
func (m *Machine) Interrupt() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cancel != nil {
		m.cancel()
	}
}

// Goroutines lists the goroutines that cells started and that have not ended.
func (m *Machine) Goroutines() []Goroutine { return nil }

// Value is what a cell's last expression gave; the zero Value is none.
type Value struct{ v reflect.Value }

// Valid reports whether the cell gave a value.
func (v Value) Valid() bool { return v.v.IsValid() }

// Bundle gives the value as MIME data: always text/plain, and what the value
// says of itself.
func (v Value) Bundle() map[string]any {
	if !v.Valid() {
		return nil
	}
	return map[string]any{"text/plain": fmt.Sprint(v.v)}
}
