package jupyterenv

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sockbook/kernel/hint"
)

// quiet is a Progress for nobody.
func quiet(string, int, int) {}

// programs makes a folder with these shell scripts the whole PATH.
func programs(t *testing.T, scripts map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, script := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	return dir
}

// fakePython behaves as far as Ensure goes: "venv" makes an environment whose
// python is this script again, "pip" says what it does.
const fakePython = `
case "$*" in
*importlib*) echo 3 11 1 ;;
*"-m venv"*)
	for dir; do :; done
	echo venv >> "$LOG"
	/bin/mkdir -p "$dir/bin"
	/bin/cp "$0" "$dir/bin/python" ;;
*"-m pip"*)
	for file; do :; done
	echo "pip ${file##*/}" >> "$LOG"
	if [ -n "$PIP_FAILS" ]; then echo "no route to host" >&2; exit 1; fi
	echo "Collecting one==1.0 (from -r x)"
	echo "Requirement already satisfied: two==2 in somewhere"
	echo "Installing collected packages: one" ;;
*) echo "what? $*" >&2; exit 9 ;;
esac
`

// logged returns the lines that the fake Python wrote.
func logged(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Join(strings.Split(strings.TrimSpace(string(text)), "\n"), ", ")
}

func TestEnsure(t *testing.T) {
	programs(t, map[string]string{"python3": fakePython})
	log := filepath.Join(t.TempDir(), "log")
	t.Setenv("LOG", log)
	dir := filepath.Join(t.TempDir(), "cache", "env")
	extra := Pins{Name: "more", Requirements: "one==1.0\n"}
	step := func(want string, progress Progress, pins ...Pins) {
		t.Helper()
		os.Remove(log)
		env, err := Ensure(t.Context(), dir, progress, pins...)
		if err != nil {
			t.Fatal(err)
		}
		if env.Bin("python") != dir+"/bin/python" {
			t.Errorf("python is %s", env.Bin("python"))
		}
		if got := logged(t, log); got != want {
			t.Errorf("did %q, want %q", got, want)
		}
	}
	var said []string
	step("venv, pip lab.txt", func(what string, done, total int) {
		said = append(said, what)
		if done > total {
			t.Errorf("%s: %d of %d", what, done, total)
		}
	})
	want := []string{"make a virtual environment in " + dir, "fetch one", "fetch two", "unpack the packages"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	step("", quiet)
	step("pip more.txt", quiet, extra)
	step("", quiet, extra)
	if _, ok := Find(dir); !ok {
		t.Error("not found")
	}

	// the Python it was made with goes away: it is made anew
	if err := os.Remove(filepath.Join(dir, "bin", "python")); err != nil {
		t.Fatal(err)
	}
	if _, ok := Find(dir); ok {
		t.Error("found without its Python")
	}
	step("venv, pip lab.txt, pip more.txt", quiet, extra)

	// left half made
	if err := os.Remove(Env{dir}.stamp(Lab)); err != nil {
		t.Fatal(err)
	}
	step("pip lab.txt", quiet)
}

func TestEnsureFails(t *testing.T) {
	for _, test := range []struct {
		name, python, want string
	}{
		{"no Python", "", "there is no python3 on PATH"},
		{"old Python", "echo 3 9 1", "is Python 3.9, and JupyterLab needs 3.10 or later"},
		{"Python 4", "echo 4 0 1", "is Python 4.0"},
		{"no venv", "echo 3 12 0", "venv or ensurepip is missing"},
		{"does not run", "echo broken >&2; exit 1", "broken"},
		{"says nonsense", "echo nonsense", `it says "nonsense\n"`},
		{"venv fails", strings.Replace(fakePython, "echo venv", "echo disk full >&2; exit 1", 1), "disk full"},
		{"pip fails", "PIP_FAILS=1\n" + fakePython, "no route to host"},
	} {
		t.Run(test.name, func(t *testing.T) {
			scripts := map[string]string{"python3": test.python}
			if test.python == "" {
				scripts = nil
			}
			programs(t, scripts)
			t.Setenv("LOG", filepath.Join(t.TempDir(), "log"))
			dir := filepath.Join(t.TempDir(), "env")
			_, err := Ensure(t.Context(), dir, quiet)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error %v, want one with %q", err, test.want)
			}
			var p *hint.Error
			if !errors.As(err, &p) && test.name != "says nonsense" || p != nil && p.Hint() == "" {
				t.Errorf("no hint: %v", err)
			}
			if _, ok := Find(dir); ok {
				t.Error("found, though it failed")
			}
		})
	}
}

