package batch

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sockbook/kernel/notebook"
	"sockbook/kernel/worker"
	"sockbook/runtime/display/sink"
)

// play stands in for a worker: a cell's text is a list of words, each of which
// makes it show something or fail.
type play struct {
	closed      bool
	interrupted chan struct{}
}

func (p *play) Interrupt() { close(p.interrupted) }
func (p *play) Close()     { p.closed = true }

func (p *play) Run(name, text string, out worker.Sink) (worker.Outcome, error) {
	var o worker.Outcome
	for word := range strings.FieldsSeq(text) {
		switch word {
		case "out":
			out.Stream("stdout", "out of "+name+"\n")
		case "err":
			out.Stream("stderr", "err of "+name+"\n")
		case "show":
			out.Display(sink.Message{Kind: sink.Show, ID: "d", Data: map[string]any{"text/plain": "old", "text/html": "<b>old</b>"}})
		case "update":
			out.Display(sink.Message{Kind: sink.Update, ID: "d", Data: map[string]any{"text/plain": "new"}})
		case "clear":
			out.Display(sink.Message{Kind: sink.Clear})
		case "picture":
			out.Display(sink.Message{Kind: sink.Show, Data: map[string]any{"image/png": "QUJD"}})
		case "value":
			o.Result = map[string]any{"text/plain": "42"}
		case "read":
			line, err := out.Input(context.Background())
			out.Stream("stdout", fmt.Sprintf("%q %v\n", line, err))
		case "panic":
			o.Failure = &worker.Failure{Name: "panic", Message: "boom", Traceback: []string{"\x1b[31mpanic: boom\x1b[0m", "line 2"}}
		case "exit3":
			o = worker.Outcome{Ended: true, Failure: &worker.Failure{Name: "process ended", Message: "exit status " + word[4:]}}
		case "killed":
			o = worker.Outcome{Ended: true, Failure: &worker.Failure{Name: "process ended", Message: "signal 9 (SIGKILL)", Traceback: []string{"killed"}}}
		case "hang":
			<-p.interrupted
			o.Failure = &worker.Failure{Name: "interrupted", Message: "in Sleep", Traceback: []string{"interrupted"}}
		case "broken":
			return o, errors.New("no process")
		}
	}
	return o, nil
}

// try makes a Runner, its cells and its output.
func try(stdin string) (r *Runner, cells *play, stdout, stderr *strings.Builder) {
	cells = &play{interrupted: make(chan struct{})}
	stdout, stderr = &strings.Builder{}, &strings.Builder{}
	return &Runner{New: func() Cells { return cells }, Stdin: strings.NewReader(stdin), Stdout: stdout, Stderr: stderr}, cells, stdout, stderr
}

// Where what cells show goes, and where input comes from.
func TestOutput(t *testing.T) {
	for _, test := range []struct {
		text, stdin    string
		stdout, stderr string
		err            string
	}{
		{text: "out panic", stdout: "out of [1]\n", stderr: "panic: boom\nline 2\n", err: "cell 1: panic: boom"},
		{text: "exit3", stderr: "process ended: exit status 3\n", err: "cell 1: process ended: exit status 3"},
		{text: "killed", stderr: "killed\n", err: "cell 1: process ended: signal 9 (SIGKILL)"},
		{text: "out err", stdout: "out of [1]\n", stderr: "err of [1]\n"},
		{text: "picture", stdout: "[image/png]\n"},
		{text: "read read read", stdin: "one\ntwo", stdout: "\"one\" <nil>\n\"two\" <nil>\n\"\" " + worker.ErrNoInput.Error() + "\n"},
	} {
		t.Run(test.text, func(t *testing.T) {
			r, _, stdout, stderr := try(test.stdin)
			err := r.Notebook(t.Context(), document(t, test.text))
			if got := fmt.Sprint(err); test.err != "" && got != test.err || test.err == "" && err != nil {
				t.Errorf("error %q, want %q", got, test.err)
			}
			if diff := cmp.Diff([]string{test.stdout, test.stderr}, []string{stdout.String(), stderr.String()}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestInterrupt(t *testing.T) {
	r, _, _, stderr := try("")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := r.Notebook(ctx, document(t, "hang"))
	if err == nil || stderr.String() != "interrupted\n" {
		t.Errorf("error %v, stderr %q", err, stderr)
	}
}

// document makes a notebook of code cells with old outputs, and prose between them.
func document(t *testing.T, cells ...string) *notebook.Notebook {
	t.Helper()
	var all []string
	for _, text := range cells {
		all = append(all, `{"cell_type":"markdown","metadata":{},"source":"prose"}`, fmt.Sprintf(
			`{"cell_type":"code","execution_count":9,"metadata":{},"source":%q,"outputs":[{"output_type":"stream","name":"stdout","text":"old"}]}`, text))
	}
	n, err := notebook.Decode([]byte(`{"nbformat":4,"nbformat_minor":4,"metadata":{},"cells":[` + strings.Join(all, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNotebook(t *testing.T) {
	r, cells, stdout, stderr := try("")
	var progress []string
	r.Progress = func(cell, of int) { progress = append(progress, fmt.Sprintf("%d/%d", cell, of)) }
	n := document(t, "out show value", " ", "update err", "clear", "panic", "out")
	err := r.Notebook(t.Context(), n)
	var exit *ExitError
	if !errors.As(err, &exit) || exit.What != "cell 4: panic: boom" {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff("out of [1]\nold\n42\nnew\n", stdout.String()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("err of [2]\npanic: boom\nline 2\n", stderr.String()); diff != "" {
		t.Error(diff)
	}
	if !cells.closed {
		t.Error("the process was not closed")
	}
	if got := strings.Join(progress, " "); !strings.HasPrefix(got, "1/5 0/0") || !strings.HasSuffix(got, "4/5 0/0 0/0") {
		t.Errorf("progress %s", got)
	}
	text := string(n.Encode())
	for _, want := range []string{`"out of [1]\n"`, `"new"`, `"42"`, `"ename": "panic"`, `"execution_count": 4`} {
		if !strings.Contains(text, want) {
			t.Errorf("the notebook has no %s", want)
		}
	}
	for _, gone := range []string{`"old"`, `"execution_count": 9`, `"execution_count": 5`, "out of [5]"} {
		if strings.Contains(text, gone) {
			t.Errorf("the notebook has %s", gone)
		}
	}
}

func TestNotebookWhosePlaceIsBroken(t *testing.T) {
	r, cells, _, _ := try("")
	err := r.Notebook(t.Context(), document(t, "broken"))
	if err == nil || err.Error() != "run cell 1: no process" || !cells.closed {
		t.Errorf("error %v, closed %t", err, cells.closed)
	}
}
