// Package batch runs programs and notebooks without a frontend.
//
// Fill in a [Runner], then call [Runner.Program] or [Runner.Notebook]. What
// cells show goes to the Runner's writers. The package reads and writes no
// files and starts no processes: cells run in what the Runner's New makes.
package batch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"

	"sockbook/kernel/notebook"
	"sockbook/kernel/worker"
	"sockbook/runtime/display/sink"
)

// Cells run one after the other and keep their state. [worker.Worker] is one.
type Cells interface {
	// Run runs a cell; see [worker.Worker.Run].
	Run(name, text string, out worker.Sink) (worker.Outcome, error)
	// Interrupt makes a running Run return.
	Interrupt()
	// Close ends whatever Run left running.
	Close()
}

// Runner says how files are run.
type Runner struct {
	// New makes the place where one file's cells run.
	New            func() Cells
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Color keeps the colours of tracebacks.
	Color bool
	// Progress, if not nil, is told before each cell which of how many it is,
	// and with 0 of 0 before anything is printed and at the end.
	Progress func(cell, of int)
}

// ExitError says that a program ended with a status other than 0, or that a
// cell failed; what the program had to say was printed.
type ExitError struct {
	// Status is the program's exit status; 2 for a panic, as Go has it.
	Status int
	// What ended it, in one line.
	What string
}

func (e *ExitError) Error() string { return e.What }

// Program runs text, a Go program, as one cell called name. It returns nil if
// the program ran to its end or ended itself with status 0, *[ExitError] if it
// failed, and any other error if it could not be run. When ctx ends, the
// program is interrupted.
func (r *Runner) Program(ctx context.Context, name, text string) error {
	cells := r.New()
	defer cells.Close()
	s := r.sink(nil)
	outcome, err := s.run(ctx, cells, name, text)
	if err != nil {
		return fmt.Errorf("run %s: %w", name, err)
	}
	if outcome.Failure == nil {
		return nil
	}
	status, exited := exitStatus(outcome)
	if exited && status == 0 {
		return nil
	}
	if !exited {
		s.failure(outcome.Failure)
	}
	return &ExitError{Status: status, What: fmt.Sprintf("%s: %v", name, outcome.Failure)}
}

// exitStatus is the status with which the program ended its process, and
// whether it did so by itself (os.Exit); else it is that of a panic.
func exitStatus(o worker.Outcome) (status int, exited bool) {
	if o.Ended {
		if _, err := fmt.Sscanf(o.Failure.Message, "exit status %d", &status); err == nil {
			return status, true
		}
	}
	return 2, false
}

// Notebook runs the code cells of n in their order and records in n what they
// show, up to the first that fails; then it returns an *[ExitError]. When ctx
// ends, the running cell is interrupted and so fails.
func (r *Runner) Notebook(ctx context.Context, n *notebook.Notebook) error {
	cells := r.New()
	defer cells.Close()
	n.ClearOutputs()
	s := r.sink(&notebook.Recording{})
	defer s.progress(0, 0)
	total := 0
	for _, c := range n.Cells {
		if runs(c) {
			total++
		}
	}
	count := 0
	for _, c := range n.Cells {
		if !runs(c) {
			continue
		}
		count++
		s.progress(count, total)
		if err := s.cell(ctx, cells, c, count); err != nil {
			return err
		}
	}
	return nil
}

// runs tells whether there is something to run in c. Frontends, too, do not
// send empty cells.
func runs(c *notebook.Cell) bool { return c.IsCode() && strings.TrimSpace(c.Source()) != "" }

// cell runs one cell of a notebook.
func (s *output) cell(ctx context.Context, cells Cells, c *notebook.Cell, count int) error {
	s.record(func(rec *notebook.Recording) { rec.Start(c); rec.Count(count) })
	outcome, err := s.run(ctx, cells, fmt.Sprintf("cell %d", count), c.Source())
	if err != nil {
		return fmt.Errorf("run cell %d: %w", count, err)
	}
	if f := outcome.Failure; f != nil {
		s.record(func(rec *notebook.Recording) { rec.Add(notebook.Failure(f.Name, f.Message, f.Traceback), "") })
		s.failure(f)
		return &ExitError{Status: 1, What: fmt.Sprintf("cell %d: %v", count, f)}
	}
	if len(outcome.Result) > 0 {
		s.record(func(rec *notebook.Recording) { rec.Add(notebook.Result(count, outcome.Result, nil), "") })
		s.bundle(outcome.Result)
	}
	return nil
}

// output takes what cells show, prints it and records it.
type output struct {
	runner *Runner
	stdin  *bufio.Reader

	mu  sync.Mutex // what is printed and what is recorded have one order
	rec *notebook.Recording
}

func (r *Runner) sink(rec *notebook.Recording) *output {
	stdin := r.Stdin
	if stdin == nil {
		stdin = strings.NewReader("")
	}
	return &output{runner: r, rec: rec, stdin: bufio.NewReader(stdin)}
}

func (s *output) run(ctx context.Context, cells Cells, name, text string) (worker.Outcome, error) {
	stop := context.AfterFunc(ctx, cells.Interrupt)
	defer stop()
	return cells.Run(name, text, s)
}

func (s *output) progress(cell, of int) {
	if s.runner.Progress != nil {
		s.runner.Progress(cell, of)
	}
}

func (s *output) record(f func(*notebook.Recording)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rec != nil {
		f(s.rec)
	}
}

func (s *output) print(w io.Writer, text string) {
	s.progress(0, 0)
	io.WriteString(w, text) // a reader that went away ends this process by SIGPIPE, as it ends any program
}

// Stream implements worker.Sink.
func (s *output) Stream(name, text string) {
	s.record(func(rec *notebook.Recording) { rec.Add(notebook.Stream(name, text), "") })
	if name == "stderr" {
		s.print(s.runner.Stderr, text)
	} else {
		s.print(s.runner.Stdout, text)
	}
}

// Display implements worker.Sink.
func (s *output) Display(m sink.Message) {
	s.record(func(rec *notebook.Recording) {
		switch m.Kind {
		case sink.Show:
			rec.Add(notebook.Display(m.Data, nil), m.ID)
		case sink.Update:
			rec.Update(m.ID, m.Data, nil)
		case sink.Clear:
			rec.Clear(m.Wait)
		}
	})
	if m.Kind != sink.Clear {
		s.bundle(m.Data)
	}
}

// Input implements worker.Sink.
func (s *output) Input(context.Context) (string, error) {
	line, err := s.stdin.ReadString('\n')
	if err != nil && line == "" {
		if errors.Is(err, io.EOF) {
			return "", worker.ErrNoInput
		}
		return "", fmt.Errorf("read standard input: %w", err)
	}
	return strings.TrimSuffix(line, "\n"), nil
}

// bundle prints what a terminal can show of a MIME bundle.
func (s *output) bundle(data map[string]any) {
	for _, mime := range []string{"text/plain", "text/markdown"} {
		if text, ok := data[mime].(string); ok {
			s.print(s.runner.Stdout, strings.TrimSuffix(text, "\n")+"\n")
			return
		}
	}
	for mime := range data {
		s.print(s.runner.Stdout, "["+mime+"]\n")
		return
	}
}

func (s *output) failure(f *worker.Failure) {
	text := strings.Join(f.Traceback, "\n")
	if text == "" {
		text = f.Error()
	}
	if !s.runner.Color {
		text = colors.ReplaceAllString(text, "")
	}
	s.print(s.runner.Stderr, text+"\n")
}

// colors matches ANSI's SGR sequences (ECMA-48, section 8.3.117).
var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")
