package programs

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"sockbook/kernel/worker"
	"sockbook/runtime/display/sink"
)

// TestSessions plays the sessions of testdata/sessions in a worker: a file
// `cell N` is run, the file `shows N` after it is what it prints, its value and
// its failure, as they stand below it.
func TestSessions(t *testing.T) {
	files, err := filepath.Glob("testdata/sessions/*.txtar")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d sessions in testdata, want at least 60 (%v)", len(files), err)
	}
	slots := make(chan struct{}, parallel)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			slots <- struct{}{}
			defer func() { <-slots }()
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, ar)
			for _, f := range got.Files {
				if words := foreign(string(f.Data)); strings.HasPrefix(f.Name, "shows ") && len(words) > 0 {
					t.Errorf("%s has words that are not the learner's: %q", f.Name, words)
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if have, want := string(txtar.Format(got)), string(txtar.Format(ar)); have != want {
				t.Errorf("the session is (go test -run TestSessions -update rewrites it, then read the difference):\n%s\n%s", have, difference(want, have))
			}
		})
	}
}

// play runs the cells of a session and returns it with what they show.
func play(t *testing.T, ar *txtar.Archive) *txtar.Archive {
	t.Helper()
	self, err := sockbook()
	if err != nil {
		t.Fatal(err)
	}
	w := worker.New(worker.Config{Name: "main", Launch: worker.Plain([]string{self, "worker"}, os.Environ(), t.TempDir()), Output: math.MaxInt64})
	defer w.Close()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	defer context.AfterFunc(ctx, w.Interrupt)()
	got := &txtar.Archive{Comment: ar.Comment}
	for _, f := range ar.Files {
		number, ok := strings.CutPrefix(f.Name, "cell ")
		if !ok {
			continue
		}
		var s screen
		outcome, err := w.Run("["+number+"]", string(f.Data), &s)
		if err != nil {
			t.Fatal(err)
		}
		s.end(outcome)
		got.Files = append(got.Files, f, txtar.File{Name: "shows " + number, Data: []byte(s.String())})
	}
	if ctx.Err() != nil {
		t.Errorf("did not end in %v", limit)
	}
	return got
}

// A screen is what stands below a cell.
type screen struct {
	mu   sync.Mutex // guards text: the worker may have something to say later
	text strings.Builder
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.text.String()
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return colours.ReplaceAllString(addresses.ReplaceAllString(text, "0xADDR"), "")
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// end adds the cell's value or failure.
func (s *screen) end(o worker.Outcome) {
	if text, ok := o.Result["text/plain"].(string); ok {
		s.Stream("stdout", "= "+text+"\n")
	}
	if f := o.Failure; f != nil {
		s.Stream("stderr", strings.Join(f.Traceback, "\n")+"\n")
	}
}

func (s *screen) Stream(_, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.WriteString(text)
}

func (s *screen) Display(m sink.Message) {
	s.Stream("stdout", fmt.Sprintf("[display %v]\n", m.Data["text/plain"]))
}

func (s *screen) Input(context.Context) (string, error) { return "", worker.ErrNoInput }

// foreignWords are those of the interpreter, of reflection and of this program's
// insides, which no message may have.
var foreignWords = regexp.MustCompile(`(?i)yaegi|\bCFG\b|reflect: |reflect\.(Value|Set|Method|flag|New|Copy|Append|Make)\b|\binterp\.|valueInterface|unsafe2|/pkg/mod/|/usr/local/go|sockbook/kernel/|sockbook/runtime/(sock|sandbox|lab|wire)/|\brt\.[A-Z]|func\(\*struct|struct \{ X|\bF\d+_|\bU_[a-z]|_test\.go`)

// foreign returns such words.
func foreign(text string) []string { return foreignWords.FindAllString(text, -1) }

// What finds such words finds them.
func TestForeign(t *testing.T) {
	for text, want := range map[string]int{
		"reflect: call of reflect.Value.Field on ptr Value": 2, "1:28: CFG post-order panic: x": 1, "interface conversion: interp.valueInterface": 2,
		"cannot use func(*struct { Xa int })": 1, "\t/root/go/pkg/mod/github.com/traefik/yaegi@v0.16.1/interp/run.go:193": 2, "rt.Eq(a, b)": 1,
		"panic: runtime error: index out of range [5] with length 3": 0, "cell [1]:2:3: undefined: reflection": 0, "cannot use x (variable of type reflect.Type) as int value": 0,
	} {
		if got := foreign(text); len(got) != want {
			t.Errorf("%q has %q", text, got)
		}
	}
}
