// Package directive is what cells ask of Sockbook, not of Go: lines that begin
// with %, as in IPython. A line "%name args" is carried out at once; a first
// line "%%name args" says how the cell below it is run.
//
// A [Set] holds the directives that there are; [Set.Split] takes a cell apart.
// What directives do is in the packages that own what they work on.
package directive

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sockbook/runtime/display/sink"
)

// Directive is one that there is.
type Directive struct {
	Name  string
	Usage string // e.g. "%kill NAME [SIGNAL]"
	Help  string // a sentence, then more if need be
	// Run carries out a line; nil if there is none by this name.
	Run func(ctx context.Context, args []string, out Output) error
	// Cell changes how the cell below "%%name" is run; nil if there is none.
	Cell func(ctx context.Context, args []string, plan *Plan) error
	// Complete returns what the last of args may become; nil: nothing.
	Complete func(args []string) []string
}

// Output is where directives show what they have to say.
type Output interface {
	Stream(name, text string)
	Display(m sink.Message)
}

// Plan is how a cell is run.
type Plan struct {
	Process    string // which Go process; empty: the main one
	Background bool   // do not wait for its end
	// Rewrite, if not nil, makes the cell's new text of the lines after "%%name"
	// ones: the cell is not run, but gets the text.
	Rewrite func(text string) (string, error)
	// Beside is run while the cell runs in the background; ctx ends with it.
	Beside []func(ctx context.Context, out Output)
	// Done is called when all is over, also if the cell was not run.
	Done []func()
	// After is called when the cell ended, in order.
	After []func(ctx context.Context, out Output)
}

// Call is a directive as it stands in a cell.
type Call struct {
	*Directive
	Args []string
	Line int // from 1
	Text string
}

// Error is a mistake in the use of a directive.
type Error struct {
	Line int    // in the cell, from 1
	Text string // the line
	Msg  string
	Hint string
	Err  error // what the directive met, if it is more than a mistake; may be nil
}

func (e *Error) Error() string { return e.Msg }

// Unwrap returns what the directive met.
func (e *Error) Unwrap() error { return e.Err }

// Mistake returns the error of a call with the hint how it is used, unless err
// has a hint of its own.
func (c Call) Mistake(err error) *Error {
	e := &Error{Line: c.Line, Text: c.Text, Msg: err.Error(), Hint: "usage: " + c.Usage, Err: err}
	if h, ok := err.(interface{ Hint() string }); ok && h.Hint() != "" {
		e.Hint = h.Hint()
	}
	return e
}

// Cell is a cell taken apart.
type Cell struct {
	Plan   []Call // "%%name" lines
	Before []Call // "%name" lines before the first line of Go
	Rest   string // the text below the last of Plan
	Go     string // the rest; directives are empty lines in it, so that every line keeps its number
	After  []Call // "%name" lines after the last line of Go
}

// HasGo reports whether there is anything to run.
func (c *Cell) HasGo() bool { return strings.TrimSpace(c.Go) != "" }

// Set is the directives that there are, in the order in which help lists them.
type Set struct{ list []*Directive }

// Add adds directives. Two with one name are a bug.
func (s *Set) Add(directives ...Directive) {
	for _, d := range directives {
		if s.Find(d.Name) != nil {
			panic("directive: " + d.Name + " is there twice")
		}
		s.list = append(s.list, &d)
	}
}

// Find returns the directive with the name, without %, or nil.
func (s *Set) Find(name string) *Directive {
	i := slices.IndexFunc(s.list, func(d *Directive) bool { return d.Name == name })
	if i < 0 {
		return nil
	}
	return s.list[i]
}

// All returns all directives.
func (s *Set) All() []*Directive { return s.list }

// line is a line that is a directive: %name or %%name, then words.
var line = regexp.MustCompile(`^(%{1,2})([a-zA-Z]\w*)(?:[ \t]+(.*?))?[ \t\r]*$`)

