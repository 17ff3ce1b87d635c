// Package course is the lessons as data: their notebooks, what each asks and
// answers, its exercises with solutions, what its cells must print, and how
// far a learner has come.
//
// Call [Load]; a [Course] finds lessons, predictions and exercises by their
// numbers, and the lesson that a cell's text is from. The package runs nothing
// (package tutor does) and draws nothing.
package course

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sockbook/kernel/notebook"
)

// Lessons is how many there are.
const Lessons = 20

// What a lesson needs of the place where it runs.
const (
	NeedsLoopback = "loopback" // one machine
	NeedsLab      = "lab"      // hosts on a network
)

// Lesson is one notebook and what stands beside it.
type Lesson struct {
	Name   string `json:"-"` // of its folder: "10-host-crashed"
	Number int    `json:"-"`

	Title    string `json:"title"`
	Question string `json:"question"` // the one that the lesson answers
	Needs    string `json:"needs"`    // NeedsLoopback or NeedsLab

	Picture   Picture                `json:"picture"`
	Predict   map[string]*Prediction `json:"predict"`
	Exercises map[string]*Exercise   `json:"exercises"`

	Notebook *notebook.Notebook `json:"-"`
	Expected map[string]string  `json:"-"` // text of all outputs, by cell id; nil: not made yet

	files fs.FS
}

// Picture is the one that stands for a lesson.
type Picture struct {
	Cell string `json:"cell"` // the id of the cell that draws it
	Alt  string `json:"alt"`  // what it shows, in words
}

// Prediction is a question to be answered before an experiment.
type Prediction struct {
	ID       string            `json:"-"` // "10.2"
	Question string            `json:"question"`
	Choices  map[string]string `json:"choices"` // by letter
	Answer   string            `json:"answer"`  // the letter of what happens
	Why      string            `json:"why"`
}

// Letters are the choices' letters in their order.
func (p *Prediction) Letters() []string { return sortedKeys(p.Choices) }

// Exercise is a task with a hidden check.
type Exercise struct {
	ID     string `json:"-"`
	Title  string `json:"title"`
	Points int    `json:"points"`
	Cell   string `json:"cell"` // the id of the cell that holds the stub

	Lesson *Lesson `json:"-"`
}

// Wrong is a typical wrong answer.
type Wrong struct {
	Name string // "10.1-no-close"
	Text string // of the cell
	Want string // what the verdict must contain
	Lab  bool   // what is wrong with it shows only in a network of hosts
}

// Course is all lessons in their order.
type Course struct {
	Lessons []*Lesson

	Files fs.FS // as they come with Sockbook
}

// folder is the name of a lesson's folder.
var folder = regexp.MustCompile(`^([0-9][0-9])-[a-z0-9-]+$`)

// Load reads the lessons in files: each folder NN-name. A lesson that cannot be
// read is left out and is in the error; the Course is there all the same.
func Load(files fs.FS) (*Course, error) {
	c := &Course{Files: files}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return c, fmt.Errorf("list the lessons: %w", err)
	}
	var errs []error
	for _, e := range entries {
		m := folder.FindStringSubmatch(e.Name())
		if m == nil || !e.IsDir() {
			continue
		}
		l := &Lesson{Name: e.Name(), files: files}
		l.Number, _ = strconv.Atoi(m[1])
		if err := l.load(); err != nil {
			errs = append(errs, fmt.Errorf("lesson %s: %w", l.Name, err))
			continue
		}
		c.Lessons = append(c.Lessons, l)
	}
	return c, errors.Join(errs...)
}

func (l *Lesson) load() error {
	text, err := l.Read("lesson.ipynb")
	if err != nil {
		return err
	}
	if l.Notebook, err = notebook.Decode(text); err != nil {
		return err
	}
	if text, err = l.Read("lesson.json"); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(l); err != nil {
		return fmt.Errorf("lesson.json: %w", err)
	}
	for id, p := range l.Predict {
		if p == nil {
			return fmt.Errorf("lesson.json: prediction %s is empty", id)
		}
		p.ID = id
	}
	for id, e := range l.Exercises {
		if e == nil {
			return fmt.Errorf("lesson.json: exercise %s is empty", id)
		}
		e.ID, e.Lesson = id, l
	}
	text, err = l.Read(ExpectedName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		l.Expected = ParseExpected(text)
	}
	return nil
}

