package interp

import "fmt"

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
	s := ""
	for i, x := range v.values {
		if i > 0 {
			s += " "
		}
		s += fmt.Sprintf("%+v", x)
	}
	return map[string]any{"text/plain": s}
}
