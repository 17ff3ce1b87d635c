// Package rehearse runs lessons as a learner would, to see that they still do
// what they say: every cell, every solution and every typical wrong answer.
//
// Fill in a [Rehearsal]; [Rehearsal.Cells] runs a lesson's cells,
// [Rehearsal.Answers] its exercises, [Update] keeps what was shown.
package rehearse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sockbook/kernel/atomicfile"
	"sockbook/kernel/batch"
	"sockbook/kernel/course"
	"sockbook/kernel/notebook"
	"sockbook/lessons/check"
)

// Rehearsal says how lessons are run.
type Rehearsal struct {
	// Cells makes the place where a lesson's cells run, with the directives of
	// the course; progress is kept in dir.
	New func(dir string) batch.Cells
	// Grade runs an exercise's check on the text of its cell.
	Grade func(ctx context.Context, e *course.Exercise, text string) check.Verdict
	// NoLab tells that there is no network of hosts.
	NoLab bool
}

// Run is a lesson that was run.
type Run struct {
	Lesson   *course.Lesson
	Notebook *notebook.Notebook // with outputs
	Shown    map[string]string  // normalised text, by cell id
	Took     time.Duration
	Failed   error // the cell that ended it, though it should not have
}

// Cells runs all cells of a lesson. The error is of this program's own.
func (r *Rehearsal) Cells(ctx context.Context, l *course.Lesson) (*Run, error) {
	n, err := notebook.Decode(l.Notebook.Encode()) // a copy
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "sockbook-lesson-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the progress: %w", err)
	}
	defer os.RemoveAll(dir)
	b := batch.Runner{New: func() batch.Cells { return r.New(dir) }, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard}
	began := time.Now()
	failed := b.Notebook(ctx, n)
	run := &Run{Lesson: l, Notebook: n, Took: time.Since(began), Failed: failed, Shown: course.Shown(n)}
	var exit *batch.ExitError
	if failed != nil && !errors.As(failed, &exit) {
		return run, failed
	}
	return run, nil
}

// Answer is how a solution or a wrong answer was graded.
type Answer struct {
	Name    string // "0.1" for the stub, "solution 0.1", "wrong 0.1-no-close"
	Verdict check.Verdict
	Problem string // what is not as it should be; empty: all is well
	Took    time.Duration
}

// Answers grades the stub of each exercise (which must not pass), its solution
// (which must), and the wrong answers, whose verdicts must have their words.
func (r *Rehearsal) Answers(ctx context.Context, l *course.Lesson) ([]Answer, error) {
	var list []Answer
	for _, id := range l.ExerciseIDs() {
		e := l.Exercises[id]
		solution, err := e.Solution()
		if err != nil {
			return list, err
		}
		wrong, err := e.Wrong()
		if err != nil {
			return list, err
		}
		list = append(list, r.grade(ctx, e, "stub "+id, e.Stub(), func(v check.Verdict) string {
			if v.Passed {
				return "the stub passes"
			}
			return ""
		}))
		list = append(list, r.grade(ctx, e, "solution "+id, solution, func(v check.Verdict) string {
			if !v.Passed {
				return "the solution does not pass: " + v.Words
			}
			return ""
		}))
		for _, w := range wrong {
			list = append(list, r.grade(ctx, e, "wrong "+w.Name, w.Text, func(v check.Verdict) string {
				switch {
				case v.Passed && w.Lab && r.NoLab:
				case v.Passed:
					return "it passes"
				case !strings.Contains(v.Words, w.Want):
					return fmt.Sprintf("the verdict is %q, without %q", v.Words, w.Want)
				}
				return ""
			}))
		}
	}
	return list, nil
}

func (r *Rehearsal) grade(ctx context.Context, e *course.Exercise, name, text string, judge func(check.Verdict) string) Answer {
	began := time.Now()
	v := r.Grade(ctx, e, text)
	a := Answer{Name: name, Verdict: v, Took: time.Since(began)}
	switch {
	case v.Fault:
		a.Problem = "the check failed itself: " + v.Words + "\n" + strings.Join(v.Details, "\n")
	case v.Lab: // nothing was checked
	default:
		a.Problem = judge(v)
	}
	return a
}

// Update writes what a run showed into the lesson's folder below dir: the
// expected text, and the notebook with outputs and the picture where that
// differs from what is kept. It returns the names of the files it wrote.
func Update(dir string, run *Run) ([]string, error) {
	l := run.Lesson
	folder := filepath.Join(dir, l.Name)
	var wrote []string
	write := func(name string, content []byte) error {
		if there, err := os.ReadFile(filepath.Join(folder, name)); err == nil && string(there) == string(content) {
			return nil
		}
		wrote = append(wrote, filepath.Join(folder, name))
		return atomicfile.Write(filepath.Join(folder, name), content, 0o644)
	}
	if err := write(course.ExpectedName, course.FormatExpected(l, run.Shown)); err != nil {
		return wrote, fmt.Errorf("keep what lesson %s shows: %w", l.Name, err)
	}
	stored, err := l.Stored()
	if err != nil {
		return wrote, err
	}
	stale := len(stored) != len(l.CodeCells())
	for id, c := range stored {
		stale = stale || strings.TrimSpace(course.Normalise(course.Text(c))) != strings.TrimSpace(run.Shown[id])
	}
	if !stale {
		return wrote, nil
	}
	for _, c := range run.Notebook.Cells {
		for _, o := range c.Outputs() {
			o.Drop("image/png") // the SVG says the same in less
		}
	}
	if err := write(course.StoredName, run.Notebook.Encode()); err != nil {
		return wrote, fmt.Errorf("keep what lesson %s shows: %w", l.Name, err)
	}
	if svg := Picture(run.Notebook, l.Picture.Cell); svg != "" {
		if err := write(course.PictureName, []byte(svg)); err != nil {
			return wrote, fmt.Errorf("keep the picture of lesson %s: %w", l.Name, err)
		}
	}
	return wrote, nil
}

// Picture is the last picture that a cell drew, as SVG; "" if there is none.
func Picture(n *notebook.Notebook, id string) string {
	svg := ""
	for _, c := range n.Cells {
		if c.ID() == id && c.IsCode() {
			for _, o := range c.Outputs() {
				if text := o.Data("image/svg+xml"); text != "" {
					svg = text
				}
			}
		}
	}
	return svg
}
