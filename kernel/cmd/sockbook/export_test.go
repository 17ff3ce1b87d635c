package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The lessons become programs that the go command vets and builds, and no cell
// of theirs is lost but those that are to be refused.
func TestLessonsExport(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no go command")
		}
		t.Skip("no go command to build the programs with")
	}
	lessons, err := filepath.Glob("../../../lessons/*/lesson.ipynb")
	if err != nil || len(lessons) == 0 {
		t.Fatal("no lessons", err)
	}
	for _, lesson := range lessons {
		name := filepath.Base(filepath.Dir(lesson))
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "program")
			var stdout, stderr bytes.Buffer
			if status := run([]string{"export", lesson, "-o", dir}, &stdout, &stderr); status != 0 {
				t.Fatalf("status %d: %s", status, &stderr)
			}
			t.Logf("%s%s", &stdout, &stderr)
			for _, args := range [][]string{{"vet", "./..."}, {"build", "-o", t.TempDir(), "./..."}} {
				cmd := exec.Command("go", args...)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath", "GOWORK=off")
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out)
				}
			}
		})
	}
}
