// Package worker runs the cells of one Go process in a process of their own,
// so that nothing a learner does can hurt the kernel.
//
// The kernel's end is [Worker]: [New], then [Worker.Run] for each cell. The
// process is started on first use and again after it ended; the handle stays
// valid. The child's end is [Main], which the hidden subcommand "worker"
// calls.
//
// Frames travel on a socket of their own, never in standard output. Standard
// output and error are pipes, so that println, the Go runtime's last words and
// raw writes are seen too. Package worker knows nothing of Jupyter.
package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"syscall"
	"time"

	"sockbook/runtime/display/sink"
)

// Config says how a worker's processes are started and bounded. It is inert;
// its zero values mean the defaults.
type Config struct {
	Name   string       // the process's name as learners see it, e.g. "main"
	Launch Launcher     // starts a process
	Memory int64        // bytes of memory after which it is ended; 0: DefaultMemory
	Output int64        // bytes a cell may print; 0: DefaultOutput
	Log    *slog.Logger // nil: discard
	// Calls receives the socket calls of the process with the number pid, while
	// they are recorded (see SetRecording); nil: nobody wants them. It must not
	// wait.
	Calls func(pid int, c Calls)
}

// Defaults of Config.
const (
	DefaultMemory = 1 << 30
	DefaultOutput = 64 << 20
)

// grace is how long a process may take to react to an interrupt before it is
// ended.
const grace = 2 * time.Second

// Sink receives what cells show, in order. Its methods are called from one
// goroutine; while one blocks, the cell's output waits in the pipe and then
// the cell itself waits.
type Sink interface {
	// Stream receives text printed to "stdout" or "stderr": valid UTF-8.
	Stream(name, text string)
	// Display receives rich output.
	Display(m sink.Message)
	// Input asks the user for a line, without the newline. It returns
	// [ErrNoInput] where nobody can be asked. It is called from a goroutine of
	// its own and returns when ctx ends, at the latest.
	Input(ctx context.Context) (string, error)
}

// ErrNoInput is what Sink.Input returns where nobody can be asked.
var ErrNoInput = errors.New("this frontend cannot give input")

// Outcome is how a cell ended.
type Outcome struct {
	Result  map[string]any `json:"result,omitempty"`  // MIME type → data, of the last expression
	Failure *Failure       `json:"failure,omitempty"` // nil: it ran to its end
	Ended   bool           `json:"-"`                 // the process ended; its variables are gone
	Asked   bool           `json:"-"`                 // and that was asked for, by Signal or Expect
}

// Failure is why a cell did not run to its end.
type Failure struct {
	Name      string   `json:"name"`      // what kind of failure, e.g. "panic" or "compile"
	Message   string   `json:"message"`   // in Go's words
	Traceback []string `json:"traceback"` // lines for people, with ANSI colours
}

// Error returns the failure in one line.
func (f *Failure) Error() string { return f.Name + ": " + f.Message }

// Completion is what may stand at a place in a cell.
type Completion struct {
	Start   int     `json:"start"` // what is replaced, in code points
	End     int     `json:"end"`
	Matches []Match `json:"matches"`
}

// Match is one text that completes.
type Match struct {
	Text      string `json:"text"`
	Kind      string `json:"kind"` // as Jupyter's _jupyter_types_experimental: "function", "module" …
	Signature string `json:"signature,omitempty"`
	Start     int    `json:"start"` // of this match, in code points; differs where an import is added
	End       int    `json:"end"`
}

// Inspection is what is known of the name at a place in a cell.
type Inspection struct {
	Found bool              `json:"found"`
	Data  map[string]string `json:"data,omitempty"` // MIME type → text
}

// Source is what a process has defined, as Go of its own.
type Source struct {
	Text    string `json:"text,omitempty"`
	Problem string `json:"problem,omitempty"` // why that cannot be had; empty if it can
}

// Worker is the handle of one Go process made of cells. It stays valid when
// the process ends: the next cell gets a fresh one. Run is called by one
// goroutine at a time; all other methods by any.
type Worker struct {
	config Config

	mu      sync.Mutex // guards what is below
	process *process   // nil: none yet, or ended
	untold  *Failure   // how the last process ended while no cell ran; the next cell is told
	closed  bool
	record  bool // calls are wanted
}

