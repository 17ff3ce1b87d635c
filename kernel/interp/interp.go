// Package interp runs Go cells in this process: it checks, lowers, compiles
// and executes them, keeps their state, and reports what went wrong in Go's
// words. It is the only importer of the interpreter library.
//
// Call New, then Run for each cell. A Machine does no input or output of its
// own, knows nothing of notebooks, and does not confine what cells do.
package interp

import (
	"fmt"
	"strings"
)

// Options configure a Machine. The zero value is useful.
type Options struct {
	// OnPanic is told of a panic in a goroutine that a cell started and that
	// was still running when it happened. The goroutine has ended, everything
	// else goes on. It may be called from any goroutine.
	OnPanic func(*Panic)
}

// Frame is one interpreted call of a stack, innermost first.
type Frame struct {
	Func   string // as in "main.handle", or "main.handle.func1"
	Cell   string // name given to Run
	Line   int    // from 1
	Column int    // from 1, in bytes
}

func (f Frame) String() string { return fmt.Sprintf("%s %s:%d:%d", f.Func, f.Cell, f.Line, f.Column) }

// Goroutine is one goroutine that a cell started, or the running cell itself.
type Goroutine struct {
	ID      int64
	Started Frame  // its go statement; Func is "" for the cell itself
	State   string // in the runtime's words: "running", "chan receive", "IO wait", "sleep", …
	At      Frame  // where it is, as far as known
}

// Panic is the error of a cell that panicked, and of a goroutine that did.
type Panic struct {
	Text      string  // what Go prints after "panic: "
	Frames    []Frame // innermost first
	Goroutine int64
	Started   Frame // where the goroutine was started; Func is "" for the cell itself
}

func (p *Panic) Error() string {
	var b strings.Builder
	b.WriteString("panic: " + p.Text)
	for _, f := range p.Frames {
		b.WriteString("\n\t" + f.String())
	}
	return b.String()
}

// Interrupted is the error of a cell that Interrupt ended.
type Interrupted struct {
	Frames     []Frame     // where the cell was, innermost first
	Goroutines []Goroutine // what the cell's goroutines were doing at that moment
	Abandoned  bool        // the cell did not come back and was left behind
}

func (e *Interrupted) Error() string {
	var b strings.Builder
	b.WriteString("interrupted")
	for _, f := range e.Frames {
		b.WriteString("\n\t" + f.String())
	}
	return b.String()
}

// StackOverflow is the error of a cell whose calls are nested too deep, as in a
// recursion that does not end; the variables are kept.
type StackOverflow struct {
	Depth  int     // calls
	Frames []Frame // innermost first, a few of them
}

// TooDeep is what a StackOverflow means.
const TooDeep = "the recursion does not end, or is deeper than the stack"

func (e *StackOverflow) Error() string {
	var b strings.Builder
	b.WriteString("stack overflow: " + TooDeep)
	if e.Depth > 0 {
		fmt.Fprintf(&b, " (%d calls)", e.Depth)
	}
	for _, f := range e.Frames {
		b.WriteString("\n\t" + f.String())
	}
	return b.String()
}
