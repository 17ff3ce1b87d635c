// The text of a panic with an error that wraps, in a method, in a goroutine's function, with newlines.
package main

import (
	"errors"
	"fmt"
)

type opError struct {
	op  string
	err error
}

func (e *opError) Error() string { return e.op + ": " + e.err.Error() }
func (e *opError) Unwrap() error { return e.err }

type conn struct{ open bool }

func (c *conn) mustRead() int {
	if !c.open {
		panic(&opError{"read", fmt.Errorf("line one\nline two: %w", errors.ErrUnsupported)})
	}
	return 1
}

func main() {
	defer fmt.Println("deferred runs")
	c := &conn{true}
	fmt.Println(c.mustRead())
	c.open = false
	c.mustRead()
}
