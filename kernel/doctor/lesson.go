package doctor

import (
	"strings"

	"sockbook/kernel/course"
)

// Lesson is a lesson, what it needs, and what is left of it here.
type Lesson struct {
	Name     string `json:"name"`            // its folder, e.g. "05-listen"
	Needs    Name   `json:"needs"`           // Hosts, or Run
	Settings bool   `json:"settings"`        // it uses %sysctl
	Whole    bool   `json:"whole"`           // all of it works here
	Loses    string `json:"loses,omitempty"` // what does not
}

// LessonsOf returns what the lessons of a course need.
func LessonsOf(c *course.Course) []Lesson {
	var all []Lesson
	for _, l := range c.Lessons {
		lesson := Lesson{Name: l.Name, Needs: Run}
		if l.Needs == course.NeedsLab {
			lesson.Needs = Hosts
		}
		for _, cell := range l.Notebook.Cells {
			lesson.Settings = lesson.Settings || cell.IsCode() && strings.Contains("\n"+cell.Source(), "\n%sysctl ")
		}
		all = append(all, lesson)
	}
	return all
}

// judge says what is left of a lesson.
func (r *Report) judge(l Lesson) Lesson {
	l.Whole, l.Loses = false, ""
	switch {
	case !r.Has(Run).Works:
		l.Loses = "everything: cells do not run"
	case l.Needs == Hosts && !r.Has(Hosts).Works:
		l.Loses = "hosts: what happens between them is shown by stored pictures"
	case l.Needs == Hosts && !r.Has(Pictures).Works:
		l.Loses = "pictures of packets"
	case l.Settings && r.Has(Hosts).Works && !r.Has(Settings).Works:
		l.Loses = "settings: some cells fail, as what would take minutes is not made shorter"
	default:
		l.Whole = true
	}
	return l
}
