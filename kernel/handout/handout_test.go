package handout

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func tree(files map[string]string) fs.FS {
	t := fstest.MapFS{}
	for name, content := range files {
		t[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return t
}

// files reads all of dir but the manifest.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == ManifestName {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		all[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A history is a row of steps: what the owner does to the files ("" removes
// one), what is given then, what is reported, and what is there afterwards.
func TestGive(t *testing.T) {
	type step struct {
		owner, src map[string]string
		report     Report
		after      map[string]string
	}
	type m = map[string]string
	one, two := m{"1/a.ipynb": "one"}, m{"1/a.ipynb": "two"}
	tests := map[string][]step{
		"first and again": {
			{nil, m{"1/a.ipynb": "one", "2/b.txt": "x"}, Report{New: []string{"1/a.ipynb", "2/b.txt"}}, m{"1/a.ipynb": "one", "2/b.txt": "x"}},
			{nil, m{"1/a.ipynb": "one", "2/b.txt": "x"}, Report{}, m{"1/a.ipynb": "one", "2/b.txt": "x"}},
		},
		"new version of an unchanged file": {
			{nil, one, Report{New: []string{"1/a.ipynb"}}, one},
			{nil, two, Report{Updated: []string{"1/a.ipynb"}}, two},
		},
		"changed by the owner": {
			{nil, one, Report{New: []string{"1/a.ipynb"}}, one},
			{m{"1/a.ipynb": "mine"}, one, Report{}, m{"1/a.ipynb": "mine"}},
		},
		"changed by both": {
			{nil, one, Report{New: []string{"1/a.ipynb"}}, one},
			{m{"1/a.ipynb": "mine"}, two, Report{Beside: m{"1/a.ipynb": "1/a.new.ipynb"}}, m{"1/a.ipynb": "mine", "1/a.new.ipynb": "two"}},
			{nil, two, Report{}, m{"1/a.ipynb": "mine", "1/a.new.ipynb": "two"}},
			{m{"1/a.new.ipynb": ""}, two, Report{}, m{"1/a.ipynb": "mine"}}, // said once
			{nil, m{"1/a.ipynb": "three"}, Report{Beside: m{"1/a.ipynb": "1/a.new.ipynb"}}, m{"1/a.ipynb": "mine", "1/a.new.ipynb": "three"}},
			{nil, m{"1/a.ipynb": "four"}, Report{Beside: m{"1/a.ipynb": "1/a.new2.ipynb"}}, m{"1/a.ipynb": "mine", "1/a.new.ipynb": "three", "1/a.new2.ipynb": "four"}},
		},
		"there before anything was given": {
			{m{"1/a.ipynb": "mine"}, one, Report{Beside: m{"1/a.ipynb": "1/a.new.ipynb"}}, m{"1/a.ipynb": "mine", "1/a.new.ipynb": "one"}},
		},
		"the owner took the new version": {
			{nil, one, Report{New: []string{"1/a.ipynb"}}, one},
			{m{"1/a.ipynb": "mine"}, two, Report{Beside: m{"1/a.ipynb": "1/a.new.ipynb"}}, m{"1/a.ipynb": "mine", "1/a.new.ipynb": "two"}},
			{m{"1/a.ipynb": "two", "1/a.new.ipynb": ""}, m{"1/a.ipynb": "three"}, Report{Updated: []string{"1/a.ipynb"}}, m{"1/a.ipynb": "three"}},
		},
		"removed by the owner": {
			{nil, one, Report{New: []string{"1/a.ipynb"}}, one},
			{m{"1/a.ipynb": ""}, one, Report{New: []string{"1/a.ipynb"}}, one},
		},
		"no longer given": {
			{nil, m{"1/a.ipynb": "one", "b": "x"}, Report{New: []string{"1/a.ipynb", "b"}}, m{"1/a.ipynb": "one", "b": "x"}},
			{nil, one, Report{}, m{"1/a.ipynb": "one", "b": "x"}},
		},
		"the manifest is broken": {
			{m{ManifestName: "{", "1/a.ipynb": "mine"}, one, Report{Beside: m{"1/a.ipynb": "1/a.new.ipynb"}}, m{"1/a.ipynb": "mine", "1/a.new.ipynb": "one"}},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "not there yet", "lessons")
			for i, s := range steps {
				for name, content := range s.owner {
					file := filepath.Join(dir, name)
					if content == "" {
						if err := os.Remove(file); err != nil {
							t.Fatal(err)
						}
						continue
					}
					if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				report, err := Give(tree(s.src), dir)
				if err != nil {
					t.Fatal(err)
				}
				if s.report.Beside == nil {
					s.report.Beside = m{}
				}
				if diff := cmp.Diff(s.report, report); diff != "" {
					t.Errorf("step %d: report\n%s", i, diff)
				}
				if diff := cmp.Diff(s.after, files(t, dir)); diff != "" {
					t.Errorf("step %d: files\n%s", i, diff)
				}
			}
		})
	}
}

func TestGiveFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Give(tree(map[string]string{"a": "x"}), file); err == nil {
		t.Error("no error where the folder is a file")
	}
	// a folder stands where a file should go: the others are given all the same
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "b"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := Give(tree(map[string]string{"a": "x", "b": "y"}), dir)
	if err == nil || !strings.Contains(err.Error(), "look at what is there") {
		t.Errorf("error %v", err)
	}
	report, err := Give(tree(map[string]string{"a": "x2"}), dir)
	if err != nil || len(report.Updated) != 1 {
		t.Errorf("what was done before the error was not remembered: %+v, %v", report, err)
	}
}
