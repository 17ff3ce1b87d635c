package cell

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// seeds adds the cells of all sessions.
func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("no sessions in testdata", err)
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range ar.Files {
			if strings.HasPrefix(part.Name, "cell ") {
				f.Add(string(part.Data))
			}
		}
	}
	f.Add("%%on server &\nx := `\n%d`\n%ps")
}

// FuzzSplit checks that the items of a text are in order and inside it.
func FuzzSplit(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		items, errs := split(text)
		at := 0
		for _, it := range items {
			if it.start < at || it.end < it.start || it.end > len(text) {
				t.Fatalf("item %+v after %d of %d bytes", it, at, len(text))
			}
			at = it.end
		}
		for _, e := range errs {
			if e.offset < 0 || e.offset > len(text) {
				t.Fatalf("error %+v of %d bytes", e, len(text))
			}
		}
	})
}

const prelude = `import "fmt"
type T struct{ a int }
func (t T) M() int { return t.a + n }
func f(x int) int { return x + T{1}.M() }
const c = 3
n, s, t := 1, "a", T{2}
type U struct{ T; b [c]string }
func g[E any](e E) E { return e }
func h() (int, error) { fmt.Println(f(n)); return len(s), nil }
`

// FuzzCheck checks that places are inside the cell, and that what is accepted
// means the same after gofmt.
func FuzzCheck(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		said, ok := checkAfterPrelude(t, text)
		if !ok {
			return
		}
		formatted, err := Format(text)
		if err != nil {
			t.Fatalf("what is checked is not formatted: %v", err)
		}
		if again, ok := checkAfterPrelude(t, formatted); !ok || again != said {
			t.Fatalf("%q says\n%s\nformatted %q says\n%s", text, said, formatted, again)
		}
	})
}

func checkAfterPrelude(t *testing.T, text string) (said string, ok bool) {
	env := NewEnv()
	first, err := env.Check("cell [1]", prelude)
	if err != nil {
		t.Fatal(err)
	}
	env.Define(first)
	c, err := env.Check("cell [2]", text)
	if err != nil {
		lines := strings.Split(text, "\n")
		for _, d := range err.(*Error).Diagnostics {
			if d.Pos.Filename != "cell [2]" || d.Pos.Line < 1 || d.Pos.Line > len(lines) || d.Pos.Column < 1 || d.Pos.Column > len(lines[d.Pos.Line-1])+1 {
				t.Fatalf("%q has an error at %v: %s", text, d.Pos, d.Msg)
			}
		}
		if err.(*Error).Text(true) == "" {
			t.Fatal("an error without text")
		}
		if _, err := env.Check("cell [3]", "t.M() + f(n) + len(s) + g(c)"); err != nil {
			t.Fatalf("after refused %q: %v", text, err)
		}
		return "", false
	}
	env.Define(c)
	said = summary(c)
	// Whatever a cell defines, the next one is checked without panic.
	env.Check("cell [3]", "t.M() + f(n) + len(s) + g(c)\nn := \"x\"\ntype T int")
	return said, true
}

// FuzzIsComplete checks that a complete text has no syntax errors.
func FuzzIsComplete(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		status, indent := IsComplete(text)
		if strings.Trim(indent, "\t") != "" || indent != "" && status != Incomplete {
			t.Fatalf("%s with indent %q", status, indent)
		}
		if status == Complete {
			if _, err := Format(text); err != nil {
				t.Fatalf("complete %q: %v", text, err)
			}
		}
	})
}

// FuzzFormat checks that formatting comes to rest. gofmt itself needs a second
// run for some comments.
func FuzzFormat(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		last, err := Format(text)
		if err != nil {
			return
		}
		for range 3 {
			again, err := Format(last)
			if err != nil {
				t.Fatalf("%q\nformatted %q\n%v", text, last, err)
			}
			if again == last {
				return
			}
			last = again
		}
		t.Fatalf("%q does not come to rest: %q", text, last)
	})
}
