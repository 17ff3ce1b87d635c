package cell

import (
	"flag"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite what the sessions in testdata say")

// TestSessions plays the sessions of testdata. A session is an archive: a file
// `cell N` is checked, and defined if it is accepted; the file `says N` after
// it is what the check says: `ok` and what the cell defines, or the errors as
// a learner reads them.
func TestSessions(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no sessions in testdata", err)
	}
	sessions := 0
	for _, file := range files {
		sessions++
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(ar)
			if *update {
				if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want := string(txtar.Format(ar))
			if have := string(txtar.Format(got)); have != want {
				t.Errorf("the session says (go test -run TestSessions -update rewrites it, then read the difference):\n%s", have)
			}
		})
	}
	if sessions < 60 {
		t.Errorf("%d sessions, want at least 60", sessions)
	}
}

// play checks the cells of a session and returns it with what they say.
func play(ar *txtar.Archive) *txtar.Archive {
	env := NewEnv()
	got := &txtar.Archive{Comment: ar.Comment}
	for _, f := range ar.Files {
		number, ok := strings.CutPrefix(f.Name, "cell ")
		if !ok {
			continue
		}
		c, err := env.Check("cell ["+number+"]", string(f.Data))
		said := ""
		if err != nil {
			said = err.(*Error).Text(false)
		} else {
			env.Define(c)
			said = summary(c)
		}
		got.Files = append(got.Files, f, txtar.File{Name: "says " + number, Data: []byte(said)})
	}
	return got
}

// summary is what a checked cell does, a line each.
func summary(c *Cell) string {
	var b strings.Builder
	b.WriteString("ok\n")
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	typ := func(t types.Type) string { return types.TypeString(t, types.RelativeTo(c.Pkg)) }
	object := func(o types.Object) string { return types.ObjectString(o, types.RelativeTo(c.Pkg)) }
	for _, i := range c.Imports {
		line("import %s %q", i.Name, i.Path)
	}
	for _, k := range c.Consts {
		line("%s", object(k.Obj))
	}
	for _, t := range c.Types {
		line("%s", object(t.Obj))
	}
	function := func(f *Func) string {
		s := object(f.Obj)
		if f.Replaces != nil {
			s += " (replaces)"
		}
		return s
	}
	for _, f := range c.Funcs {
		line("%s", function(f))
	}
	for _, v := range c.Vars {
		line("var %s %s", v.Name(), typ(v.Type()))
	}
	if c.Result != nil {
		line("result %s", typ(c.Info.Types[c.Result].Type))
	}
	if c.Main != nil {
		line("runs main")
	}
	for _, k := range c.Recheck.Consts {
		line("again %s of %s", object(k.Obj), k.Origin)
	}
	for _, t := range c.Recheck.Types {
		line("again %s of %s", object(t.Obj), t.Origin)
	}
	for _, f := range c.Recheck.Funcs {
		line("again %s of %s", function(f), f.Origin)
	}
	for _, s := range c.Stale {
		line("stale %s", s.Reason)
	}
	return b.String()
}
