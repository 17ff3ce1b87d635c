package export_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"sockbook/kernel/cell"
	"sockbook/kernel/export"
	"sockbook/kernel/export/internal/pack"
)

var update = flag.Bool("update", false, "rewrite what the notebooks in testdata become")

// TestBuild exports the notebooks of testdata, compares the programs with
// those beside them, has the go command vet, build and run them all, and
// compares what they print.
func TestBuild(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 10 {
		t.Fatal("too few notebooks in testdata", len(files), err)
	}
	dir := t.TempDir()
	outputs := map[string]string{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := exported(t, ar)
		if *update {
			if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if have, want := string(txtar.Format(got)), string(txtar.Format(ar)); have != want {
			t.Errorf("%s becomes (go test -update rewrites it, then read the difference):\n%s", name, have)
		}
		for _, f := range got.Files {
			switch {
			case f.Name == "output":
				outputs[name] = string(f.Data)
			case f.Name == "main.go":
				write(t, filepath.Join(dir, name, f.Name), f.Data)
			}
		}
	}
	program, err := export.Build("all", []export.Process{{Cells: []export.Cell{{Name: "cell [1]", Text: "import (\n\"sockbook/runtime/display\"\n\"golang.org/x/sys/unix\"\n)\ndisplay.Text(\"x\")\nunix.AF_INET"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range program.Files {
		if name != "main.go" {
			write(t, filepath.Join(dir, name), text)
		}
	}
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no go command")
		}
		t.Skip("no go command to build the programs with")
	}
	goCommand(t, dir, "vet", "./...")
	goCommand(t, dir, "build", "-o", "bin/", "./...")
	for name, want := range outputs {
		out, err := exec.Command(filepath.Join(dir, "bin", name)).CombinedOutput()
		if err != nil || string(out) != want {
			t.Errorf("%s prints\n%s%v, want\n%s", name, out, err, want)
		}
	}
}

func goCommand(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// exported returns a notebook with its program, the notes and what the program
// is to print.
func exported(t *testing.T, ar *txtar.Archive) *txtar.Archive {
	t.Helper()
	got := &txtar.Archive{Comment: ar.Comment}
	var cells []export.Cell
	var output []byte
	for _, f := range ar.Files {
		if number, ok := strings.CutPrefix(f.Name, "cell "); ok {
			number, background := strings.CutSuffix(number, " &")
			cells = append(cells, export.Cell{Name: "cell [" + number + "]", Text: string(f.Data), Background: background})
			got.Files = append(got.Files, f)
		}
		if f.Name == "output" {
			output = f.Data
		}
	}
	p, err := export.Build("exported", []export.Process{{Cells: cells}})
	if err != nil {
		t.Fatal(err)
	}
	var notes bytes.Buffer
	for _, n := range p.Notes {
		fmt.Fprintln(&notes, n)
	}
	got.Files = append(got.Files,
		txtar.File{Name: "main.go", Data: p.Files["main.go"]},
		txtar.File{Name: "notes", Data: notes.Bytes()},
		txtar.File{Name: "output", Data: output})
	return got
}

// TestSessions exports the sessions that package cell is tested with, and
// checks the programs as the compiler would.
func TestSessions(t *testing.T) {
	files, err := filepath.Glob("../cell/testdata/*.txtar")
	if err != nil || len(files) < 60 {
		t.Fatal("too few sessions", len(files), err)
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var cells []export.Cell
		for _, f := range ar.Files {
			if number, ok := strings.CutPrefix(f.Name, "cell "); ok {
				cells = append(cells, export.Cell{Name: "cell [" + number + "]", Text: string(f.Data)})
			}
		}
		p, err := export.Build("m", []export.Process{{Cells: cells}})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if strings.HasSuffix(file, "method-ambiguous.txtar") {
			continue // a later cell gives a method to a type that an earlier function could still do without
		}
		if _, err := cell.NewEnv().Check("main.go", string(p.Files["main.go"])); err != nil {
			t.Errorf("%s: %s%s", file, err.(*cell.Error).Text(false), p.Files["main.go"])
		}
	}
}

func TestModule(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile("../../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	p, err := export.Build("m", []export.Process{
		{Name: "a", Cells: []export.Cell{{Name: "1", Text: "%%on a\n1"}, {Name: "2", Text: "%ps"}}},
		{Name: "b", Cells: []export.Cell{{Name: "2", Text: "%ps"}, {Name: "3", Text: "%%on b\nimport \"golang.org/x/sys/unix\"\nunix.AF_INET"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"a/main.go": "// 1\n//\n//\t%%on a\n", "b/main.go": "// 2\n//\n//\t%ps\n"} {
		if !strings.Contains(string(p.Files[name]), want) {
			t.Errorf("%s has no %q:\n%s", name, want, p.Files[name])
		}
	}
	_, require, _ := strings.Cut(string(p.Files["go.mod"]), "require ")
	if !strings.Contains(string(mod), strings.TrimSpace(require)) || require == "" {
		t.Errorf("go.mod of this module does not require %q", require)
	}
	if !strings.Contains(string(sum), string(p.Files["go.sum"])) || len(p.Files["go.sum"]) == 0 {
		t.Errorf("go.sum of this module does not have\n%s", p.Files["go.sum"])
	}
	if p, err := export.Build("m", nil); err != nil || string(p.Files["go.mod"]) != "module m\n\ngo 1.26.0\n" || len(p.Files) != 1 {
		t.Errorf("no cells become %v, %v", p, err)
	}
}

func TestFresh(t *testing.T) {
	want, err := pack.Zip("../..")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(pack.File); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is stale (%v), run: go generate ./kernel/export", pack.File, err)
	}
}
