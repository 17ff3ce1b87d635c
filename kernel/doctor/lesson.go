package doctor

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"sockbook/kernel/notebook"
)

// Lesson is a lesson, what it needs, and what is left of it here.
type Lesson struct {
	Name     string `json:"name"`            // its folder, e.g. "05-listen"
	Needs    Name   `json:"needs"`           // Hosts, or Run
	Settings bool   `json:"settings"`        // it uses %sysctl
	Whole    bool   `json:"whole"`           // all of it works here
	Loses    string `json:"loses,omitempty"` // what does not
}

// ReadLessons finds out what the lessons of a course need: each is a folder with
// a lesson.ipynb, and a lesson.json that says so.
func ReadLessons(course fs.FS) ([]Lesson, error) {
	paths, err := fs.Glob(course, "*/lesson.ipynb")
	if err != nil {
		return nil, err
	}
	var all []Lesson
	for _, p := range paths {
		l, err := readLesson(course, path.Dir(p))
		if err != nil {
			return nil, fmt.Errorf("lesson %s: %w", path.Dir(p), err)
		}
		all = append(all, l)
	}
	return all, nil
}

func readLesson(course fs.FS, name string) (Lesson, error) {
	l := Lesson{Name: name, Needs: Run}
	text, err := fs.ReadFile(course, name+"/lesson.json")
	var about struct{ Needs string }
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return l, err
	default:
		if err := json.Unmarshal(text, &about); err != nil {
			return l, fmt.Errorf("lesson.json: %w", err)
		}
	}
	switch about.Needs {
	case "lab":
		l.Needs = Hosts
	case "loopback", "":
	default:
		return l, fmt.Errorf("lesson.json: needs %q, which is neither \"loopback\" nor \"lab\"", about.Needs)
	}
	if text, err = fs.ReadFile(course, name+"/lesson.ipynb"); err != nil {
		return l, err
	}
	n, err := notebook.Decode(text)
	if err != nil {
		return l, err
	}
	for _, c := range n.Cells {
		l.Settings = l.Settings || c.IsCode() && strings.Contains("\n"+c.Source(), "\n%sysctl ")
	}
	return l, nil
}

// judge says what is left of a lesson.
func (r *Report) judge(l Lesson) Lesson {
	l.Whole, l.Loses = false, ""
	switch {
	case !r.Has(Run).Works:
		l.Loses = "its cells do not run"
	case l.Needs == Hosts && !r.Has(Hosts).Works:
		l.Loses = "its hosts: what happens between them is shown by stored pictures"
	case l.Needs == Hosts && !r.Has(Pictures).Works:
		l.Loses = "its pictures"
	case l.Settings && r.Has(Hosts).Works && !r.Has(Settings).Works:
		l.Loses = "its settings: some cells fail, as what would take minutes is not made shorter"
	default:
		l.Whole = true
	}
	return l
}
