package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sockbook/kernel/course"
	"sockbook/kernel/jupyterenv/envtest"
	"sockbook/lessons"
)

// TestNbgrader goes the way of a teacher: lay the course out, make an
// assignment, have nbgrader mark a student who solved it, one who wrote
// nothing, and one with a typical mistake.
func TestNbgrader(t *testing.T) {
	program := needProgram(t)
	nbgrader := envtest.Nbgrader(t)
	const lesson = "00-start"
	dir, prefix := t.TempDir(), t.TempDir()
	env := append(os.Environ(), "PATH="+filepath.Dir(nbgrader)+":"+os.Getenv("PATH"), "JUPYTER_PATH="+filepath.Join(prefix, "share", "jupyter"),
		"HOME="+t.TempDir(), "XDG_DATA_HOME=", "JUPYTER_DATA_DIR=", "JUPYTER_CONFIG_DIR=")
	do := func(argv ...string) string {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
		cmd.Dir, cmd.Env = dir, env
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%q: %v\n%s", argv, err, out)
		}
		return string(out)
	}
	do(program, "install", "--prefix", prefix)
	do(program, "lessons", "copy", "--nbgrader", dir)
	do(nbgrader, "generate_assignment", lesson)
	release := read(t, dir, "release", lesson, "lesson.ipynb")
	if bytes.Contains(release, []byte("SOLUTION")) || bytes.Contains(release, []byte("strings.TrimSuffix")) || !bytes.Contains(release, []byte("write your answer here")) {
		t.Error("students get the solution, or no place for theirs")
	}
	wrong := wrongAnswer(t)
	for student, text := range map[string][]byte{
		"right":    read(t, dir, "source", lesson, "lesson.ipynb"),
		"nothing":  release,
		"mistaken": bytes.Replace(release, []byte(`\tpanic(\"write your answer here\")`), []byte(wrong), 1),
	} {
		folder := filepath.Join(dir, "submitted", student, lesson)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "lesson.ipynb"), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	do(nbgrader, "autograde", lesson)
	do(nbgrader, "export", "--to", "marks.csv")
	rows, err := csv.NewReader(bytes.NewReader(read(t, dir, "marks.csv"))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%v: %q", err, rows)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	want := map[string]string{"right": "1.0", "nothing": "0.0", "mistaken": "0.0"}
	for _, row := range rows[1:] {
		student := row[column["student_id"]]
		if got := row[column["raw_score"]]; got != want[student] || row[column["max_score"]] != "1.0" {
			t.Errorf("%s has %s of %s, want %s of 1.0", student, got, row[column["max_score"]], want[student])
		}
	}
	if marked := read(t, dir, "autograded", "mistaken", lesson, "lesson.ipynb"); !bytes.Contains(marked, []byte("still has its newline")) {
		t.Error("the mistaken student is not told what is wrong")
	}
}

// wrongAnswer is the body of a typical wrong answer, as JSON has it in a list
// of lines.
func wrongAnswer(t *testing.T) string {
	t.Helper()
	c, err := course.Load(lessons.Files())
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := c.Exercise("0.1").Wrong()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		if w.Name == "0.1-newline-kept" {
			_, body, _ := strings.Cut(w.Text, "{\n")
			body = strings.TrimSuffix(strings.TrimSpace(body), "}")
			return strings.NewReplacer("\n", `\n`, "\t", `\t`, `"`, `\"`, `'\n'`, `'\\n'`).Replace(body)
		}
	}
	t.Fatal("the wrong answer 0.1-newline-kept is not there")
	return ""
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
