package cell

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Diagnostic is one thing the compiler says about a cell.
type Diagnostic struct {
	Pos, End token.Position // Filename is the cell's name; End may equal Pos
	Msg      string         // the compiler's words
	Hint     string         // what to do about it, or ""
	Imports  []string       // import paths, one of which would define what is undefined
	Line     string         // the source line of Pos, without its end
}

func (d Diagnostic) String() string { return d.Pos.String() + ": " + d.Msg }

// Error is why a cell was refused: everything that is wrong with it, in source
// order. Nothing of the cell is defined and nothing of it may run.
type Error struct{ Diagnostics []Diagnostic }

// Error returns a line a diagnostic, as the compiler prints them.
func (e *Error) Error() string {
	var lines []string
	for _, d := range e.Diagnostics {
		lines = append(lines, d.String())
	}
	return strings.Join(lines, "\n")
}

// Text is what a learner reads: each diagnostic with its source line, a caret
// under the place, and its hint. With color, ANSI escape sequences are used.
func (e *Error) Text(color bool) string {
	paint := func(code, s string) string {
		if !color || s == "" {
			return s
		}
		return "\x1b[" + code + "m" + s + "\x1b[0m"
	}
	var b strings.Builder
	for i, d := range e.Diagnostics {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s: %s\n", paint("1", d.Pos.String()), paint("1;31", d.Msg))
		if d.Pos.Line > 0 {
			number := fmt.Sprint(d.Pos.Line)
			fmt.Fprintf(&b, " %s %s\n", paint("2", number+" |"), strings.ReplaceAll(d.Line, "\t", "    "))
			fmt.Fprintf(&b, " %s %s\n", paint("2", strings.Repeat(" ", len(number))+" |"), paint("1;31", d.caret()))
		}
		if d.Hint != "" {
			fmt.Fprintf(&b, "%s %s\n", paint("1;36", "hint:"), d.Hint)
		}
	}
	return b.String()
}

// caret marks the place in Line: ^ under one character, ^~~~ under more.
func (d Diagnostic) caret() string {
	at := min(max(d.Pos.Column-1, 0), len(d.Line))
	end := at
	if d.End.Line == d.Pos.Line {
		end = min(max(d.End.Column-1, at), len(d.Line))
	} else if d.End.Line > d.Pos.Line {
		end = len(d.Line)
	}
	indent := utf8.RuneCountInString(strings.ReplaceAll(d.Line[:at], "\t", "    "))
	width := utf8.RuneCountInString(d.Line[at:end])
	return strings.Repeat(" ", indent) + "^" + strings.Repeat("~", max(width-1, 0))
}

func sortDiagnostics(list []Diagnostic) []Diagnostic {
	slices.SortStableFunc(list, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return slices.CompactFunc(list, func(a, b Diagnostic) bool { return a.Pos == b.Pos && a.Msg == b.Msg })
}