// New returns a worker without a process.
func New(config Config) *Worker {
	if config.Memory == 0 {
		config.Memory = DefaultMemory
	}
	if config.Output == 0 {
		config.Output = DefaultOutput
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	return &Worker{config: config}
}

// Start starts the process if there is none, without waiting for it, so that
// the first cell finds it ready.
func (w *Worker) Start() error {
	_, err := w.live()
	return err
}

// live returns the process, started if need be.
func (w *Worker) live() (*process, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, fmt.Errorf("worker %s is closed", w.config.Name)
	}
	if w.process != nil {
		if !w.process.ended() {
			return w.process, nil
		}
		<-w.process.gone
		if !w.process.busy() { // else the running cell says it
			w.untold = w.process.death
		}
		w.process = nil
	}
	p, err := start(w.config)
	if err != nil {
		return nil, fmt.Errorf("start worker %s: %w", w.config.Name, err)
	}
	w.process = p
	if w.record {
		p.write(kindRecord, 0, recordRequest{On: true}) // if it fails, so does the next frame
	}
	return p, nil
}

// SetRecording has the socket calls of the process, and of those that take its
// place, passed to Config.Calls, or ends that.
func (w *Worker) SetRecording(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.record = on
	if w.process != nil && !closed(w.process.gone) {
		w.process.write(kindRecord, 0, recordRequest{On: on})
	}
}

// FlushCalls waits until all calls up to now, also those that wait, were passed
// to Config.Calls. A worker without a process has none.
func (w *Worker) FlushCalls(ctx context.Context) error {
	if w.PID() == 0 {
		return nil
	}
	_, err := ask[bool](ctx, w, kindFlush, nil)
	return err
}

// Run runs one cell and returns how it ended. The error is for the kernel's
// own trouble: the cell could not be run at all. What the cell shows goes to
// out, also later, when its goroutines go on, until the next cell runs.
func (w *Worker) Run(name, text string, out Sink) (Outcome, error) {
	p, err := w.live()
	if err != nil {
		return Outcome{}, err
	}
	w.tell(out)
	c := p.begin(out)
	if err := p.write(kindRun, c.seq, runRequest{Name: name, Text: text}); err != nil {
		p.kill(fmt.Sprintf("it did not take the cell: %v", err))
	}
	defer p.end(c)
	select {
	case f := <-c.reply:
		var o Outcome
		if err := json.Unmarshal(f.Body, &o); err != nil {
			p.kill("it sent what is not a reply")
			break
		}
		if c.flooded.Load() {
			o.Failure = floodFailure(w.config.Output)
		}
		if c.unasked.Load() && o.Failure == nil { // its read failed before the interrupt ended it
			message := "the cell was stopped while it waited for input"
			o = Outcome{Failure: &Failure{Name: "interrupted", Message: message, Traceback: []string{Red("interrupted: " + message)}}}
		}
		return o, nil
	case <-p.gone:
	}
	<-p.gone
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.process == p { // else there is a new one already
		w.process = nil
	}
	return Outcome{Failure: p.death, Ended: true, Asked: p.asked.Load()}, nil
}

// tell says in the output of the next cell that the variables are gone.
func (w *Worker) tell(out Sink) {
	w.mu.Lock()
	untold := w.untold
	w.untold = nil
	w.mu.Unlock()
	if untold != nil {
		out.Stream("stderr", fmt.Sprintf("Note: after the last cell, the Go process %q ended: %s. Its variables are gone; this cell runs in a fresh process.\n", w.config.Name, untold.Message))
	}
}

// Interrupt ends the running cell and keeps its state where that can be. A
// process that does not react within two seconds is ended.
func (w *Worker) Interrupt() {
	w.mu.Lock()
	p := w.process
	w.mu.Unlock()
	if p != nil {
		p.interrupt()
	}
}

// Complete returns what may stand at cursor, in code points, of a cell. It
// works beside a running cell.
func (w *Worker) Complete(ctx context.Context, text string, cursor int) (Completion, error) {
	return ask[Completion](ctx, w, kindComplete, askRequest{Text: text, Cursor: cursor})
}

