package interp

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "make the expected outputs anew, with the Go compiler")

// driver builds the program that runs one program as sockbook run does. It is
// built without cgo and the race detector, as it ships: with them it would be
// ten times slower, and Go would not see deadlocks.
var driver = sync.OnceValues(func() (string, error) {
	exe := filepath.Join(scratch, "gorun")
	cmd := exec.Command("go", "build", "-o", exe, "./internal/gorun")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("build the driver: %w\n%s", err, out)
	}
	return exe, err
})

// scratch is a folder for the whole run of the tests.
var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "sockbook-interp-*"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(scratch)
	os.Exit(status)
}

// A result is what a program did, in the form of the files with expected ones.
type result struct {
	stdout, stderr string
	status         int
}

var panicText = regexp.MustCompile(`(?s)(?:^|\n)((?:panic|fatal error): .*?)(?:\n\[signal[^\n]*)?\n\ngoroutine`)

func (r result) String() string {
	s := r.stdout
	if m := panicText.FindStringSubmatch(r.stderr); m != nil {
		s += "\n-- " + m[1]
	}
	return fmt.Sprintf("%s\n-- exit %d\n", s, r.status)
}

func command(t *testing.T, limit time.Duration, env []string, name string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr, cmd.Env = &stdout, &stderr, append(os.Environ(), env...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(limit, func() { cmd.Process.Kill() })
	err := cmd.Wait()
	timer.Stop()
	r := result{stdout.String(), stderr.String(), 0}
	var ee *exec.ExitError
	if errors.As(err, &ee) {
		r.status = ee.ExitCode()
	}
	return r
}

func asCell(t *testing.T, limit time.Duration, path string) result {
	exe, err := driver()
	if err != nil {
		t.Fatal(err)
	}
	return command(t, limit, nil, exe, path)
}

// compiledRun builds and runs a program with the Go compiler. go run's own
// exit status is 1 whatever the program's, so the program is built first.
func compiledRun(t *testing.T, path string) result {
	bin := filepath.Join(t.TempDir(), "program")
	if r := command(t, 5*time.Minute, nil, "go", "build", "-o", bin, path); r.status != 0 {
		return result{stderr: r.stderr, status: 1}
	}
	return command(t, time.Minute, nil, bin)
}

// TestPrograms runs programs as cells and expects what the compiler makes them
// do: output, panic text, exit status.
func TestPrograms(t *testing.T) {
	var paths []string
	for _, dir := range []string{"testdata/programs", "../lower/testdata"} {
		list, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(list) == 0 {
			t.Fatalf("%s: no programs (%v)", dir, err)
		}
		paths = append(paths, list...)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".go"), func(t *testing.T) {
			golden := strings.TrimSuffix(path, ".go") + ".out"
			if *update {
				if err := os.WriteFile(golden, []byte(compiledRun(t, path).String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatalf("%v; run the test with -update", err)
			}
			limit := time.Minute
			if strings.Contains(string(want), "deadlock!") {
				if cgo {
					t.Skip("the runtime sees deadlocks only in a program without cgo; run with CGO_ENABLED=0")
				}
				limit = 10 * time.Second
			}
			r := asCell(t, limit, path)
			if got := r.String(); got != string(want) {
				t.Errorf("as a cell:\n%s\nstderr: %s\ncompiled:\n%s", got, r.stderr, want)
			}
			if limit < time.Minute { // the runtime's own trace, which no one can change
				return
			}
			for _, word := range []string{"yaegi", "reflect:", "reflect.Value", "reflect.Set", "interp."} {
				if strings.Contains(r.stderr, word) {
					t.Errorf("stderr has the word %q:\n%s", word, r.stderr)
				}
			}
		})
	}
}

// goroot is where the Go distribution's sources are.
func goroot(t *testing.T) string {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	root := strings.TrimSpace(string(out))
	if err != nil || root == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no Go distribution here")
		}
		t.Skip("no Go distribution here")
	}
	return root
}

// inParallel runs f for each item, a few at a time.
func inParallel(items []string, f func(item string)) {
	var wg sync.WaitGroup
	in := make(chan string)
	for range max(runtime.NumCPU(), 2) {
		wg.Go(func() {
			for x := range in {
				f(x)
			}
		})
	}
	for _, x := range items {
		in <- x
	}
	close(in)
	wg.Wait()
}

// TestGoSuite runs those of Go's own run-tests that are known to pass; the list
// never gets shorter.
func TestGoSuite(t *testing.T) {
	root := goroot(t)
	list, err := os.ReadFile("testdata/gosuite.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(string(list))
	if len(names) < 700 {
		t.Fatalf("the list has %d programs", len(names))
	}
	rest, err := os.ReadFile("testdata/gosuite_rest.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(rest)), "\n") {
		name, why, ok := strings.Cut(line, ": ")
		if !strings.HasPrefix(line, "#") && (!ok || why == "" || slices.Contains(names, name)) {
			t.Errorf("gosuite_rest.txt: %q gives no reason, or the program is said to pass", line)
		}
	}
	inParallel(names, func(name string) {
		path := filepath.Join(root, "test", name)
		r := asCell(t, time.Minute, path)
		if r.status != 0 {
			t.Errorf("%s: exit status %d\n%s", name, r.status, r.stderr)
			return
		}
		want, err := os.ReadFile(strings.TrimSuffix(path, ".go") + ".out")
		if err == nil && r.stdout+r.stderr != string(want) {
			t.Errorf("%s: got\n%s%s\nwant\n%s", name, r.stdout, r.stderr, want)
		}
	})
}
