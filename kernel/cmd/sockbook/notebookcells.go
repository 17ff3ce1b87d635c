package main

import (
	"cmp"
	"context"
	"sync"

	"sockbook/kernel/runner"
	"sockbook/kernel/stage"
	"sockbook/kernel/worker"
)

// notebookCells runs the cells of a notebook as a kernel does: with directives,
// and processes on hosts. It is a batch.Cells.
type notebookCells struct {
	stage  *stage.Stage
	runner *runner.Runner

	mu   sync.Mutex // guards stop
	stop func()     // interrupts what runs; nil: nothing runs
}

func newNotebookCells(config stage.Config) *notebookCells {
	c := &notebookCells{stage: stage.New(config), runner: &runner.Runner{}}
	c.runner.Process = func(name string) (runner.Process, error) { return c.stage.Process(cmp.Or(name, stage.Main)) }
	c.runner.Set.Add(c.stage.Directives()...)
	return c
}

// Run runs a cell. The failure of a cell in the background is printed when it
// comes.
func (c *notebookCells) Run(name, text string, out worker.Sink) (worker.Outcome, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c.interruptible(cancel)
	defer c.interruptible(nil)
	result := c.runner.Run(ctx, name, text, out, func(f *worker.Failure) {
		out.Stream("stderr", f.Error()+"\n")
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
	c.stage.Close()
	c.runner.Wait()
}
