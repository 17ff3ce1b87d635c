package programs

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sockbook/kernel/worker"
	"sockbook/runtime/display/sink"
)

var (
	update = flag.Bool("update", false, "write what the compiled programs do into the .want files; read the difference")
	report = flag.String("report", "", "write a line for each run that fails to this file")
)

// limit is how long one program may take as cells.
const limit = 20 * time.Second

// parallel is how many programs run as cells at a time.
const parallel = 2

// sockbook builds the command as it ships: without cgo and the race detector,
// with which the interpreter would be ten times slower.
var sockbook = sync.OnceValues(func() (string, error) {
	exe := filepath.Join(scratch, "sockbook")
	cmd := exec.Command("go", "build", "-o", exe, "../cmd/sockbook")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("build sockbook: %w\n%s", err, out)
	}
	return exe, err
})

// scratch is a folder for the whole run of the tests.
var scratch string

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	if scratch, err = os.MkdirTemp("", "sockbook-programs-*"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(scratch)
	os.Exit(status)
}

// A program is one of testdata.
type program struct {
	name string // "echo" or "features/closure"
	text string
}

func (p program) path() string { return filepath.Join("testdata", p.name+".go") }
func (p program) want() string { return filepath.Join("testdata", p.name+".want") }

func programs(t *testing.T) []program {
	t.Helper()
	var list []program
	for _, pattern := range []string{"testdata/*.go", "testdata/features/*.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("no program matches %s (%v)", pattern, err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name, _ := strings.CutPrefix(strings.TrimSuffix(path, ".go"), "testdata/")
			list = append(list, program{name, string(text)})
		}
	}
	return list
}

// A run is what a program did.
type run struct {
	stdout, stderr string
	last           string // the panic's text, or why else it ended; "" at its end
	status         int
}

// String is the text of a .want file.
func (r run) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "exit status %d\n", r.status)
	for _, part := range []struct{ name, text string }{{"panic", r.last}, {"stderr", r.stderr}, {"stdout", r.stdout}} {
		if part.text == "" && part.name != "stdout" {
			continue
		}
		fmt.Fprintf(&b, "-- %s --\n%s", part.name, part.text)
		if part.text != "" && !strings.HasSuffix(part.text, "\n") {
			b.WriteString("\n-- no newline --\n")
		}
	}
	return b.String()
}

// Programs and their cuts are run by Sockbook and do what the compiler says.
func TestCells(t *testing.T) {
	known := readKnown(t)
	var mu sync.Mutex
	var failed []string
	slots := make(chan struct{}, parallel)
	passed, total, uncut := 0, 0, 0
	t.Run("run", func(t *testing.T) {
		for _, p := range programs(t) {
			want, err := os.ReadFile(p.want())
			if err != nil {
				t.Errorf("%v: run go test ./kernel/programs -run TestCompiled -update", err)
				continue
			}
			for _, mode := range []string{"program", "cells"} {
				var cells []string
				if mode == "cells" {
					if cells, err = cut(p.text); err != nil {
						t.Logf("%s is not cut: %v", p.name, err)
						uncut++
						continue
					}
				}
				total++
				key := p.name + " " + mode
				t.Run(key, func(t *testing.T) {
					t.Parallel()
					slots <- struct{}{}
					defer func() { <-slots }()
					var got run
					if mode == "program" {
						got = sockbookRun(t, p)
					} else {
						got = interpret(t, cells)
					}
					if words := foreign(got.last + got.stderr); len(words) > 0 && len(foreign(string(want))) == 0 {
						t.Errorf("its errors have words that are not the learner's: %q\n%s%s", words, got.stderr, got.last)
					}
					ok := got.String() == string(want)
					mu.Lock()
					defer mu.Unlock()
					reason, listed := known[key]
					if ok {
						passed++
					} else {
						failed = append(failed, key+"\t"+strings.ReplaceAll(difference(string(want), got.String()), "\n", "⏎"))
					}
					switch {
					case ok && listed:
						t.Errorf("passes now: take %q (%s) out of testdata/known.txt", key, reason)
					case !ok && !listed:
						t.Errorf("%s", difference(string(want), got.String()))
					}
					delete(known, key)
				})
			}
		}
	})
	t.Logf("%d of %d runs do what the compiler says; %d programs are not cut", passed, total, uncut)
	if len(known) > 0 && flag.Lookup("test.run").Value.String() == "" {
		t.Errorf("testdata/known.txt lists what does not exist: %v", known)
	}
	if *report != "" {
		if err := os.WriteFile(*report, []byte(strings.Join(failed, "\n")+"\n"), 0o644); err != nil {
			t.Error(err)
		}
	}
}

