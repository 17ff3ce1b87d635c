package course

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"sockbook/lessons/check"
)

// notebookOf is a lesson.ipynb of code cells, each "ID[ TAG]: source".
func notebookOf(cells ...string) *fstest.MapFile {
	var list []any
	for _, c := range cells {
		head, source, _ := strings.Cut(c, ": ")
		id, tag, tagged := strings.Cut(head, " ")
		metadata := map[string]any{}
		if tagged {
			metadata["tags"] = []string{tag}
		}
		list = append(list, map[string]any{"cell_type": "code", "id": id, "metadata": metadata, "source": source, "outputs": []any{}, "execution_count": nil})
	}
	text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "metadata": map[string]any{}, "cells": list})
	if err != nil {
		panic(err)
	}
	return &fstest.MapFile{Data: text}
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// whole is a lesson that lacks nothing.
func whole() fstest.MapFS {
	return fstest.MapFS{
		"05-listen/lesson.ipynb": notebookOf("a: %predict 5.1 ?", "b: fmt.Println(1)", "c: %predict 5.1", "d exercise: func f() {}", "e raises-exception: %check 5.1"),
		"05-listen/lesson.json": file(`{"title": "T", "question": "Q", "needs": "lab", "picture": {"cell": "b", "alt": "A"},
			"predict": {"5.1": {"question": "q", "choices": {"a": "x", "b": "y"}, "answer": "b", "why": "w"}},
			"exercises": {"5.1": {"title": "t", "points": 2, "cell": "d"}}}`),
		"05-listen/solutions/5.1.cell": file("func f() { return }"),
		"05-listen/wrong/5.1-a.cell":   file("// want: a word\nfunc f() {}"),
		"05-listen/wrong/5.1-b.cell":   file("// want: another\nfunc f() {}"),
		"05-listen/wrong/5.1-c.cell":   file("// want in the lab: third\nfunc f() {}"),
		"GLOSSARY.md":                  file("# Glossary"),
	}
}

var checks = check.Set{"5.1": func(*check.T) {}}

