package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sockbook/kernel/course"
	"sockbook/kernel/export"
	"sockbook/kernel/handout"
	"sockbook/kernel/jupyterenv/envtest"
	"sockbook/kernel/notebook"
	"sockbook/kernel/rehearse"
	"sockbook/lessons"
)

// program is Sockbook as it ships, built once: lessons run in it as they do for
// learners, not slowed down by a test's own instruments.
var program = sync.OnceValues(func() (string, error) {
	var err error
	if programDir, err = os.MkdirTemp("", "sockbook-program-"); err != nil {
		return "", err
	}
	path := filepath.Join(programDir, "sockbook")
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// programDir is where it is, and removed after the last test.
var programDir string

func needProgram(t *testing.T) string {
	t.Helper()
	path, err := program()
	if err != nil {
		envtest.Skip(t, "no program to run the lessons in: %v", err)
	}
	return path
}

func theCourse(t *testing.T) *course.Course {
	t.Helper()
	c, err := course.Load(lessons.Files())
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Lessons) != course.Lessons {
		t.Fatalf("there are %d lessons, not %d", len(c.Lessons), course.Lessons)
	}
	return c
}

// A lesson takes longer than its cells do; nothing is asserted of that.
const lessonLimit = 2 * time.Minute

// TestLessons runs every lesson in the lab: cells show what is expected, stubs
// do not pass, solutions do, wrong answers are told what is wrong.
func TestLessons(t *testing.T) {
	path := needProgram(t)
	if !labAllowed() {
		envtest.Skip(t, "no lab is possible here")
	}
	c := theCourse(t)
	var all time.Duration
	for _, l := range c.Lessons {
		t.Run(l.Name, func(t *testing.T) {
			for _, p := range l.Problems(lessons.Checks()) {
				t.Error(p)
			}
			run := rehearseCells(t, newRehearsal(path, c, false), l)
			for _, d := range l.Compare(run.Shown) {
				t.Error(d)
			}
			t.Logf("its cells took %v", run.Took.Round(10*time.Millisecond))
			all += run.Took
		})
	}
	t.Logf("all cells took %v", all.Round(10*time.Millisecond))
	t.Run("answers", func(t *testing.T) { answers(t, path, c, c.Lessons, false) })
}

// TestLessonsWithoutLab runs them where namespaces are refused: what cannot be
// run is shown as stored, the rest does the same.
func TestLessonsWithoutLab(t *testing.T) {
	path := needProgram(t)
	c := theCourse(t)
	var local []*course.Lesson
	for _, l := range c.Lessons {
		t.Run(l.Name, func(t *testing.T) {
			run := rehearseCells(t, newRehearsal(path, c, true), l)
			for _, p := range rehearse.WithoutLab(run) {
				t.Error(p)
			}
		})
		if l.Needs == course.NeedsLoopback {
			local = append(local, l)
		}
	}
	t.Run("answers", func(t *testing.T) { answers(t, path, c, local, true) })
}

func rehearseCells(t *testing.T, r *rehearse.Rehearsal, l *course.Lesson) *rehearse.Run {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), lessonLimit)
	defer cancel()
	run, err := r.Cells(ctx, l)
	if err != nil {
		t.Fatal(err)
	}
	if run.Failed != nil {
		t.Fatalf("%v\n%s", run.Failed, lastText(run))
	}
	return run
}

// answers grades; most of it is waiting, so lessons are graded side by side,
// but on the loopback, which they would share.
func answers(t *testing.T, path string, c *course.Course, list []*course.Lesson, noLab bool) {
	for _, l := range list {
		t.Run(l.Name, func(t *testing.T) {
			if !noLab {
				t.Parallel()
			}
			ctx, cancel := context.WithTimeout(t.Context(), 2*lessonLimit)
			defer cancel()
			graded, err := newRehearsal(path, c, noLab).Answers(ctx, l)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range graded {
				if a.Problem != "" {
					t.Errorf("%s: %s", a.Name, a.Problem)
				}
			}
		})
	}
}