// Split takes a cell apart. No line of Go begins with %, save in a raw string:
// so a line is a directive only before the first and after the last line of
// Go, and after it only if there is one of that name.
func (s *Set) Split(text string) (*Cell, error) {
	lines := strings.Split(text, "\n")
	blank := func(l string) bool { return strings.TrimSpace(l) == "" }
	c := &Cell{}
	first := 0
	for ; first < len(lines); first++ {
		l := lines[first]
		if blank(l) || strings.HasPrefix(strings.TrimSpace(l), "//") {
			continue
		}
		if !strings.HasPrefix(l, "%") {
			break
		}
		call, cell, err := s.parse(first+1, l)
		if err != nil {
			return nil, err
		}
		if cell {
			c.Rest = strings.Join(lines[first+1:], "\n")
			if len(c.Before) > 0 {
				return nil, call.Mistake(fmt.Errorf("%%%%%s must stand before the lines with one %%", call.Name))
			}
			c.Plan = append(c.Plan, call)
		} else {
			c.Before = append(c.Before, call)
		}
		lines[first] = ""
	}
	for last := len(lines) - 1; last > first; last-- {
		if blank(lines[last]) {
			continue
		}
		if m := line.FindStringSubmatch(lines[last]); m == nil || s.Find(m[2]) == nil {
			break
		}
		call, cell, err := s.parse(last+1, lines[last])
		if err != nil {
			return nil, err
		}
		if cell {
			return nil, call.Mistake(fmt.Errorf("%%%%%s must be the cell's first line", call.Name))
		}
		c.After = slices.Insert(c.After, 0, call)
		lines[last] = ""
	}
	c.Go = strings.Join(lines, "\n")
	return c, nil
}

func (s *Set) parse(number int, text string) (call Call, cell bool, err error) {
	m := line.FindStringSubmatch(text)
	if m == nil {
		return call, false, &Error{Line: number, Text: text, Msg: "this is no directive: a name must follow %", Hint: "%help lists the directives"}
	}
	cell = m[1] == "%%"
	d := s.Find(m[2])
	if d == nil {
		return call, cell, &Error{Line: number, Text: text, Msg: fmt.Sprintf("there is no directive %s%s", m[1], m[2]), Hint: s.near(m[2])}
	}
	call = Call{Directive: d, Args: strings.Fields(m[3]), Line: number, Text: text}
	if cell && d.Cell == nil {
		return call, cell, call.Mistake(fmt.Errorf("%%%%%s does not stand before a cell; write %%%s", d.Name, d.Name))
	}
	if !cell && d.Run == nil {
		return call, cell, call.Mistake(fmt.Errorf("%%%s stands before a cell; write %%%%%s as its first line", d.Name, d.Name))
	}
	return call, cell, nil
}

// near suggests the directives whose names are like name.
func (s *Set) near(name string) string {
	var names []string
	for _, d := range s.list {
		if distance(d.Name, name) <= 2 || len(name) > 1 && strings.HasPrefix(d.Name, name) {
			names = append(names, "%"+d.Name)
		}
	}
	if len(names) == 0 {
		return "%help lists the directives"
	}
	return "did you mean " + strings.Join(names, " or ") + "?"
}

// distance is the number of letters to change to get from a to b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// At is the directive in whose line a place is.
type At struct {
	Prefix string     // the line up to the place
	Call   *Directive // the directive; nil if there is none of that name
	Cell   bool       // "%%"
	Args   []string   // the words after the name up to the place; the last is begun
	Word   string     // what is begun at the place: the last word or the name with %
}

// Locate says what is at the end of prefix, a part of a cell; ok is false if
// its last line is no directive.
func (s *Set) Locate(prefix string) (at At, ok bool) {
	at.Prefix = prefix[strings.LastIndexByte(prefix, '\n')+1:]
	if !strings.HasPrefix(at.Prefix, "%") {
		return at, false
	}
	at.Cell = strings.HasPrefix(at.Prefix, "%%")
	fields := strings.Fields(at.Prefix)
	if strings.HasSuffix(at.Prefix, " ") {
		fields = append(fields, "")
	}
	at.Word = fields[len(fields)-1]
	at.Call = s.Find(strings.TrimLeft(fields[0], "%"))
	if len(fields) > 1 {
		at.Args = fields[1:]
	}
	return at, true
}

// Complete returns what the word at the place may become.
func (s *Set) Complete(at At) []string {
	var found []string
	if at.Args == nil {
		for _, d := range s.list {
			if d.Run != nil && !at.Cell {
				found = append(found, "%"+d.Name)
			}
			if d.Cell != nil {
				found = append(found, "%%"+d.Name)
			}
		}
	} else if at.Call != nil && at.Call.Complete != nil {
		found = at.Call.Complete(at.Args)
	}
	found = slices.DeleteFunc(found, func(w string) bool { return !strings.HasPrefix(w, at.Word) })
	slices.SortStableFunc(found, func(a, b string) int { return cmp.Compare(strings.TrimLeft(a, "%"), strings.TrimLeft(b, "%")) })
	return found
}
