package main

import (
	"cmp"
	"context"
	"sync"

	"sockbook/kernel/course"
	"sockbook/kernel/runner"
	"sockbook/kernel/stage"
	"sockbook/kernel/worker"
)

// notebookCells runs the cells of a notebook as a kernel does: with directives,
// and processes on hosts. It is a batch.Cells.
type notebookCells struct {
	stage  *stage.Stage
	runner *runner.Runner

	mu     sync.Mutex // guards what is below
	stop   func()     // interrupts what runs; nil: nothing runs
	closed bool       // what ends now was to end
}

// newNotebookCells makes it; progress of the course is kept in dir, or where
// the notebook is if that is empty.
func newNotebookCells(config stage.Config, dir string) *notebookCells {
	return newCourseCells(config, dir, embedded)
}

// newCourseCells is newNotebookCells with lessons that need not be this
// program's own.
func newCourseCells(config stage.Config, dir string, lessons func() *course.Course) *notebookCells {
	c := &notebookCells{stage: stage.New(config), runner: &runner.Runner{}}
	c.runner.Process = func(name string) (runner.Process, error) { return c.stage.Process(cmp.Or(name, stage.Main)) }
	c.runner.Set.Add(c.stage.Directives()...)
	t := newTutor(c.stage, config, dir)
	t.Course = lessons
	c.runner.Set.Add(t.Directives()...)
	c.runner.Instead = t.Instead
	return c
}

// Run runs a cell. The failure of a cell in the background is printed when it
// comes.
func (c *notebookCells) Run(name, text string, out worker.Sink) (worker.Outcome, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c.interruptible(cancel)
	defer c.interruptible(nil)
	result := c.runner.Run(ctx, name, text, out, func(o worker.Outcome) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if o.Failure != nil && !o.Asked && !c.closed {
			out.Stream("stderr", o.Failure.Error()+"\n")
		}
	})
	return result.Outcome, nil
}

func (c *notebookCells) interruptible(stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stop = stop
}

// Interrupt makes a running Run return.
func (c *notebookCells) Interrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stop != nil {
		c.stop()
	}
}

// Close ends all processes and hosts.
func (c *notebookCells) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.stage.Close()
	c.runner.Wait()
}
