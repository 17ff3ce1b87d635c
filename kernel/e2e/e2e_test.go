package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sockbook/kernel/jupyterenv/envtest"
)

// place is where the program is built and installed, once for all tests.
var place string

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == elsewhere {
		os.Exit(enterPlace(os.Args[2:]))
	}
	dir, err := os.MkdirTemp("", "sockbook-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	place = dir
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// install builds the program as it ships and installs it below place.
var install = sync.OnceValue(func() error {
	// Go keeps a test's result until a file changes that the test opened. What
	// go build opens does not count, so every folder of the project is opened here.
	if err := filepath.WalkDir("../..", skipHidden); err != nil {
		return err
	}
	program := filepath.Join(place, "build", "sockbook")
	build := exec.Command("go", "build", "-o", program, "sockbook/kernel/cmd/sockbook")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	if out, err := exec.Command(program, "install", "--prefix", filepath.Join(place, "prefix")).CombinedOutput(); err != nil {
		return fmt.Errorf("install the kernel: %w\n%s", err, out)
	}
	return nil
})

func skipHidden(path string, d fs.DirEntry, err error) error {
	if err == nil && d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
		return fs.SkipDir
	}
	return err
}

// environment makes the kernel installed, and a home of the test's own in
// which nothing else is found.
func environment(t *testing.T) []string {
	t.Helper()
	if err := install(); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "JUPYTER") || strings.HasPrefix(v, "PYTHON") || strings.HasPrefix(v, "XDG_")
	})
	python := envtest.Python(t)
	readme, err := filepath.Abs("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return append(env,
		"README="+readme,
		"HOME="+home,
		"IPYTHONDIR="+home+"/ipython",
		"JUPYTER_PATH="+filepath.Join(place, "prefix", "share", "jupyter"),
		"JUPYTER_RUNTIME_DIR="+home+"/runtime",
		"SOCKBOOK="+filepath.Join(place, "prefix", "share", "sockbook", "bin", "sockbook"),
		"PATH="+filepath.Dir(python)+string(os.PathListSeparator)+os.Getenv("PATH"),
		"PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1")
}

// verdict is what testdata/suite.py says of one test.
type verdict struct {
	Test    string
	Outcome string // "ok", "fail" or "skip"
	Text    string
}

// hangs is after how long a suite is taken to hang, however busy the machine.
const hangs = 10 * time.Minute

// suite runs a Python suite; each of its tests becomes a subtest.
func suite(t *testing.T, name string, env ...string) {
	t.Helper()
	suiteBy(t, (*exec.Cmd).Start, name, env...)
}

// suiteBy is suite where start starts the Python program.
func suiteBy(t *testing.T, start func(*exec.Cmd) error, name string, env ...string) {
	t.Helper()
	python := envtest.Python(t)
	env = append(environment(t), env...)
	limit := hangs
	if end, ok := t.Deadline(); ok { // go test ends this process then, and nothing else
		limit = min(limit, time.Until(end)-20*time.Second)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "suite.py", name)
	cmd.Dir = "testdata"
	cmd.Env = env
	// the suite's processes are one group, so that none outlives it
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	var noise bytes.Buffer
	cmd.Stderr = &noise
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := start(cmd); err != nil {
		t.Fatal(err)
	}
	var verdicts []verdict
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v verdict
		if json.Unmarshal(lines.Bytes(), &v) != nil || v.Test == "" {
			fmt.Fprintln(&noise, lines.Text())
			continue
		}
		verdicts = append(verdicts, v)
		t.Run(v.Test, func(t *testing.T) {
			switch {
			case v.Outcome == "ok":
			case v.Outcome == "skip":
				t.Skip(v.Text) // the suite says why; see conformance.py for the ones that may be
			default:
				t.Error(v.Text)
			}
		})
	}
	err = errors.Join(lines.Err(), cmd.Wait()) // suite.py exits with 0 whatever its tests say
	if ctx.Err() != nil {
		t.Errorf("%s did not end within %v", name, limit)
	}
	if err != nil || len(verdicts) == 0 || t.Failed() {
		t.Errorf("%s: %d tests, %v\n%s", name, len(verdicts), err, &noise)
	}
}

func TestConformance(t *testing.T) { suite(t, "conformance") }
func TestWorkers(t *testing.T)     { suite(t, "workers") }
func TestInterrupts(t *testing.T)  { suite(t, "interrupts") }
func TestFrontends(t *testing.T)   { suite(t, "frontends") }
func TestMessages(t *testing.T)    { suite(t, "messages") }
func TestPrograms(t *testing.T)    { suite(t, "programs") }
func TestLesson(t *testing.T)      { suite(t, "lesson") }
func TestLeftovers(t *testing.T)   { suite(t, "leftovers") }

// TestLab runs a notebook in JupyterLab in Chromium. The picture of it is kept
// in $SOCKBOOK_SHOTS, or where go test's -artifacts says: look at it.
func TestLab(t *testing.T) {
	if _, err := exec.LookPath("chromium"); err != nil {
		envtest.Skip(t, "Chromium is missing: %v (on Debian: apt-get install chromium)", err)
	}
	shots := os.Getenv("SOCKBOOK_SHOTS")
	if shots == "" {
		shots = t.ArtifactDir()
	}
	shots, err := filepath.Abs(shots)
	if err != nil {
		t.Fatal(err)
	}
	suite(t, "lab", "SHOTS="+shots)
}
