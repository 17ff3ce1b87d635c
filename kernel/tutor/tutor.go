// Package tutor is what a notebook asks of the course: it grades exercises,
// keeps predictions and progress, and shows what is stored where a lesson's
// cell cannot be run.
//
// Fill in a [Tutor]; [Tutor.Directives] are %check, %predict and %progress,
// [Tutor.Instead] is for a runner. The lessons are package course's, how a
// check is written package lessons/check's.
package tutor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"sockbook/kernel/cell"
	"sockbook/kernel/course"
	"sockbook/kernel/handout"
	"sockbook/kernel/notebook"
	"sockbook/kernel/runner"
	"sockbook/kernel/stage"
	"sockbook/kernel/worker"
	"sockbook/lessons/check"
)

// Tutor helps one notebook. Its methods may be called by several goroutines.
type Tutor struct {
	Course func() *course.Course // called on first use
	Checks check.Set
	Stage  *stage.Stage // of the notebook
	Config stage.Config // of the fresh ones that checks run on
	// Dir is the folder for the progress file; empty: see [ProgressDir].
	Dir string

	mu      sync.Mutex      // guards what is below
	memory  course.Progress // where the file cannot be written
	unsaved bool            // so it was
	last    *notebook.Cell  // the cell of a lesson that was run last
}

// ProgressDir finds the folder of lessons that a notebook in dir is of: the
// nearest one above that "sockbook start" filled, or dir itself.
func ProgressDir(dir string) string {
	if dir == "" {
		dir, _ = os.Getwd() // then the file's name alone says where
	}
	for d, n := dir, 0; n < 4; n++ {
		if _, err := os.Stat(filepath.Join(d, handout.ManifestName)); err == nil {
			return d
		}
		up := filepath.Dir(d)
		if up == d {
			break
		}
		d = up
	}
	return dir
}

func (t *Tutor) progressFile() string {
	return filepath.Join(cmp.Or(t.Dir, ProgressDir(t.Config.Dir)), course.ProgressName)
}

// progress is what the learner has done so far.
func (t *Tutor) progress() course.Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.unsaved {
		return t.memory
	}
	p, err := course.ReadProgress(t.progressFile())
	if err != nil {
		return t.memory
	}
	return p
}

// keep changes the progress. Where the file cannot be written it is kept until
// the kernel ends, and the error says so once.
func (t *Tutor) keep(change func(*course.Progress)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.memory.Change(change)
	if t.unsaved {
		return nil
	}
	err := course.UpdateProgress(t.progressFile(), change)
	t.unsaved = err != nil
	return err
}

// Answer is the learner's answer to an exercise as a cell of its own: what the
// exercise's stub declares, as process p has it now.
func Answer(ctx context.Context, p *worker.Worker, e *course.Exercise) (worker.Source, error) {
	return p.Source(ctx, cell.Declares(e.Stub()))
}

// Grade runs the check of an exercise on an answer, in fresh processes on fresh
// hosts, which are gone when it returns.
func Grade(ctx context.Context, config stage.Config, f check.Func, answer string) check.Verdict {
	s := newFresh(config, answer)
	defer s.close()
	return check.Run(ctx, s, f)
}

// GradeText grades the text of an exercise's cell as if a learner had run it in
// the lesson: with what the cells before it, of the same process, declare.
func GradeText(ctx context.Context, config stage.Config, e *course.Exercise, f check.Func, text string) check.Verdict {
	answer, err := answerOf(e, text)
	var refused *cell.Error
	switch {
	case errors.As(err, &refused):
		return check.Verdict{Words: "its cell does not compile: " + err.Error()}
	case err != nil:
		return check.Verdict{Words: err.Error()}
	}
	return Grade(ctx, config, f, answer)
}

// answerOf is what Answer would be, had text been run as the exercise's cell.
func answerOf(e *course.Exercise, text string) (string, error) {
	s := newFresh(stage.Config{}, "")
	defer s.close()
	process := processOf(s.runner, e.Stub())
	env := cell.NewEnv()
	for i, c := range e.Lesson.CodeCells() {
		if c.ID() == e.Cell {
			break
		}
		if processOf(s.runner, c.Source()) != process {
			continue
		}
		if checked, err := env.Check(fmt.Sprintf("[%d]", i+1), cell.Mask(c.Source())); err == nil {
			env.Define(checked)
		}
	}
	checked, err := env.Check("[answer]", cell.Mask(text))
	if err != nil {
		return "", err
	}
	env.Define(checked)
	return env.Source(cell.Declares(e.Stub())...)
}

// processOf is the process that a cell is for.
func processOf(r *runner.Runner, text string) string {
	if c, err := r.Set.Split(text); err == nil {
		for _, call := range c.Plan {
			if call.Name == "on" && len(call.Args) > 0 {
				name, _, _ := cutHost(call.Args[0])
				return name
			}
		}
	}
	return stage.Main
}
