// Package runner runs a cell as its directives say: its lines, its Go in the
// process they name, in the foreground or background. Fill in a [Runner] and
// call [Runner.Run]. It knows neither Jupyter nor what directives do.
package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sockbook/kernel/directive"
	"sockbook/kernel/hint"
	"sockbook/kernel/worker"
)

// Process runs the Go of cells; *worker.Worker is one.
type Process interface {
	Run(name, text string, out worker.Sink) (worker.Outcome, error)
	Interrupt()
	// Settle waits until the running cell waits itself, or some time has passed.
	Settle(ctx context.Context)
}

// A holder is a Process that others wait for until release is called: also for
// what a plan has after its Go.
type holder interface{ Hold() (release func()) }

// Runner runs cells.
type Runner struct {
	Set directive.Set
	// Process returns the Go process of that name, made on first use; the empty
	// name is the main one.
	Process func(name string) (Process, error)

	// Instead, if not nil, is asked before a cell is run: where the text
	// cannot be run here, what is run instead (perhaps nothing) and what is
	// shown after it; after is nil for a cell that is run as it is.
	Instead func(cell *directive.Cell, text string) (run string, after func(out directive.Output))

	background sync.WaitGroup
}

// Result is how a cell went.
type Result struct {
	worker.Outcome
	Rewritten string // what the cell's text becomes; empty: it stays
	// Background tells that the cell goes on.
	Background bool
	Err        error // what is behind Failure, if that is Sockbook's own; nil if the cell's Go failed
}

// Run runs a cell and returns how it ended. When ctx ends, the cell is
// interrupted. If the cell is to run in the background, Run waits only until it
// waits itself (so that a server listens before the next cell dials), and ended
// is called with its outcome when it has ended; what is to be said of an end
// that was asked for has been said then.
func (r *Runner) Run(ctx context.Context, name, text string, out worker.Sink, ended func(worker.Outcome)) Result {
	result, err := r.run(ctx, name, text, out, ended)
	if err != nil {
		result.Failure, result.Err = failureOf(err), err
	}
	return result
}

func (r *Runner) run(ctx context.Context, name, text string, out worker.Sink, ended func(worker.Outcome)) (result Result, err error) {
	cell, err := r.Set.Split(text)
	if err != nil {
		return result, err
	}
	if r.Instead != nil {
		if other, after := r.Instead(cell, text); after != nil {
			defer func() {
				if err == nil && result.Failure == nil {
					after(out)
				}
			}()
			if cell, err = r.Set.Split(other); err != nil {
				return result, err
			}
		}
	}
	plan := &directive.Plan{}
	done, goesOn := func() {
		for _, f := range plan.Done {
			f()
		}
	}, false
	defer func() {
		if !goesOn {
			done()
		}
	}()
	for _, call := range cell.Plan {
		if err := call.Cell(ctx, call.Args, plan); err != nil {
			return result, call.Mistake(err)
		}
	}
	if plan.Rewrite != nil {
		result.Rewritten, err = plan.Rewrite(cell.Rest)
		return result, err
	}
	if err := lines(ctx, cell.Before, out); err != nil {
		return result, err
	}
	if plan.Background {
		result.Background = true
		settled, end := context.WithCancel(ctx)
		goesOn = true
		r.background.Go(func() {
			defer done()
			defer end()
			outcome := r.runGo(context.WithoutCancel(ctx), name, cell, plan, noInput{out})
			if outcome.Asked { // no failure of the cell's
				out.Stream("stderr", fmt.Sprintf("The process ended: %s.\n", outcome.Failure.Message))
			}
			ended(outcome)
		})
		if p, err := r.Process(plan.Process); err == nil && cell.HasGo() {
			p.Settle(settled)
		}
	} else {
		result.Outcome = r.runGo(ctx, name, cell, plan, out)
	}
	if result.Failure == nil {
		err = lines(ctx, cell.After, out)
	}
	return result, err
}

// Wait waits for cells in the background; they end when their processes do.
func (r *Runner) Wait() { r.background.Wait() }

// lines carries out directives; the first that fails ends it.
func lines(ctx context.Context, calls []directive.Call, out directive.Output) error {
	for _, call := range calls {
		if err := call.Run(ctx, call.Args, out); err != nil {
			return call.Mistake(err)
		}
	}
	return nil
}

// runGo runs the Go of a cell, in the process that the plan says, and what the
// plan has after it, also after an interrupt.
func (r *Runner) runGo(ctx context.Context, name string, cell *directive.Cell, plan *directive.Plan, out worker.Sink) worker.Outcome {
	if !cell.HasGo() {
		return worker.Outcome{}
	}
	p, err := r.Process(plan.Process)
	if err != nil {
		return worker.Outcome{Failure: failureOf(err)}
	}
	if h, ok := p.(holder); ok && len(plan.After) > 0 {
		defer h.Hold()()
	}
	wait := beside(ctx, plan, out)
	outcome, err := runUntil(ctx, p, name, cell.Go, out)
	wait()
	if err != nil {
		outcome.Failure = failureOf(err)
	}
	for _, after := range plan.After {
		after(context.WithoutCancel(ctx), out)
	}
	return outcome
}

// again is how long an interrupt waits before it is repeated.
const again = 50 * time.Millisecond

// runUntil runs a cell, which is interrupted when ctx ends, and again until it
// is over: the first interrupt may come while its process still starts.
func runUntil(ctx context.Context, p Process, name, text string, out worker.Sink) (worker.Outcome, error) {
	over, interrupted := make(chan struct{}), make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(interrupted)
		for {
			p.Interrupt()
			select {
			case <-over:
				return
			case <-time.After(again):
			}
		}
	})
	defer func() {
		close(over)
		if !stop() {
			<-interrupted
		}
	}()
	return p.Run(name, text, out)
}

// beside runs what a plan has beside a cell in the background, until wait is
// called, which waits for its end.
func beside(ctx context.Context, plan *directive.Plan, out directive.Output) (wait func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	if plan.Background {
		for _, f := range plan.Beside {
			wg.Go(func() { f(ctx, out) })
		}
	}
	return func() {
		cancel()
		wg.Wait()
	}
}

// noInput is the output of a cell whose request is answered already: nobody
// takes its questions.
type noInput struct{ worker.Sink }

func (noInput) Input(context.Context) (string, error) { return "", worker.ErrNoInput }

// failureOf turns an error of Sockbook's own into what a cell shows. A directive
// that has more to say returns a *worker.Failure.
func failureOf(err error) *worker.Failure {
	var ready *worker.Failure
	if errors.As(err, &ready) {
		return ready
	}
	f := &worker.Failure{Name: "sockbook", Message: err.Error(), Traceback: []string{worker.Red(err.Error())}}
	var mistake *directive.Error
	if errors.As(err, &mistake) {
		f.Name = "directive"
		f.Traceback = []string{worker.Red(fmt.Sprintf("line %d: %s", mistake.Line, mistake.Msg)), "    " + mistake.Text, "Hint: " + mistake.Hint}
		return f
	}
	if h := hint.Of(err); h != "" {
		f.Traceback = append(f.Traceback, "Hint: "+h)
	}
	return f
}
