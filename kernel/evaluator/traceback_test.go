package evaluator

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sockbook/kernel/interp"
)

// plain takes the colours out of lines.
func plain(lines []string) string {
	text := strings.Join(lines, "\n")
	for _, code := range []string{"\x1b[0;31m", "\x1b[0;32m", "\x1b[0m"} {
		text = strings.ReplaceAll(text, code, "")
	}
	return text
}

func TestFailures(t *testing.T) {
	e := &Evaluator{cells: map[string]string{}}
	e.remember("[3]", "func f(i int) int {\n\treturn a[i]\n}")
	e.remember("[4]", "é := f(9)")
	inF := interp.Frame{Func: "main.f", Cell: "[3]", Line: 2, Column: 9}
	atTop := interp.Frame{Cell: "[4]", Line: 1, Column: 7}
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"panic", &interp.Panic{Text: "boom", Frames: []interp.Frame{inF, atTop}}, `panic: boom
  cell [3], line 2, in f
     2 │     return a[i]
       │            ^
  cell [4], line 1
     1 │ é := f(9)
       │      ^`},
		{"panic in a goroutine", &interp.Panic{Text: "boom", Frames: []interp.Frame{inF}, Started: interp.Frame{Func: "main.g", Cell: "[4]", Line: 1}}, `panic: boom
  cell [3], line 2, in f
     2 │     return a[i]
       │            ^
in the goroutine started at cell [4], line 1
The goroutine has ended; variables and other goroutines go on.`},
		{"a place outside", &interp.Panic{Text: "boom", Frames: []interp.Frame{{Cell: "[3]", Line: 99}, {Cell: "[9]", Line: 1}, {Cell: "[4]", Line: 1, Column: 99}}}, `panic: boom
  cell [3], line 99
  cell [9], line 1
  cell [4], line 1
     1 │ é := f(9)`},
		{"deep", &interp.StackOverflow{Depth: 4321, Frames: slices.Repeat([]interp.Frame{inF, atTop}, 20)}, "stack overflow: the recursion does not end, or is deeper than the stack\n" +
			strings.Repeat("  cell [3], line 2, in f\n     2 │     return a[i]\n       │            ^\n  cell [4], line 1\n     1 │ é := f(9)\n       │      ^\n", 8) + "  … 24 more calls"},
		{"recursion", &interp.StackOverflow{Frames: slices.Repeat([]interp.Frame{inF}, 40)}, "stack overflow: the recursion does not end, or is deeper than the stack\n  cell [3], line 2, in f\n     2 │     return a[i]\n       │            ^\n  … the same 39 more times"},
		{"interrupted", &interp.Interrupted{Frames: []interp.Frame{atTop}, Goroutines: []interp.Goroutine{
			{ID: 7, Started: atTop, State: "chan receive", At: inF}, {ID: 1, State: "something new"}}}, `interrupted: the cell was stopped at cell [4], line 1
  cell [4], line 1
     1 │ é := f(9)
       │      ^

What its goroutines were doing:
  goroutine 7 (the cell itself): waits to receive from a channel, at cell [3], line 2
  goroutine 1 (the cell itself): something new`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, plain(e.failure(test.err).Traceback)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTextsAreBounded(t *testing.T) {
	e := &Evaluator{cells: map[string]string{}}
	for i := range 3 * maxCells {
		e.remember(strings.Repeat("x", i), "text")
	}
	if len(e.cells) != maxCells || len(e.names) != maxCells {
		t.Errorf("%d texts, %d names are kept, want %d", len(e.cells), len(e.names), maxCells)
	}
}
