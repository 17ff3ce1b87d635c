// Package check is what the hidden checks of exercises are written with. A
// check runs the learner's answer in a fresh lab and looks at what it does:
// what it prints and returns, the sockets and their states, the packets.
//
// A check is a [Func]. It takes a [T], calls [T.Define] to have the answer in a
// process, [T.Run] to run cells there as a notebook would, looks with
// [T.Sockets] and [T.Packets], and ends by [T.Failf] in words of the subject if
// something is wrong. A check that returns has passed.
//
//	// Checks are the exercises of this lesson.
//	var Checks = check.Set{"1.1": readAll}
//
//	func readAll(t *check.T) {
//		t.Define("client")
//		t.Run("%%on server &\n" + server)
//		out := t.Run("%%on client\nn, err := readAll(fd)\nfmt.Println(n, err)")
//		if out.Stdout() != "10 <nil>\n" {
//			t.Failf("the peer sent 10 bytes in two pieces; readAll returned %s", out.Stdout())
//		}
//	}
//
// The package starts nothing itself: whoever runs a check gives it a [Stage].
package check

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"sockbook/runtime/lab"
	"sockbook/runtime/trace"
)

// Func is the hidden check of an exercise.
type Func func(t *T)

// Set is the checks of a lesson, by the exercise's number: "10.1".
type Set map[string]Func

// Limits of a check. A check may shorten that of a cell by [T.Limit].
const (
	CellLimit = 10 * time.Second // a cell in the foreground
	Limit     = 30 * time.Second // all of a check
)

// ErrNoLab is wrapped by the errors of a Stage where there is no network of
// hosts.
var ErrNoLab = errors.New("there is no network of hosts here")

// Stage is where a check's cells run: fresh processes, which nobody else sees.
type Stage interface {
	// Run runs the text of a cell with its directives. Where the cell is to run
	// in the background it returns when that waits. When ctx ends, the cell is
	// interrupted. What the cell shows goes to c.
	Run(ctx context.Context, text string, c *Cell)
	// Lab tells whether there is a network of hosts; else all processes share
	// the machine's loopback.
	Lab() bool
	// Answer is the text of the learner's answer: declarations.
	Answer() string
	// Sockets are those of a host, of all with "".
	Sockets(ctx context.Context, host string) ([]lab.Socket, error)
	// Trace is what crossed the wire since the stage was made.
	Trace(ctx context.Context) (*trace.Trace, error)
}

// Verdict is how a check ended.
type Verdict struct {
	// Passed tells that the answer does what it should.
	Passed bool
	// Words say what is wrong, in a sentence or more. Empty if it passed.
	Words string
	// Details are what the answer showed, if that helps: a panic's calls.
	Details []string
	// Lab tells that nothing was checked, since there is no network of hosts here.
	Lab bool
	// Fault tells that the check itself is wrong, which is not the learner's.
	Fault bool
}

// T is one run of a check. Its methods are for the goroutine of the check
// only; most end the check when something is wrong.
type T struct {
	ctx   context.Context
	stage Stage
	limit time.Duration
	stuck string
	from  time.Time // packets that left before are not looked at
}

// ended is what a T panics with to end the check.
type ended struct{ verdict Verdict }

// Run runs a check and says how it ended. A check that takes longer than
// [Limit], or a ctx that ends, is a verdict too.
func Run(ctx context.Context, stage Stage, f Func) (v Verdict) {
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	t := &T{ctx: ctx, stage: stage, limit: CellLimit}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case ended:
			v = r.verdict
		default:
			v = Verdict{Fault: true, Words: fmt.Sprintf("the check itself is wrong, please report it: %v", r), Details: strings.Split(string(debug.Stack()), "\n")}
		}
	}()
	f(t)
	return Verdict{Passed: true}
}

// Failf ends the check: the answer is wrong, and why. Name the call, the state
// or the bytes: "the client never closed its end: server still in CLOSE_WAIT".
func (t *T) Failf(format string, args ...any) {
	t.end(Verdict{Words: fmt.Sprintf(format, args...)})
}

func (t *T) end(v Verdict) { panic(ended{v}) }

