package lessons_test

import (
	"cmp"
	"io/fs"
	"iter"
	"strings"
	"testing"

	"sockbook/kernel/course"
	"sockbook/kernel/notebook"
	"sockbook/lessons"
)

// Notebooks are kept without outputs and in canonical form, so that a diff
// shows prose and code.
func TestNotebooksAreCanonical(t *testing.T) {
	paths, err := fs.Glob(lessons.Files(), "*/lesson.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) != course.Lessons {
		t.Fatalf("there are %d lessons, not %d", len(paths), course.Lessons)
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			text, err := fs.ReadFile(lessons.Files(), path)
			if err != nil {
				t.Fatal(err)
			}
			n, err := notebook.Decode(text)
			if err != nil {
				t.Fatal(err)
			}
			n.ClearOutputs()
			if string(n.Encode()) != string(text) {
				t.Errorf("not canonical, or with outputs: open lessons/%s in JupyterLab, clear all outputs, save", path)
			}
			if n.Language() != "go" {
				t.Errorf("the kernel's language is %q", n.Language())
			}
		})
	}
}

// TestIndexIsFresh compares README.md with what go generate would write.
func TestIndexIsFresh(t *testing.T) {
	want, err := course.Index(load(t))
	if err != nil {
		t.Fatal(err)
	}
	if have, err := fs.ReadFile(lessons.Files(), "README.md"); err != nil || string(have) != string(want) {
		t.Errorf("lessons/README.md is stale (%v), run: go generate ./lessons", err)
	}
}

// load returns the lessons, all of them.
func load(t *testing.T) *course.Course {
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

// storedLessons are the lessons with what was stored of their cells.
func storedLessons(t *testing.T) iter.Seq2[*course.Lesson, map[string]*notebook.Cell] {
	return func(yield func(*course.Lesson, map[string]*notebook.Cell) bool) {
		for _, l := range load(t).Lessons {
			stored, err := l.Stored()
			if err != nil {
				t.Fatalf("lesson %s: %v", l.Name, err)
			}
			if !yield(l, stored) {
				return
			}
		}
	}
}

// TestStoredIsExpected compares the outputs that are stored with the text that
// is expected: both are of one run.
func TestStoredIsExpected(t *testing.T) {
	for l, stored := range storedLessons(t) {
		for _, cell := range l.CodeCells() {
			if was := stored[cell.ID()]; was == nil {
				t.Errorf("lesson %s: cell %s was changed since it was stored; run: sockbook lessons check --update %s", l.Name, cell.ID(), l.Name)
			} else if have := course.Normalise(course.Text(was)); strings.TrimSpace(have) != strings.TrimSpace(l.Expected[cell.ID()]) {
				t.Errorf("lesson %s: what is stored of cell %s is not what is expected of it; run: sockbook lessons check --update %s\n%s", l.Name, cell.ID(), l.Name,
					course.Difference{Cell: cell.ID(), Want: strings.TrimSpace(l.Expected[cell.ID()]), Have: strings.TrimSpace(have)})
			}
		}
	}
}

// TestPicturesAreThose compares each picture.svg with what its cell drew when
// the lesson was stored.
func TestPicturesAreThose(t *testing.T) {
	for l, stored := range storedLessons(t) {
		svg := ""
		if cell := stored[l.Picture.Cell]; cell != nil {
			for _, o := range cell.Outputs() {
				svg = cmp.Or(o.Data("image/svg+xml"), svg)
			}
		}
		have, err := l.Read(course.PictureName)
		if err != nil || svg == "" || string(have) != svg {
			t.Errorf("lesson %s: %s is not what cell %s drew (%v), run: sockbook lessons check --update %s", l.Name, course.PictureName, l.Picture.Cell, err, l.Name)
		}
	}
}

func TestFirstExists(t *testing.T) {
	if _, err := fs.Stat(lessons.Files(), lessons.First); err != nil {
		t.Error(err)
	}
}