// TestLessonsCompile has the Go compiler build every process of every lesson.
// Where a lesson needs one process and no lab, the program prints what the
// cells did.
func TestLessonsCompile(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		envtest.Skip(t, "no Go compiler: %v", err)
	}
	for _, l := range theCourse(t).Lessons {
		t.Run(l.Name, func(t *testing.T) {
			dir := t.TempDir()
			n := decoded(t, l)
			module := exported(t, n, dir)
			for _, note := range module.Notes {
				if strings.Contains(note.Text, "left out") && !mayFail(n, note.Cell) {
					t.Errorf("%v", note)
				}
			}
			goBuild(t, dir, "./...")
			if alone(l) {
				printsTheSame(t, l)
			}
		})
	}
}

func decoded(t *testing.T, l *course.Lesson) *notebook.Notebook {
	t.Helper()
	n, err := notebook.Decode(l.Notebook.Encode())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func exported(t *testing.T, n *notebook.Notebook, dir string) *export.Module {
	t.Helper()
	processes, notes := processesOf(n)
	module, err := export.Build("example/lesson", processes)
	if err != nil {
		t.Fatal(err)
	}
	module.Notes = append(module.Notes, notes...)
	if _, err := handout.Put(dir, module.Files, true); err != nil {
		t.Fatal(err)
	}
	return module
}

func goBuild(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("go", append([]string{"build"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath -mod=mod")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
}

// mayFail tells whether the cell of a note is expected to fail.
func mayFail(n *notebook.Notebook, name string) bool {
	count := 0
	for _, c := range n.Cells {
		if c.IsCode() && strings.TrimSpace(c.Source()) != "" {
			if count++; count == cellNumber(name) {
				return slices.Contains(c.Tags(), "raises-exception")
			}
		}
	}
	return false
}

// alone tells whether a lesson's cells all run in one process on one machine.
func alone(l *course.Lesson) bool {
	for _, c := range l.CodeCells() {
		if slices.Contains(c.Tags(), "lab") {
			continue
		}
		for line := range strings.Lines(c.Source()) {
			if strings.HasPrefix(line, "%") && !strings.HasPrefix(line, "%predict") && !strings.HasPrefix(line, "%check") && !strings.HasPrefix(line, "%progress") {
				return false
			}
		}
	}
	return l.Needs == course.NeedsLoopback
}

// printsTheSame runs the program of a lesson's cells, those left out that are
// expected to fail or need the lab, and compares what it prints.
func printsTheSame(t *testing.T, l *course.Lesson) {
	t.Helper()
	n, err := notebook.Decode(l.Notebook.Encode())
	if err != nil {
		t.Fatal(err)
	}
	n.Cells = slices.DeleteFunc(n.Cells, func(c *notebook.Cell) bool {
		return slices.Contains(c.Tags(), "raises-exception") || slices.Contains(c.Tags(), "lab") || strings.HasPrefix(c.Source(), "%")
	})
	dir := t.TempDir()
	exported(t, n, dir)
	goBuild(t, dir, "-o", "lesson", ".")
	ctx, cancel := context.WithTimeout(t.Context(), lessonLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "lesson"))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Errorf("the program of the cells ends with %v\n%s", err, &stderr)
	}
	have := course.Normalise(stdout.String())
	for _, want := range printed(t, l, n) {
		before, after, found := strings.Cut(have, want.text)
		switch {
		case !found && !want.value:
			t.Errorf("the program of the cells does not print what cell %s does: %q\nit prints\n%s", want.cell, want.text, stdout.String())
		case found && strings.TrimSpace(before) != "":
			t.Errorf("before what cell %s prints, the program prints %q", want.cell, before)
		}
		if found {
			have = after
		}
	}
	if strings.TrimSpace(have) != "" {
		t.Errorf("at its end the program prints %q", have)
	}
}

// piece is what a cell printed, or its value, which a program may leave out.
type piece struct {
	cell, text string
	value      bool
}

// printed is what the cells printed when the lesson was stored.
func printed(t *testing.T, l *course.Lesson, n *notebook.Notebook) []piece {
	t.Helper()
	stored, err := l.Stored()
	if err != nil {
		t.Fatal(err)
	}
	var list []piece
	for _, c := range n.Cells {
		if stored[c.ID()] == nil {
			continue
		}
		for _, o := range stored[c.ID()].Outputs() {
			text := strings.TrimSpace(course.Normalise(o.Text()))
			if text != "" && o.Stderr() == "" {
				list = append(list, piece{c.ID(), text, o.Kind() != "stream"})
			}
		}
	}
	return list
}