// Limit sets how long each of the next cells in the foreground may take, and
// what is said of one that takes longer (empty: that it did not come back, and
// where it waits). Zero is [CellLimit].
func (t *T) Limit(d time.Duration, words string) {
	if d == 0 {
		d = CellLimit
	}
	t.limit, t.stuck = d, words
}

// Define makes the learner's declarations known in a process, which is made on
// first use, on a host of its own name unless "process@host" says otherwise;
// "main" is the process of cells that do not say where. There the collector
// waits until there is reason to: it would close what the answer forgot to.
func (t *T) Define(process string) {
	c := t.cell("%%on "+process+"\n"+t.stage.Answer(), t.limit)
	if f := c.Failure(); f != nil {
		t.end(Verdict{Words: "your answer, on its own in a fresh process, is refused: " + f.Message, Details: f.Traceback})
	}
	t.Run("%%on " + process + fmt.Sprintf(keepAll, keptMemory))
}

// keepAll has the collector of a process wait until there are so many bytes.
const (
	keepAll    = "\nimport keepAll \"runtime/debug\"\n\nkeepAll.SetGCPercent(-1)\nkeepAll.SetMemoryLimit(%d)\n"
	keptMemory = 512 << 20
)

// Run runs a cell as the notebook would, with its directives: %%on, &, %crash,
// %sysctl … A cell that fails, or does not come back, ends the check: with the
// answer's panic, with what the compiler says of the call to it.
func (t *T) Run(text string) *Cell {
	c := t.Try(text)
	f := c.Failure()
	if f == nil {
		return c
	}
	words := f.Message
	switch f.Kind {
	case "panic":
		words = "your answer panicked: " + f.Message
	case "compile error":
		words = "your answer cannot be used as the exercise asks: " + f.Message
	}
	t.end(Verdict{Words: words, Details: f.Traceback, Lab: f.NoLab})
	return nil
}

// Try is Run for a cell that may fail; see [Cell.Failure]. One that does not
// come back ends the check all the same.
func (t *T) Try(text string) *Cell {
	c := t.cell(text, t.limit)
	if f := c.Failure(); f != nil && f.NoLab {
		t.end(Verdict{Words: f.Message, Lab: true})
	}
	return c
}

func (t *T) cell(text string, limit time.Duration) *Cell {
	ctx, cancel := context.WithTimeout(t.ctx, limit)
	defer cancel()
	c := NewCell()
	t.stage.Run(ctx, text, c)
	if ctx.Err() == nil {
		return c
	}
	words := t.stuck
	if words == "" {
		words = fmt.Sprintf("your answer did not come back within %v", limit)
	}
	if t.ctx.Err() != nil {
		words = fmt.Sprintf("the check took longer than %v: your answer waits too long somewhere", Limit)
	}
	v := Verdict{Words: words}
	if f := c.Failure(); f != nil {
		v.Details = f.Traceback
	}
	t.end(v)
	return nil
}

// Wait waits until a cell in the background has ended, at most d; then it ends
// the check with words.
func (t *T) Wait(c *Cell, d time.Duration, words string) {
	select {
	case <-c.Done():
	case <-time.After(d):
		t.Failf("%s", words)
	case <-t.ctx.Done():
		t.Failf("%s", words)
	}
}

// Eventually asks until problem returns "", at most for d; then it ends the
// check with the last answer. States on the wire take a moment: ask for them
// like this.
func (t *T) Eventually(d time.Duration, problem func() string) {
	for end := time.Now().Add(d); ; {
		words := problem()
		if words == "" {
			return
		}
		if time.Now().After(end) || t.ctx.Err() != nil {
			t.Failf("%s", words)
		}
		t.Sleep(20 * time.Millisecond)
	}
}

// Sleep waits, less if the check's time is over.
func (t *T) Sleep(d time.Duration) {
	select {
	case <-time.After(d):
	case <-t.ctx.Done():
	}
}

// noLab ends the check if there is no lab, or with a fault for any other error.
func (t *T) noLab(what string, err error) {
	switch {
	case err == nil:
	case errors.Is(err, ErrNoLab):
		t.end(Verdict{Lab: true, Words: err.Error()})
	default:
		t.end(Verdict{Fault: true, Words: fmt.Sprintf("%s: %v", what, err)})
	}
}
