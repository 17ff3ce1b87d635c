// Package batch runs notebooks without a frontend.
//
// Fill in a [Runner], then call [Runner.Notebook]. What cells show goes to the
// Runner's writers. The package reads and writes no files and starts no
// processes: cells run in what the Runner's New makes.
package batch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
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

// Runner says how notebooks are run.
type Runner struct {
	// New makes the place where one notebook's cells run.
	New            func() Cells
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Color keeps the colours of tracebacks.
	Color bool
	// Progress, if not nil, is told before each cell which of how many it is,
	// and with 0 of 0 before anything is printed and at the end.
	Progress func(cell, of int)
}

// ExitError says that a cell failed; what it had to say was printed.
type ExitError struct {
	// What ended it, in one line.
	What string
}

func (e *ExitError) Error() string { return e.What }

// Notebook runs the code cells of n in their order and records in n what they
// show, up to the first that fails; then it returns an *[ExitError]. A cell
// with the tag raises-exception may fail. When ctx ends, the running cell is
// interrupted and so fails.
func (r *Runner) Notebook(ctx context.Context, n *notebook.Notebook) error {
	cells := r.New()
	defer cells.Close()
	n.ClearOutputs()
	o := r.output(&notebook.Recording{})
	defer o.progress(0, 0)
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
		o.progress(count, total)
		err := (&sinkOf{output: o, cell: c}).cellRuns(ctx, cells, count)
		var failed *ExitError
		if errors.As(err, &failed) && ctx.Err() == nil && slices.Contains(c.Tags(), "raises-exception") {
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// runs tells whether there is something to run in c. Frontends, too, do not
// send empty cells.
func runs(c *notebook.Cell) bool { return c.IsCode() && strings.TrimSpace(c.Source()) != "" }

// output prints what cells show, records it, and reads what they ask for.
type output struct {
	runner *Runner
	input  sync.Once
	lines  chan string // of standard input, made by input; closed at its end

	mu  sync.Mutex // what is printed and what is recorded have one order
	rec *notebook.Recording
}

func (r *Runner) output(rec *notebook.Recording) *output { return &output{runner: r, rec: rec} }

func (o *output) progress(cell, of int) {
	if o.runner.Progress != nil {
		o.runner.Progress(cell, of)
	}
}

func (o *output) print(w io.Writer, text string) {
	o.progress(0, 0)
	io.WriteString(w, text) // a reader that went away ends this process by SIGPIPE, as it ends any program
}

// readInput starts the goroutine that reads standard input. It ends at the end
// of the input, or with this process.
func (o *output) readInput() {
	o.lines = make(chan string)
	if o.runner.Stdin == nil {
		close(o.lines)
		return
	}
	go func() {
		defer close(o.lines)
		in := bufio.NewReader(o.runner.Stdin)
		for {
			line, err := in.ReadString('\n')
			if line != "" {
				o.lines <- strings.TrimSuffix(line, "\n")
			}
			if err != nil {
				return
			}
		}
	}()
}

// sinkOf is the output of one cell, also when it goes on in the background. It
// implements worker.Sink.
type sinkOf struct {
	*output
	cell *notebook.Cell
}

func (s *sinkOf) run(ctx context.Context, cells Cells, name, text string) (worker.Outcome, error) {
	stop := context.AfterFunc(ctx, cells.Interrupt)
	defer stop()
	return cells.Run(name, text, s)
}

// cellRuns runs the cell of a notebook.
func (s *sinkOf) cellRuns(ctx context.Context, cells Cells, count int) error {
	s.show(func(rec *notebook.Recording) { rec.Start(s.cell); rec.Count(s.cell, count) }, func() {})
	outcome, err := s.run(ctx, cells, fmt.Sprintf("[%d]", count), s.cell.Source())
	if err != nil {
		return fmt.Errorf("run cell %d: %w", count, err)
	}
	if f := outcome.Failure; f != nil {
		s.show(func(rec *notebook.Recording) {
			rec.Add(s.cell, notebook.Failure(f.Name, f.Message, f.Traceback), "")
		}, func() { s.failure(f) })
		return &ExitError{What: fmt.Sprintf("cell %d: %v", count, f)}
	}
	if len(outcome.Result) > 0 {
		s.show(func(rec *notebook.Recording) {
			rec.Add(s.cell, notebook.Result(count, outcome.Result, nil), "")
		}, func() { s.bundle(outcome.Result) })
	}
	return nil
}

// show records something and then prints it.
func (s *sinkOf) show(record func(*notebook.Recording), print func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	record(s.rec)
	print()
}

// Stream implements worker.Sink.
func (s *sinkOf) Stream(name, text string) {
	to := s.runner.Stdout
	if name == "stderr" {
		to = s.runner.Stderr
	}
	s.show(func(rec *notebook.Recording) { rec.Add(s.cell, notebook.Stream(name, text), "") }, func() { s.print(to, text) })
}

// Display implements worker.Sink.
func (s *sinkOf) Display(m sink.Message) {
	s.show(func(rec *notebook.Recording) {
		switch m.Kind {
		case sink.Show:
			rec.Add(s.cell, notebook.Display(m.Data, m.Metadata), m.ID)
		case sink.Update:
			rec.Update(m.ID, m.Data, m.Metadata)
		case sink.Clear:
			rec.Clear(s.cell, m.Wait)
		}
	}, func() {
		if m.Kind != sink.Clear {
			s.bundle(m.Data)
		}
	})
}

// Input implements worker.Sink.
func (s *sinkOf) Input(ctx context.Context) (string, error) {
	s.input.Do(s.readInput)
	select {
	case line, ok := <-s.lines:
		if !ok {
			return "", worker.ErrNoInput
		}
		return line, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// bundle prints what a terminal can show of a MIME bundle.
func (o *output) bundle(data map[string]any) {
	for _, mime := range []string{"text/plain", "text/markdown"} {
		if text, ok := data[mime].(string); ok {
			o.print(o.runner.Stdout, strings.TrimSuffix(text, "\n")+"\n")
			return
		}
	}
	if len(data) > 0 {
		o.print(o.runner.Stdout, "["+slices.Min(slices.Collect(maps.Keys(data)))+"]\n")
	}
}

func (o *output) failure(f *worker.Failure) {
	text := strings.Join(f.Traceback, "\n")
	if text == "" {
		text = f.Error()
	}
	if !o.runner.Color {
		text = colors.ReplaceAllString(text, "")
	}
	o.print(o.runner.Stderr, text+"\n")
}

// colors matches ANSI's SGR sequences (ECMA-48, section 8.3.117).
var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")