// Inspect returns what is known of the name at cursor, in code points. Detail
// is 0 or 1, as in the Jupyter specification.
func (w *Worker) Inspect(ctx context.Context, text string, cursor, detail int) (Inspection, error) {
	return ask[Inspection](ctx, w, kindInspect, askRequest{Text: text, Cursor: cursor, Detail: detail})
}

// Source returns the declarations of names and of all that they mention, as a
// cell that defines them in a process where nothing is defined.
func (w *Worker) Source(ctx context.Context, names []string) (Source, error) {
	return ask[Source](ctx, w, kindSource, sourceRequest{Names: names})
}

// settleLimit is how long Settle waits, and settlePause between looks.
const (
	settleLimit = 3 * time.Second // a new process on a busy machine takes its time
	settlePause = 5 * time.Millisecond
)

// Settle waits until all goroutines of the running cell wait for something, as
// a server does when it has come to accept, or until three seconds have passed or
// ctx ends.
func (w *Worker) Settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, settleLimit)
	defer cancel()
	for rested := 0; rested < 2 && ctx.Err() == nil; {
		if rests, err := ask[bool](ctx, w, kindRest, nil); err == nil && rests {
			rested++
		} else {
			rested = 0
		}
		select {
		case <-ctx.Done():
		case <-time.After(settlePause):
		}
	}
}

func ask[T any](ctx context.Context, w *Worker, k kind, body any) (T, error) {
	var answer T
	p, err := w.live()
	if err != nil {
		return answer, err
	}
	reply, seq := p.expect()
	if err := p.write(k, seq, body); err != nil {
		return answer, err
	}
	select {
	case f := <-reply:
		err := json.Unmarshal(f.Body, &answer)
		return answer, err
	case <-p.gone:
		return answer, fmt.Errorf("the process ended: %w", p.death)
	case <-ctx.Done():
		return answer, ctx.Err()
	}
}

// PID returns the process's number in this process's /proc, or 0 if there is
// none.
func (w *Worker) PID() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.process == nil {
		return 0
	}
	return w.process.child.PID()
}

// Signal sends the process a signal. If the process ends, why is what the
// learner is told; empty: the signal itself. After SIGKILL it returns when the
// process is gone, so that the next cell gets a fresh one.
func (w *Worker) Signal(sig syscall.Signal, why string) error {
	w.mu.Lock()
	p := w.process
	w.mu.Unlock()
	if p == nil || closed(p.gone) {
		return fmt.Errorf("the process %q does not run", w.config.Name)
	}
	if why != "" {
		p.explain(why)
	}
	p.asked.Store(true)
	if err := p.child.Signal(sig); err != nil {
		return err
	}
	if sig == syscall.SIGKILL {
		<-p.gone
	}
	return nil
}

// Expect says why the process will end, if it does: what the learner is told.
func (w *Worker) Expect(why string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.process != nil {
		w.process.explain(why)
		w.process.asked.Store(true)
	}
}

// Restart ends the process, so that the next cell gets a fresh one. A running
// cell fails.
func (w *Worker) Restart() {
	w.mu.Lock()
	p := w.process
	w.mu.Unlock()
	if p == nil {
		return
	}
	p.kill("it was restarted")
	<-p.gone
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.process == p { // else a running cell was told
		w.process = nil
	}
}

// Close ends the process and waits until it is gone.
func (w *Worker) Close() {
	w.mu.Lock()
	w.closed = true
	p := w.process
	w.mu.Unlock()
	if p != nil {
		p.kill("it was shut down")
		<-p.gone
	}
}

func floodFailure(limit int64) *Failure {
	message := fmt.Sprintf("stopped: the cell printed more than %d MiB", limit>>20)
	return &Failure{Name: "output limit", Message: message, Traceback: []string{
		Red(message), "Its output up to there is kept. Print less, or only every hundredth line.",
	}}
}

// Red is s in the colour of errors, for a Failure's traceback.
func Red(s string) string { return "\x1b[0;31m" + s + "\x1b[0m" }