func TestLoadRefuses(t *testing.T) {
	const none = "no such file"
	tests := []struct{ name, file, text, want string }{
		{"a folder without a notebook", "05-listen/lesson.ipynb", none, "open 05-listen/lesson.ipynb"},
		{"half a notebook", "05-listen/lesson.ipynb", "{", "its end is missing"},
		{"no lesson.json", "05-listen/lesson.json", "", "EOF"},
		{"unknown field", "05-listen/lesson.json", `{"titel": "x"}`, `unknown field "titel"`},
		{"empty prediction", "05-listen/lesson.json", `{"predict": {"5.1": null}}`, "prediction 5.1 is empty"},
		{"empty exercise", "05-listen/lesson.json", `{"exercises": {"5.1": null}}`, "exercise 5.1 is empty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := whole()
			files[test.file] = file(test.text)
			if test.text == none {
				delete(files, test.file)
			}
			c, err := Load(files)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "05-listen") {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if c == nil || len(c.Lessons) != 0 {
				t.Errorf("the course is %v", c)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	c, err := Load(whole())
	if err != nil || len(c.Lessons) != 1 {
		t.Fatal(c, err)
	}
	l := c.Lessons[0]
	if problems := l.Problems(checks); len(problems) > 0 {
		t.Error(problems)
	}
	if c.Lesson("5") != l || c.Lesson("05") != l || c.Lesson("05-listen") != l || c.Lesson("6") != nil || c.Lesson("") != nil {
		t.Error("a lesson is not found by its number, or one that is not there is")
	}
	e := c.Exercise("5.1")
	if e == nil || e.Stub() != "func f() {}" || c.Exercise("5.2") != nil || c.Prediction("5.1") == nil || c.Prediction("x") != nil {
		t.Error(e)
	}
	wrong, err := e.Wrong()
	want := []Wrong{{"5.1-a", "// want: a word\nfunc f() {}", "a word", false}, {"5.1-b", "// want: another\nfunc f() {}", "another", false}, {"5.1-c", "// want in the lab: third\nfunc f() {}", "third", true}}
	if diff := cmp.Diff(want, wrong); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// TestProblems takes from a whole lesson what it must have, one thing a time.
func TestProblems(t *testing.T) {
	tests := []struct{ name, file, old, new, want string }{
		{"no title", "lesson.json", `"T"`, `""`, "needs a title"},
		{"needs", "lesson.json", `"lab"`, `"moon"`, `needs is "moon"`},
		{"no such picture", "lesson.json", `"cell": "b"`, `"cell": "z"`, `the picture's cell "z"`},
		{"no alt", "lesson.json", `"alt": "A"`, `"alt": " "`, "no alt text"},
		{"answer", "lesson.json", `"answer": "b"`, `"answer": "c"`, `its answer "c" is none`},
		{"no why", "lesson.json", `"why": "w"`, `"why": ""`, "prediction 5.1 needs"},
		{"foreign number", "lesson.json", `"predict": {"5.1"`, `"predict": {"6.1"`, "must begin with 5."},
		{"no points", "lesson.json", `"points": 2`, `"points": 0`, "title and points"},
		{"no stub", "lesson.json", `"cell": "d"`, `"cell": "b"`, `its cell "b"`},
		{"no question", "lesson.ipynb", "%predict 5.1 ?", "%predict 5.1 b", `no cell is just "%predict 5.1 ?"`},
		{"no comparison", "lesson.ipynb", `"%predict 5.1"`, `"1"`, `no cell is just "%predict 5.1"`},
		{"no check cell", "lesson.ipynb", "%check 5.1", "%check 5.2", `is just "%check 5.1"`},
		{"ids twice", "lesson.ipynb", `"id":"b"`, `"id":"a"`, `its id "a" is not unique`},
		{"no want", "wrong/5.1-a.cell", "// want: a word", "// a word", "its first line must be"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := whole()
			name := "05-listen/" + test.file
			text := strings.Replace(string(files[name].Data), test.old, test.new, 1)
			if text == string(files[name].Data) {
				t.Fatalf("%q is not in %s", test.old, name)
			}
			files[name] = file(text)
			c, err := Load(files)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(c.Lessons[0].Problems(checks), "\n"); !strings.Contains(got, test.want) {
				t.Errorf("problems %q, want %q", got, test.want)
			}
		})
	}
	for _, gone := range []string{"solutions/5.1.cell", "wrong/5.1-a.cell"} {
		files := whole()
		delete(files, "05-listen/"+gone)
		c, err := Load(files)
		if err != nil || len(c.Lessons[0].Problems(checks)) == 0 {
			t.Errorf("without %s: %v, no problem", gone, err)
		}
	}
}

func TestCellOf(t *testing.T) {
	files := whole()
	files["07-accept/lesson.ipynb"] = notebookOf("a: %sockets", "b: x", "c: %sockets", "d: x\n")
	files["07-accept/lesson.json"] = file(`{}`)
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	l, first := c.CellOf(" %sockets\n", nil)
	if l == nil || l.Number != 7 || first.ID() != "a" {
		t.Fatal(l, first)
	}
	if _, again := c.CellOf("%sockets", first); again.ID() != "c" {
		t.Error("the second is", again.ID())
	}
	if _, wrapped := c.CellOf("x", l.Cell("d")); wrapped.ID() != "b" {
		t.Error("after the last comes", wrapped.ID())
	}
	if l, cell := c.CellOf("y", first); l != nil || cell != nil {
		t.Error(l, cell)
	}
}

func TestExpectedIsWhatWasWritten(t *testing.T) {
	c, err := Load(whole())
	if err != nil {
		t.Fatal(err)
	}
	l := c.Lessons[0]
	shown := map[string]string{"a": "one\n", "b": "", "c": "two\nthree\n", "d": "", "e": "-x-\n"}
	l.Expected = ParseExpected(FormatExpected(l, shown))
	if d := l.Compare(shown); len(d) > 0 {
		t.Error(d)
	}
	shown["c"] = "two\nfour\n"
	l.Expected["gone"] = ""
	delete(l.Expected, "b")
	want := "cell b is not in expected.txt; it shows\n  + \n|cell c, from line 2 of what it shows (- expected, + now)\n  - three\n  + four\n|cell gone is in expected.txt, not in the notebook"
	var got []string
	for _, d := range l.Compare(shown) {
		got = append(got, d.String())
	}
	if diff := cmp.Diff(want, strings.Join(got, "|")); diff != "" {
		t.Error(diff)
	}
}

func TestIndex(t *testing.T) {
	files := whole()
	files["05-listen/picture.svg"] = file("<svg/>")
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	text, err := Index(c)
	if err != nil || !strings.Contains(string(text), "## [05 T](05-listen/lesson.ipynb)\n\nQ\n\n![A](05-listen/picture.svg)\n") {
		t.Errorf("%s %v", text, err)
	}
}

func TestProgressRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), ProgressName)
	if err := os.WriteFile(path, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := UpdateProgress(path, func(*Progress) {}); err == nil {
		t.Error("a damaged file is written over")
	}
	if text, _ := os.ReadFile(path); string(text) != "{" {
		t.Errorf("it is %q now", text)
	}
	if err := UpdateProgress(filepath.Join(path, "x", ProgressName), func(*Progress) {}); err == nil {
		t.Error("a folder that is not there is no error")
	}
	if p, err := ReadProgress(filepath.Join(t.TempDir(), "none")); err != nil || p.Checks != nil {
		t.Error(p, err)
	}
}

// TestProgressOfTwoKernels has several processes count in one file.
func TestProgressOfTwoKernels(t *testing.T) {
	if path := os.Getenv("SOCKBOOK_TEST_PROGRESS"); path != "" {
		count(t, path)
		return
	}
	path := filepath.Join(t.TempDir(), ProgressName)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			cmd := exec.Command(self, "-test.run=^TestProgressOfTwoKernels$")
			cmd.Env = append(os.Environ(), "SOCKBOOK_TEST_PROGRESS="+path)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
		wg.Go(func() { count(t, path) })
	}
	wg.Wait()
	p, err := ReadProgress(path)
	if err != nil || p.Checks["1.1"].Tries != 6*20 {
		t.Errorf("%+v %v: %d tries, want %d", p, err, p.Checks["1.1"].Tries, 6*20)
	}
	if left, err := fs.Glob(os.DirFS(filepath.Dir(path)), "*"); err != nil || len(left) != 1 {
		t.Error("left behind:", left, err)
	}
}

func count(t *testing.T, path string) {
	for range 20 {
		if err := UpdateProgress(path, func(p *Progress) {
			c := p.Checks["1.1"]
			c.Tries++
			p.Checks["1.1"] = c
		}); err != nil {
			t.Error(err)
		}
	}
}

func FuzzNormalise(f *testing.F) {
	for _, seed := range []string{"10.0.0.1:45802", "[fd00::1]:50000 x", "0 ms ├─ SYN ─►│\n CLOSE_WAIT* │", "host    socket  state\nsends again in 1s", "\x1b[0;31mpid 7\x1b[0m"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := Normalise(text)
		if strings.Count(once, "\n") > strings.Count(text, "\n") {
			t.Errorf("%q became more lines: %q", text, once)
		}
	})
}

func FuzzParseExpected(f *testing.F) {
	f.Add([]byte("x\n-- a --\nb\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for id, shown := range ParseExpected(text) {
			if shown != "" && !strings.HasSuffix(shown, "\n") {
				t.Errorf("%q: %q", id, shown)
			}
		}
	})
}
