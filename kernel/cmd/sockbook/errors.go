package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// statusError ends the program with this exit status and no words: what there
// was to say has been said.
type statusError int

func (s statusError) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// hintError is an error and what to do about it. Other packages' errors may
// carry a hint as well: all they need is a method Hint.
type hintError struct {
	error
	hint string
}

func (e *hintError) Hint() string  { return e.hint }
func (e *hintError) Unwrap() error { return e.error }

func withHint(err error, format string, args ...any) error {
	return &hintError{err, fmt.Sprintf(format, args...)}
}

// hintOf returns the outermost hint in err's chain, or "".
func hintOf(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// noArgs and someArgs are cobra's argument checks with a hint.
func noArgs(cmd *cobra.Command, args []string) error { return someArgs(0, 0)(cmd, args) }

// someArgs takes from least to most arguments; a most below 0 is no limit.
func someArgs(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch n := len(args); {
		case n < least:
			return withHint(fmt.Errorf("%s needs an argument", cmd.CommandPath()), "usage: %s", cmd.UseLine())
		case most >= 0 && n > most:
			return withHint(fmt.Errorf("%s does not take the argument %q", cmd.CommandPath(), args[most]), "usage: %s", cmd.UseLine())
		}
		return nil
	}
}
