package lessons_test

import (
	"io/fs"
	"testing"

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
	if len(paths) == 0 {
		t.Fatal("there are no lessons")
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

func TestFirstExists(t *testing.T) {
	if _, err := fs.Stat(lessons.Files(), lessons.First); err != nil {
		t.Error(err)
	}
}
