package cell

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestCompilerWords compares what Check says of programs with what the Go
// compiler says of them: the same lines, in the same words. Columns are the
// compiler's too but where it points at an operator and go/types at an operand.
func TestCompilerWords(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no go command")
		}
		t.Skip("no go command to compile with")
	}
	ar, err := txtar.ParseFile("testdata/compiler/programs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module wrong\n\ngo 1.26\n")
	for _, f := range ar.Files {
		write(t, filepath.Join(dir, f.Name, "x.go"), string(f.Data))
	}
	cmd := exec.Command("go", "build", "-gcflags=-e", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatal("the compiler finds nothing wrong")
	}
	compiler := byProgram(string(out))
	columns, same := 0, 0
	for _, f := range ar.Files {
		want := compiler[f.Name]
		if len(want) == 0 {
			t.Errorf("%s: the compiler says nothing\n%s", f.Name, out)
			continue
		}
		_, err := NewEnv().Check("x.go", string(f.Data))
		if err == nil {
			t.Errorf("%s: accepted, the compiler says %q", f.Name, want)
			continue
		}
		got := strings.Split(err.Error(), "\n")
		if reason := known[f.Name]; reason != "" {
			continue
		}
		if strings.HasPrefix(f.Name, "syntax-") { // what follows from a syntax error is another matter
			got, want = got[:1], want[:1]
		}
		if c, s := compare(got, want); s == len(want) && len(withoutColumns(got)) == len(withoutColumns(want)) {
			columns, same = columns+c, same+s
			continue
		}
		t.Errorf("%s\nwe say\n\t%s\nthe compiler says\n\t%s", f.Name, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
	t.Logf("%d lines the same, %d of them with the same column", same, columns)
}

// known are the programs about which we do not say what the compiler says.
var known = map[string]string{
	"range":         "go/parser refuses three variables, and then nothing is type-checked",
	"goto-over":     "go/types names a line where the compiler names a variable and a place",
	"defer":         "a syntax error for go/parser, one of types for the compiler",
	"syntax-else":   "at the top of a cell no } is expected",
	"syntax-string": "the compiler checks types although a literal is broken",
	"syntax-rune":   "the compiler checks types although a literal is broken",
	"syntax-number": "the compiler checks types although a literal is broken",
	"syntax-if":     "go/parser does not keep the assignment that the compiler quotes",
	"syntax-eof":    "a cell's end is where its last character is",
	"no-main":       "the linker says it, without a place",
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// byProgram sorts the go command's output by the packages it is about.
func byProgram(out string) map[string][]string {
	found := map[string][]string{}
	program := ""
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\n")
		if name, ok := strings.CutPrefix(line, "# wrong/"); ok {
			program = name
			continue
		}
		line = strings.ReplaceAll(line, program+"/x.go:", "x.go:")
		found[program] = append(found[program], strings.ReplaceAll(line, "./x.go:", "x.go:"))
	}
	return found
}

var position = regexp.MustCompile(`x\.go:(\d+):\d+:`)

func withoutColumns(lines []string) []string {
	var list []string
	for _, l := range lines {
		list = append(list, position.ReplaceAllString(l, "x.go:$1:"))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// compare counts the lines of want that got has, with columns and without.
func compare(got, want []string) (columns, same int) {
	bare := withoutColumns(got)
	for _, w := range want {
		if slices.Contains(got, w) {
			columns++
		}
		if slices.Contains(bare, fmt.Sprint(position.ReplaceAllString(w, "x.go:$1:"))) {
			same++
		}
	}
	return columns, same
}
