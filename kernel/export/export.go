// Package export writes the cells of one Go process of a notebook as a Go
// program that go vet and go build accept.
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
	"go/types"
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

// Program is what a process's cells are as a Go module of one package.
type Program struct {
	Files map[string][]byte // by path, slashes: main.go, go.mod and what they need
	Notes []Note
}

// A Note is something about a cell that a reader of the program should know.
type Note struct {
	Cell string
	Text string
}

func (n Note) String() string { return n.Cell + ": " + n.Text }

// Build makes a program of cells, which are checked in order as the notebook
// checks them; a cell that is refused is left out and noted. The module has
// the given path. The error is a fault of this package.
func Build(module string, cells []Cell) (*Program, error) {
	b := &builder{
		env:     cell.NewEnv(),
		module:  module,
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
		return nil, fmt.Errorf("format the program: %w\n%s", err, source)
	}
	p := &Program{Files: map[string][]byte{"main.go": formatted}, Notes: b.notes}
	if err := b.moduleFiles(p); err != nil {
		return nil, err
	}
	return p, nil
}

// A builder holds what is known of the cells while they become a program.
type builder struct {
	env    *cell.Env
	module string
	cells  []*checked
	texts  map[string]string // of cells, by name
	notes  []Note

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
}

func (b *builder) note(cell, format string, args ...any) {
	n := Note{cell, fmt.Sprintf(format, args...)}
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
	b.cells = append(b.cells, &checked{Cell: got, function: "cell" + number, background: c.Background})
	for _, s := range got.Stale {
		b.note(c.Name, "%s", s.Reason)
		b.stale[s.Obj] = true
	}
	b.addVersions(got)
	b.collectIdents(got)
}

// text returns the text of a cell.
func (b *builder) text(name string) string { return b.texts[name] }