// Stored are what the cells showed when the lesson was made, by cell id, for
// cells whose text is still the same. It is empty where nothing is stored.
func (l *Lesson) Stored() (map[string]*notebook.Cell, error) {
	text, err := l.Read(StoredName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n, err := notebook.Decode(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", StoredName, err)
	}
	all := map[string]*notebook.Cell{}
	for _, c := range n.Cells {
		if now := l.Cell(c.ID()); c.IsCode() && now != nil && now.Source() == c.Source() {
			all[c.ID()] = c
		}
	}
	return all, nil
}

// The generated files of a lesson's folder.
const (
	StoredName   = "stored.ipynb" // the lesson with the outputs of one run
	ExpectedName = "expected.txt" // what Normalise leaves of their text
	PictureName  = "picture.svg"  // the one that stands for the lesson
)

// Read reads a file of the lesson's folder.
func (l *Lesson) Read(name string) ([]byte, error) {
	return fs.ReadFile(l.files, path.Join(l.Name, name))
}

// Cell returns the cell with an id, or nil.
func (l *Lesson) Cell(id string) *notebook.Cell {
	for _, c := range l.Notebook.Cells {
		if c.ID() == id {
			return c
		}
	}
	return nil
}

// CodeCells are the cells that are run, in their order.
func (l *Lesson) CodeCells() []*notebook.Cell {
	var list []*notebook.Cell
	for _, c := range l.Notebook.Cells {
		if c.IsCode() && strings.TrimSpace(c.Source()) != "" {
			list = append(list, c)
		}
	}
	return list
}

// ExerciseIDs and PredictionIDs are in their order.
func (l *Lesson) ExerciseIDs() []string   { return sortedKeys(l.Exercises) }
func (l *Lesson) PredictionIDs() []string { return sortedKeys(l.Predict) }

// Stub is the text of the cell that the learner fills in.
func (e *Exercise) Stub() string {
	if c := e.Lesson.Cell(e.Cell); c != nil {
		return c.Source()
	}
	return ""
}

// Solution is the text of that cell, solved.
func (e *Exercise) Solution() (string, error) {
	text, err := e.Lesson.Read("solutions/" + e.ID + ".cell")
	return string(text), err
}

// Want begins the line of a wrong answer that says what its verdict must
// contain; inLab, where what is wrong shows only in a network of hosts.
const (
	want  = "// want: "
	inLab = "// want in the lab: "
)

// Wrong are the exercise's typical wrong answers, in the order of their names.
func (e *Exercise) Wrong() ([]Wrong, error) {
	names, err := fs.Glob(e.Lesson.files, path.Join(e.Lesson.Name, "wrong", e.ID+"-*.cell"))
	if err != nil {
		return nil, err
	}
	var list []Wrong
	for _, name := range names {
		text, err := fs.ReadFile(e.Lesson.files, name)
		if err != nil {
			return nil, err
		}
		first, _, _ := strings.Cut(string(text), "\n")
		words, lab := strings.CutPrefix(first, inLab)
		words, ok := strings.CutPrefix(words, want)
		ok = ok || lab
		if !ok || strings.TrimSpace(words) == "" {
			return nil, fmt.Errorf("%s: its first line must be %q and then words of the verdict", name, want)
		}
		list = append(list, Wrong{Name: strings.TrimSuffix(path.Base(name), ".cell"), Text: string(text), Want: strings.TrimSpace(words), Lab: lab})
	}
	return list, nil
}

// Exercise finds an exercise by its number, or nil.
func (c *Course) Exercise(id string) *Exercise {
	for _, l := range c.Lessons {
		if e := l.Exercises[id]; e != nil {
			return e
		}
	}
	return nil
}

// Prediction finds a prediction by its number, or nil.
func (c *Course) Prediction(id string) *Prediction {
	for _, l := range c.Lessons {
		if p := l.Predict[id]; p != nil {
			return p
		}
	}
	return nil
}

// Lesson finds a lesson by its number ("10", "05") or its folder's name, or nil.
func (c *Course) Lesson(name string) *Lesson {
	number, err := strconv.Atoi(name)
	for _, l := range c.Lessons {
		if l.Name == name || err == nil && l.Number == number {
			return l
		}
	}
	return nil
}

// CellOf finds the lesson and the cell that a text is from, unchanged but for
// blanks around it; nil if there is none. Where several cells have one text, it
// is the first behind the cell last, or else the first.
func (c *Course) CellOf(text string, last *notebook.Cell) (*Lesson, *notebook.Cell) {
	text = strings.TrimSpace(text)
	var lesson *Lesson
	var first *notebook.Cell
	for _, l := range c.Lessons {
		passed := false
		for _, cell := range l.CodeCells() {
			if strings.TrimSpace(cell.Source()) == text {
				if passed {
					return l, cell
				}
				if first == nil {
					lesson, first = l, cell
				}
			}
			passed = passed || cell == last
		}
	}
	return lesson, first
}

// sortedKeys sorts numbers as numbers: "10.2" before "10.10".
func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	return keys
}
