// Package export writes the cells of a notebook as Go programs, one for each of
// its processes, that go vet and go build accept.
//
// Call [Build]. Each cell becomes a function that main calls in order; what
// cells declare stands at package level. What Go does not have is said in
// notes: a name that cells define anew in other ways gets a number, and
// variables and imports that nothing uses are reported.
package export

import (
	"errors"
	"fmt"
	"go/format"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"sockbook/kernel/cell"
)

// Cell is a cell of a notebook.
type Cell struct {
	Name       string // as in messages, e.g. "cell [3]"
	Text       string // directive lines are left out
	Background bool   // the cells after it do not wait for it
}

// Process is one Go process of a notebook and the cells it is made of. Cells
// that have directives only may be in several.
type Process struct {
	Name  string // of its folder; empty: the module's own
	Cells []Cell
}

// Module is what a notebook is as a Go module, with a command for each process.
type Module struct {
	Files map[string][]byte // by path, slashes: main.go or NAME/main.go, go.mod and what they need
	Notes []Note
}

// A Note is something about a cell that a reader of the program should know.
type Note struct {
	Cell string
	Line int // in the cell, from 1; 0: all of it
	Text string
}

func (n Note) String() string {
	if n.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", n.Cell, n.Line, n.Text)
	}
	return n.Cell + ": " + n.Text
}

// Build makes programs of cells, which are checked in order as the notebook
// checks them; a cell that is refused is left out and noted. The module has
// the given path. The error is a fault of this package.
func Build(module string, processes []Process) (*Module, error) {
	m := &Module{Files: map[string][]byte{}}
	imports := map[string]bool{}
	for _, p := range processes {
		b, source, err := program(p.Cells)
		if err != nil {
			return nil, err
		}
		for _, n := range b.notes {
			if !slices.Contains(m.Notes, n) {
				m.Notes = append(m.Notes, n)
			}
		}
		for path := range b.imports {
			imports[path] = true
		}
		m.Files[path.Join(p.Name, "main.go")] = source
	}
	return m, m.moduleFiles(module, imports)
}

// program makes the program of one process.
func program(cells []Cell) (*builder, []byte, error) {
	b := &builder{
		env:     cell.NewEnv(),
		idents:  map[string]bool{"main": true, "init": true},
		canon:   map[types.Object]types.Object{},
		shared:  map[*types.Var]bool{},
		names:   map[types.Object]string{},
		imports: map[string]string{},
		texts:   map[string]string{},
		stale:   map[types.Object]bool{},
	}
	for i, c := range cells {
		b.check(i, c)
	}
	b.share()
	b.merge()
	b.name()
	source := b.program()
	formatted, err := format.Source([]byte(source))
	if err != nil {
		return nil, nil, fmt.Errorf("format the program: %w\n%s", err, source)
	}
	return b, formatted, nil
}

// A builder holds what is known of the cells while they become a program.
type builder struct {
	env   *cell.Env
	cells []*checked
	texts map[string]string // of cells, by name
	notes []Note

	idents   map[string]bool               // every name that is written anywhere
	canon    map[types.Object]types.Object // what an object is in the program, if another one
	shared   map[*types.Var]bool           // variables that outlive their cell's function
	names    map[types.Object]string       // what objects are called at package level
	imports  map[string]string             // path → name, of what the program uses
	stale    map[types.Object]bool         // functions that do not compile with what later cells define
	versions []*version
}

// checked is a cell that became Go.
type checked struct {
	*cell.Cell
	function   string // what it is called in the program
	background bool
	directives []string // lines
}

// note says something of a cell; noteAt, of a place in it.
func (b *builder) note(cell, format string, args ...any) {
	b.add(Note{Cell: cell, Text: fmt.Sprintf(format, args...)})
}

func (b *builder) noteAt(c *cell.Cell, pos token.Pos, format string, args ...any) {
	b.add(Note{Cell: c.Name, Line: c.Fset.Position(pos).Line, Text: fmt.Sprintf(format, args...)})
}

func (b *builder) add(n Note) {
	if !slices.Contains(b.notes, n) {
		b.notes = append(b.notes, n)
	}
}

func (b *builder) check(i int, c Cell) {
	text := cell.Mask(c.Text)
	got, err := b.env.Check(c.Name, text)
	var refused *cell.Error
	if errors.As(err, &refused) {
		b.note(c.Name, "left out, it is not Go: %v", refused.Diagnostics[0])
		return
	}
	b.env.Define(got)
	b.texts[c.Name] = text
	number := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, c.Name)
	if number == "" {
		number = fmt.Sprint(i + 1)
	}
	b.cells = append(b.cells, &checked{Cell: got, function: "cell" + number, background: c.Background, directives: directives(c.Text, text)})
	for _, s := range got.Stale {
		b.note(c.Name, "%s", s.Reason)
		b.stale[s.Obj] = true
	}
	b.addVersions(got)
	b.collectIdents(got)
}

// directives returns the lines that are blank in masked.
func directives(text, masked string) (lines []string) {
	left := strings.Split(masked, "\n")
	for i, line := range strings.Split(text, "\n") {
		if line != left[i] {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// text returns the text of a cell.
func (b *builder) text(name string) string { return b.texts[name] }
