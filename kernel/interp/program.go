package interp

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

func exit(code int) {
	os.Stdout.Sync()
	os.Exit(code)
}

// RunProgram runs a whole program as go run does and gives its exit status: 0,
// or 2 after a panic, whose text is on stderr. A program that calls os.Exit, or
// dies of the runtime's own fatal errors, ends the process. The error is a
// *[cell.Error] or *[Fault] if it cannot be run; then nothing of it ran.
func RunProgram(name, text string) (status int, err error) {
	m := newMachine(Options{OnPanic: func(p *Panic) {
		fmt.Fprint(os.Stderr, trace(p))
		exit(2)
	}}, true)
	_, err = m.Run(name, text)
	var p *Panic
	if errors.As(err, &p) {
		fmt.Fprint(os.Stderr, trace(p))
		return 2, nil
	}
	return 0, err
}

// trace writes a panic as Go's runtime does.
func trace(p *Panic) string {
	var b strings.Builder
	text := p.Text
	if strings.Contains(text, "nil pointer dereference") {
		text += "\n[signal SIGSEGV: segmentation violation]"
	}
	fmt.Fprintf(&b, "panic: %s\n\ngoroutine %d [running]:\n", text, goroutineNumber(p))
	for _, f := range p.Frames {
		fmt.Fprintf(&b, "%s(...)\n\t%s:%d\n", f.Func, f.Cell, f.Line)
	}
	return b.String()
}

// goroutineNumber is 1 for the one that runs main.
func goroutineNumber(p *Panic) int64 {
	if p.Started.Func == "" {
		return 1
	}
	return p.Goroutine
}