// A process waits for another that holds the lock, and says so.
func TestEnsureWaits(t *testing.T) {
	programs(t, map[string]string{"python3": fakePython})
	t.Setenv("LOG", filepath.Join(t.TempDir(), "log"))
	dir := filepath.Join(t.TempDir(), "env")
	unlock, err := lock(t.Context(), dir+".lock", quiet)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = Ensure(ctx, dir, func(what string, _, _ int) {
		if strings.HasPrefix(what, "wait for another") {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err = Ensure(t.Context(), dir, func(what string, _, _ int) {
		if strings.HasPrefix(what, "wait for another") {
			unlock()
		}
	}); err != nil {
		t.Error(err)
	}
}

func TestEnsureWithoutAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var p *hint.Error
	if _, err := Ensure(t.Context(), filepath.Join(file, "env"), quiet); !errors.As(err, &p) {
		t.Errorf("error %v", err)
	}
	t.Setenv("HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	if _, err := Dir(); !errors.As(err, &p) {
		t.Errorf("error %v", err)
	}
}

func TestOnPath(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "cache")
	t.Setenv("LOG", filepath.Join(t.TempDir(), "log"))
	lab := func(script string) {
		programs(t, map[string]string{"jupyter-lab": "echo asked >> \"$LOG\"\n" + script})
	}
	programs(t, nil)
	if _, err := OnPath(t.Context(), cache); !errors.Is(err, ErrNoLab) {
		t.Errorf("error %v", err)
	}
	for _, test := range []struct{ script, want string }{
		{"echo no module >&2; exit 1", "no module"},
		{"echo 3.6.8", "4 or later"},
		{"echo nonsense", "4 or later"},
		{"exit 0", "4 or later"},
	} {
		lab(test.script)
		if _, err := OnPath(t.Context(), cache); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.script, err, test.want)
		}
	}
	// one that works is asked once, until it changes
	lab("echo 10.1.0rc1")
	os.Remove(os.Getenv("LOG"))
	for range 2 {
		if found, err := OnPath(t.Context(), cache); err != nil || found.Version != "10.1.0rc1" {
			t.Errorf("found %+v, %v", found, err)
		}
	}
	if got := logged(t, os.Getenv("LOG")); got != "asked" {
		t.Errorf("%s", got)
	}
	// with a broken note, or no place for one, it is asked each time
	if err := os.WriteFile(filepath.Join(cache, labNoteFile), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{cache, "", "/sys/nowhere"} {
		if found, err := OnPath(t.Context(), dir); err != nil || found.Version != "10.1.0rc1" {
			t.Errorf("found %+v, %v", found, err)
		}
	}
	if got := logged(t, os.Getenv("LOG")); got != "asked, asked, asked, asked" {
		t.Errorf("%s", got)
	}
}

// Every line of the pins is a package of one version with hashes.
func TestPins(t *testing.T) {
	whole := regexp.MustCompile(`^[a-z0-9-]+==[0-9][0-9a-z.]*( ; [^\\]+)?( --hash=sha256:[0-9a-f]{64})+$`)
	joined := strings.ReplaceAll(strings.TrimSpace(Lab.Requirements), " \\\n    ", " ")
	lines := strings.Split(joined, "\n")
	for _, line := range lines {
		if !whole.MatchString(line) {
			t.Errorf("not pinned: %.80s", line)
		}
	}
	if len(lines) != Lab.count() || len(lines) < 50 {
		t.Errorf("%d lines, %d packages", len(lines), Lab.count())
	}
}
