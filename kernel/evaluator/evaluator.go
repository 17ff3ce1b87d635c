// Package evaluator is what a worker does with a cell: run it on the Go
// machine, and turn values and errors into what people see. [New] makes it for
// worker.Main. It knows nothing of processes and frames.
package evaluator

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"sockbook/kernel/cell"
	"sockbook/kernel/interp"
	"sockbook/kernel/worker"
)

// Evaluator is a worker.Evaluator over an interp.Machine.
type Evaluator struct {
	machine *interp.Machine

	mu    sync.Mutex        // guards cells
	cells map[string]string // name → text, of what panics may point into
	names []string          // of cells, oldest first
}

// maxCells is how many cells' texts are kept to be quoted in tracebacks.
const maxCells = 1000

// New returns an evaluator without state.
func New() *Evaluator {
	e := &Evaluator{cells: map[string]string{}}
	e.machine = interp.New(interp.Options{OnPanic: e.latePanic})
	return e
}

// Warm does beforehand what the first cells would wait for; it may run beside
// all other methods.
func (e *Evaluator) Warm() { e.machine.Warm() }

// Run runs a cell to its end.
func (e *Evaluator) Run(name, text string) worker.Outcome {
	e.remember(name, text)
	v, err := e.machine.Run(name, text)
	if err != nil {
		return worker.Outcome{Failure: e.failure(err)}
	}
	return worker.Outcome{Result: v.Bundle()}
}

// Interrupt makes a running Run return soon, its state kept.
func (e *Evaluator) Interrupt() { e.machine.Interrupt() }

// Where says which line of which cell the calling goroutine is at.
func (e *Evaluator) Where() (cell string, line int) {
	f := e.machine.Where()
	return f.Cell, f.Line
}

// Rests reports whether a cell runs and all of its goroutines wait.
func (e *Evaluator) Rests() bool {
	goroutines := e.machine.Goroutines()
	for _, g := range goroutines {
		if g.State == "running" || g.State == "runnable" {
			return false
		}
	}
	return len(goroutines) > 0
}

func (e *Evaluator) remember(name, text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, ok := e.cells[name]; !ok {
		e.names = append(e.names, name)
	}
	e.cells[name] = text
	if len(e.names) > maxCells {
		delete(e.cells, e.names[0])
		e.names = e.names[1:]
	}
}

// latePanic shows the panic of a goroutine whose cell is done.
func (e *Evaluator) latePanic(p *interp.Panic) {
	for _, line := range e.panicFailure(p).Traceback {
		fmt.Fprintln(os.Stderr, line)
	}
}

// failure is the one place where the machine's errors become what people see.
func (e *Evaluator) failure(err error) *worker.Failure {
	var (
		panicked    *interp.Panic
		interrupted *interp.Interrupted
		overflow    *interp.StackOverflow
	)
	var refused *cell.Error
	switch {
	case errors.As(err, &refused):
		return refusal(refused)
	case errors.As(err, &panicked):
		return e.panicFailure(panicked)
	case errors.As(err, &interrupted):
		return e.interruptFailure(interrupted)
	case errors.As(err, &overflow):
		lines := append([]string{worker.Red("stack overflow: " + interp.TooDeep)}, e.quote(overflow.Frames)...)
		return &worker.Failure{Name: "stack overflow", Message: interp.TooDeep, Traceback: lines}
	}
	return &worker.Failure{Name: "sockbook", Message: err.Error(), Traceback: []string{worker.Red(err.Error())}}
}

// refusal is the failure of a cell that is no Go: nothing of it ran.
func refusal(e *cell.Error) *worker.Failure {
	message := e.Error()
	if first, rest, more := strings.Cut(message, "\n"); more {
		message = fmt.Sprintf("%s (and %d more)", first, strings.Count(rest, "\n")+1)
	}
	return &worker.Failure{Name: "compile error", Message: message, Traceback: strings.Split(strings.TrimRight(e.Text(true), "\n"), "\n")}
}
