package interp

import "sockbook/runtime/display"

// Value is what a cell's last expression gave; the zero Value is none.
type Value struct{ values []any }

// Valid reports whether the cell gave a value.
func (v Value) Valid() bool { return len(v.values) > 0 }

// Bundle gives the value as MIME data: always text/plain, and what the value
// says of itself. It is nil for the zero Value.
func (v Value) Bundle() map[string]any {
	if !v.Valid() {
		return nil
	}
	return display.Of(v.values...).Wire()
}