// readKnown reads the list of runs that fail: "NAME MODE: reason" a line.
func readKnown(t *testing.T) map[string]string {
	t.Helper()
	f, err := os.Open("testdata/known.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	known := map[string]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, reason, ok := strings.Cut(line, ": ")
		if !ok || reason == "" {
			t.Fatalf("testdata/known.txt: %q has no reason", line)
		}
		known[key] = reason
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return known
}

// interpret runs cells one after the other in one worker.
func interpret(t *testing.T, cells []string) run {
	t.Helper()
	self, err := sockbook()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	config := worker.Config{Name: "main", Launch: worker.Plain([]string{self, "worker"}, os.Environ(), t.TempDir()), Output: math.MaxInt64}
	rec := &recorder{Worker: worker.New(config)}
	stop := context.AfterFunc(ctx, rec.Interrupt)
	defer stop()
	defer rec.Close()
	for i, text := range cells {
		outcome, err := rec.Run(fmt.Sprintf("cell %d", i+1), text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if outcome.Failure != nil {
			break
		}
	}
	if ctx.Err() != nil {
		rec.run.last = fmt.Sprintf("did not end in %v\n", limit)
	}
	return rec.run
}

// sockbookRun runs a program by "sockbook run".
func sockbookRun(t *testing.T, p program) run {
	t.Helper()
	self, err := sockbook()
	if err != nil {
		t.Fatal(err)
	}
	path, err := filepath.Abs(p.path())
	if err != nil {
		t.Fatal(err)
	}
	r, err := execute(t.Context(), self, "run", path)
	if err != nil {
		return run{last: err.Error() + "\n"}
	}
	// As go run, it ends with status 1, and says the program's.
	if at := status.FindStringSubmatchIndex(r.stderr); at != nil && r.status == 1 {
		r.status, _ = strconv.Atoi(r.stderr[at[2]:at[3]])
		r.stderr = r.stderr[:at[0]]
	}
	return r.ended()
}

// status is what is said last of a program that failed, and the hint after it.
var status = regexp.MustCompile(`(?m)^exit status (\d+)\n(hint: .*\n)?\z`)

// A recorder is a worker that keeps what cells print and how they end.
type recorder struct {
	*worker.Worker
	run run
}

func (r *recorder) Run(name, text string, _ worker.Sink) (worker.Outcome, error) {
	outcome, err := r.Worker.Run(name, text, r)
	f := outcome.Failure
	if f == nil || err != nil {
		return outcome, err
	}
	r.run.status = 2
	switch {
	case f.Name == "panic":
		r.run.last = "panic: " + addresses.ReplaceAllString(f.Message, "0xADDR") + "\n"
	case f.Name == "stack overflow": // here the variables are kept, but it is the same end
		r.run.last = "fatal error: stack overflow\n"
	case outcome.Ended && strings.HasPrefix(f.Message, "exit status "):
		fmt.Sscanf(f.Message, "exit status %d", &r.run.status)
	case outcome.Ended:
		r.run.last = strings.TrimSpace(f.Message) + "\n"
	default:
		r.run.status = 1
		r.run.last = strings.TrimSpace(f.Error()) + "\n"
	}
	return outcome, err
}

func (r *recorder) Stream(name, text string) {
	if name == "stderr" {
		r.run.stderr += text
	} else {
		r.run.stdout += text
	}
}

func (r *recorder) Display(sink.Message) {}

func (r *recorder) Input(context.Context) (string, error) { return "", worker.ErrNoInput }

// difference shows the first lines in which got is not want.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	i := 0
	for i < len(w) && i < len(g) && w[i] == g[i] {
		i++
	}
	if _, last, ok := strings.Cut(got, "-- panic --\n"); ok && !strings.Contains(want, "-- panic --\n") {
		last, _, _ = strings.Cut(last, "\n-- ")
		return fmt.Sprintf("ends with: %s", last[:min(len(last), 2000)])
	}
	return fmt.Sprintf("line %d is\n\t%s\ninstead of\n\t%s", i+1, strings.Join(g[i:min(i+3, len(g))], "\n\t"), strings.Join(w[i:min(i+3, len(w))], "\n\t"))
}
