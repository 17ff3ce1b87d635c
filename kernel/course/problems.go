package course

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sockbook/kernel/notebook"
	"sockbook/lessons/check"
)

// cellID is an id that the notebook format allows and a person can type.
var cellID = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// Problems lists, in sentences, what a lesson lacks of what every lesson must
// have. Whether its cells do what they say is for those who run it.
func (l *Lesson) Problems(checks check.Set) []string {
	var list []string
	say := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if l.Title == "" || l.Question == "" {
		say("lesson.json needs a title and a question")
	}
	if l.Needs != NeedsLoopback && l.Needs != NeedsLab {
		say("lesson.json: needs is %q, want %s or %s", l.Needs, NeedsLoopback, NeedsLab)
	}
	l.cellProblems(say)
	if c := l.Cell(l.Picture.Cell); c == nil || !c.IsCode() {
		say("lesson.json: the picture's cell %q is no code cell of the notebook", l.Picture.Cell)
	}
	if strings.TrimSpace(l.Picture.Alt) == "" {
		say("lesson.json: the picture has no alt text")
	}
	if len(l.Predict) == 0 {
		say("it has no prediction")
	}
	for _, id := range l.PredictionIDs() {
		l.predictionProblems(l.Predict[id], say)
	}
	if len(l.Exercises) == 0 {
		say("it has no exercise")
	}
	for _, id := range l.ExerciseIDs() {
		l.exerciseProblems(l.Exercises[id], checks, say)
	}
	return list
}

func (l *Lesson) cellProblems(say func(string, ...any)) {
	seen := map[string]bool{}
	for i, c := range l.Notebook.Cells {
		if !cellID.MatchString(c.ID()) || seen[c.ID()] {
			say("cell %d: its id %q is not unique, or not of small letters, digits and -", i+1, c.ID())
		}
		seen[c.ID()] = true
		if c.IsCode() && strings.TrimSpace(c.Source()) == "" {
			say("cell %s is empty", c.ID())
		}
	}
}

// ownNumber tells whether an id is "10.2" in lesson 10.
func (l *Lesson) ownNumber(id string) bool {
	return regexp.MustCompile(fmt.Sprintf(`^%d\.[1-9][0-9]*$`, l.Number)).MatchString(id)
}

// hasCell tells whether a code cell has this text.
func (l *Lesson) hasCell(text string) *notebook.Cell {
	for _, c := range l.CodeCells() {
		if strings.TrimSpace(c.Source()) == text {
			return c
		}
	}
	return nil
}

func (l *Lesson) predictionProblems(p *Prediction, say func(string, ...any)) {
	if !l.ownNumber(p.ID) {
		say("prediction %s: its number must begin with %d.", p.ID, l.Number)
	}
	if p.Question == "" || p.Why == "" || len(p.Choices) < 2 {
		say("prediction %s needs a question, two choices at least, and why", p.ID)
	}
	if _, ok := p.Choices[p.Answer]; !ok {
		say("prediction %s: its answer %q is none of its choices", p.ID, p.Answer)
	}
	for _, text := range []string{"%predict " + p.ID + " ?", "%predict " + p.ID} {
		if l.hasCell(text) == nil {
			say("prediction %s: no cell is just %q", p.ID, text)
		}
	}
}

func (l *Lesson) exerciseProblems(e *Exercise, checks check.Set, say func(string, ...any)) {
	if !l.ownNumber(e.ID) {
		say("exercise %s: its number must begin with %d.", e.ID, l.Number)
	}
	if e.Title == "" || e.Points < 1 {
		say("exercise %s needs a title and points", e.ID)
	}
	if c := l.Cell(e.Cell); c == nil || !slices.Contains(c.Tags(), "exercise") {
		say("exercise %s: its cell %q is not there, or has no tag exercise", e.ID, e.Cell)
	}
	if c := l.hasCell("%check " + e.ID); c == nil || !slices.Contains(c.Tags(), "raises-exception") {
		say("exercise %s: no cell with the tag raises-exception is just \"%%check %s\"", e.ID, e.ID)
	}
	if checks[e.ID] == nil {
		say("exercise %s has no check in check.go", e.ID)
	}
	if _, err := e.Solution(); err != nil {
		say("exercise %s has no solution: %v", e.ID, err)
	}
	wrong, err := e.Wrong()
	if err != nil {
		say("exercise %s: %v", e.ID, err)
	}
	if len(wrong) < 3 {
		say("exercise %s has %d typical wrong answers, want three at least", e.ID, len(wrong))
	}
}
