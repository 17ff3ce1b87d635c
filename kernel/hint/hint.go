// Package hint is errors that say what to do about them. Make one with [Add];
// who shows an error to a person asks [Of]. Errors of other types have a hint,
// too, if they have a method Hint.
package hint

import "errors"

// Error is an error that the user can do something about. Its type can be told
// from that of others, for which nobody has a hint.
type Error struct {
	Err  error
	What string // to do
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Hint returns what to do.
func (e *Error) Hint() string { return e.What }

// Add returns err with what to do about it, a sentence or a command; nil if err
// is nil.
func Add(err error, what string) error {
	if err == nil {
		return nil
	}
	return &Error{err, what}
}

// Of returns the outermost hint in err's chain, or "".
func Of(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}
