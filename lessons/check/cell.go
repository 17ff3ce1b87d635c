package check

import (
	"strings"
	"sync"
)

// Cell is a cell that a check runs, or that goes on in the background: what it
// has shown so far and how it ended. Its methods may be called by several
// goroutines.
type Cell struct {
	mu             sync.Mutex // guards what is below
	stdout, stderr strings.Builder
	value          string
	failure        *Failure
	done           chan struct{}
	ended          bool
}

// Failure is why a cell did not run to its end.
type Failure struct {
	Kind      string   // "panic", "compile error", "interrupted", "directive", "exited" …
	Message   string   // in Go's words, one line
	Traceback []string // lines for people, without colours
	Ended     bool     // the process ended: its variables are gone
	NoLab     bool     // a directive needs the network of hosts, which is not there
}

func (f *Failure) Error() string { return f.Kind + ": " + f.Message }

// maxText is how much of what a cell prints is kept, in bytes.
const maxText = 1 << 20

// NewCell returns a cell that has shown nothing. For those who run checks.
func NewCell() *Cell { return &Cell{done: make(chan struct{})} }

// Print adds what the cell printed to "stdout" or "stderr".
func (c *Cell) Print(stream, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := &c.stdout
	if stream == "stderr" {
		b = &c.stderr
	}
	b.WriteString(text[:min(len(text), max(maxText-b.Len(), 0))])
}

// End says how the cell ended: its value and its failure, or "" and nil. Only
// the first call counts.
func (c *Cell) End(value string, f *Failure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	c.value, c.failure, c.ended = value, f, true
	close(c.done)
}

// Done is closed when the cell has ended.
func (c *Cell) Done() <-chan struct{} { return c.done }

// Stdout is what the cell printed so far, at most 1 MiB.
func (c *Cell) Stdout() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stdout.String()
}

// Stderr is what it printed to standard error, and package log did.
func (c *Cell) Stderr() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stderr.String()
}

// Value is the text of the cell's last expression; empty if there is none.
func (c *Cell) Value() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.value
}

// Failure is why the cell failed; nil if it did not, or still runs.
func (c *Cell) Failure() *Failure {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failure
}
