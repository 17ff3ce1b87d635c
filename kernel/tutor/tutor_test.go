package tutor

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sockbook/kernel/cell"
	"sockbook/kernel/course"
	"sockbook/kernel/directive"
	"sockbook/kernel/jupyterenv/envtest"
	"sockbook/kernel/runner"
	"sockbook/kernel/stage"
	"sockbook/kernel/worker"
	"sockbook/lessons"
	"sockbook/lessons/check"
	"sockbook/runtime/display/sink"
)

// shown is a directive.Output that keeps text.
type shown struct{ strings.Builder }

func (s *shown) Stream(_, text string) { s.WriteString(text) }

func (s *shown) Display(m sink.Message) {
	if text, ok := m.Data["text/plain"].(string); ok {
		s.WriteString(text + "\n")
	}
}

// lesson00 is a tutor without processes, which keeps progress in a folder.
func lesson00(t *testing.T, dir string) *Tutor {
	t.Helper()
	c, err := course.Load(lessons.Files())
	if err != nil {
		t.Fatal(err)
	}
	config := stage.Config{NoLab: true, Dir: dir}
	return &Tutor{Course: func() *course.Course { return c }, Checks: lessons.Checks(), Stage: stage.New(config), Config: config}
}

// say carries out a directive and returns what it shows, or its error.
func say(t *testing.T, tutor *Tutor, line string) string {
	t.Helper()
	var set directive.Set
	set.Add(tutor.Directives()...)
	c, err := set.Split(line)
	if err != nil {
		return "error: " + err.Error()
	}
	var out shown
	for _, call := range c.Before {
		if err := call.Run(context.Background(), call.Args, &out); err != nil {
			return out.String() + "error: " + err.Error()
		}
	}
	return out.String()
}

func TestPredictions(t *testing.T) {
	dir := t.TempDir()
	tutor := lesson00(t, dir)
	for _, step := range []struct{ line, want string }{
		{"%predict", "error: want the number"},
		{"%predict 0.2 a b", "error: want the number"},
		{"%predict 99.9", "error: there is no question 99.9"},
		{"%predict 0.2 z", `error: question 0.2 has no choice "z": it has a, b, c`},
		{"%predict 0.2 ?", "Predict 0.2. A client connects"},
		{"%predict 0.2", "you predicted  you made no prediction\nwhat happened  b) a SYN"},
		{"%progress 0", "no prediction yet"},
		{"%predict 0.2 A)", "kept: a) the five bytes of data. Now"},
		{"%predict 0.2 c.", "kept: c) an ACK"},
		{"%progress 0", "predicted c"},
		{"%predict 0.2", "you predicted  c) an ACK from the server, which was waiting\nwhat happened  b) a SYN, without data\nNot what happened"},
		{"%predict 0.2 b", "your prediction stays c"},
		{"%progress 0", "predicted c; it was b"},
		{"%progress", "Start here"},
		{"%progress 0 1", "error: want the number of one lesson"},
		{"%progress 99", "error: there is no lesson 99"},
		{"%check", "error: want the number of one exercise"},
		{"%check 99.1", "error: there is no exercise 99.1"},
	} {
		if got := say(t, tutor, step.line); !strings.Contains(got, step.want) {
			t.Errorf("%s: %q, want %q", step.line, got, step.want)
		}
	}
	if got := say(t, lesson00(t, dir), "%predict 0.2 b"); !strings.Contains(got, "stays c") {
		t.Errorf("another kernel does not know: %q", got)
	}
}

func TestWhereProgressCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	tutor := lesson00(t, "")
	tutor.Dir = file
	if got := say(t, tutor, "%predict 0.2 b"); !strings.Contains(got, "Note: ") || !strings.Contains(got, "kept: b)") {
		t.Error(got)
	}
	if got := say(t, tutor, "%predict 0.2"); !strings.Contains(got, "As you predicted") || strings.Contains(got, "Note") {
		t.Error(got)
	}
}

func TestProgressDir(t *testing.T) {
	top := t.TempDir()
	lesson := filepath.Join(top, "10-host-crashed")
	if err := os.MkdirAll(lesson, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := ProgressDir(lesson); got != lesson {
		t.Errorf("nobody handed out %s: %s", lesson, got)
	}
	if err := os.WriteFile(filepath.Join(top, ".sockbook-handout.json"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := ProgressDir(lesson); got != top {
		t.Errorf("%s, want %s", got, top)
	}
}

// TestInstead asks what is done with cells where there is no lab.
func TestInstead(t *testing.T) {
	tutor := lesson00(t, t.TempDir())
	l := tutor.Course().Lesson("0")
	tests := []struct {
		text, run, want string
	}{
		{"x := 1", "x := 1", ""},
		{"%%on client\nfmt.Println()", "%%on client\nfmt.Println()", ""},
		{l.Cell("start-02").Source(), l.Cell("start-02").Source(), ""},
		{l.Cell("start-14").Source(), "", StoredNote + "\"hello\" <nil>\n"},
		{l.Cell("start-14").Source() + "// changed", l.Cell("start-14").Source() + "// changed", ""},
	}
	var set directive.Set
	set.Add(tutor.Stage.Directives()...)
	for _, test := range tests {
		c, err := set.Split(test.text)
		if err != nil {
			t.Fatal(err)
		}
		run, after := tutor.Instead(c, test.text)
		var out shown
		if after != nil {
			after(&out)
		}
		if run != test.run || !strings.HasPrefix(out.String(), test.want) || (test.want == "") != (after == nil) {
			t.Errorf("%.40q: run %.40q, shown %q", test.text, run, out.String())
		}
	}
	if got := withoutWire("%%on a\n%%wire\nx\n"); got != "%%on a\n\nx\n" {
		t.Errorf("%q", got)
	}
}

// sockbook is the program, built once, for processes of cells.
var sockbook = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "sockbook-tutor-")
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-o", filepath.Join(dir, "sockbook"), "sockbook/kernel/cmd/sockbook")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", &worker.Failure{Name: err.Error(), Message: string(out)}
	}
	return filepath.Join(dir, "sockbook"), nil
})

// TestAnswers grades what a learner has in a process, as they come to it.
func TestAnswers(t *testing.T) {
	program, err := sockbook()
	if err != nil {
		envtest.Skip(t, "no program to run cells in: %v", err)
	}
	c, err := course.Load(lessons.Files())
	if err != nil {
		t.Fatal(err)
	}
	config := stage.Config{Program: program, NoLab: true, Dir: t.TempDir()}
	config.Env = os.Environ()
	s := stage.New(config)
	defer s.Close()
	checks := check.Set{"0.1": func(t *check.T) {
		t.Define("main")
		if got := t.Run(`ask("a", "b")`).Stdout(); got != "" {
			t.Failf("ask printed %s", got)
		}
		if got := t.Run(`x, err := ask("a", "b")` + "\nx").Value(); got != "fine" {
			t.Failf("ask returned %q", got)
		}
	}}
	tutor := &Tutor{Course: func() *course.Course { return c }, Checks: checks, Stage: s, Config: config}
	r := &runner.Runner{Process: func(string) (runner.Process, error) { return s.Process(stage.Main) }}
	r.Set.Add(s.Directives()...)
	r.Set.Add(tutor.Directives()...)
	const head = "func ask(addr, question string) (string, error) "
	for _, step := range []struct{ cell, want string }{
		{"%check 0.1", "ask is not defined"},
		{head + "{ return `no`, nil }\n%check 0.1", `ask returned "no"`},
		{"said := `fine`", ""},
		{head + "{ return said, nil }", ""},
		{"%check 0.1", "ask uses said, which is a variable that a statement of cell"},
		{"const word = `fine`\ntype T struct{}\nfunc (T) say() string { return word }", ""},
		{head + "{ return T{}.say(), nil }", ""},
		{"%check 0.1", "PASS  0.1 Ask a server (1 point)\n"},
		{"func ask() {}", ""},
		{"%check 0.1", "your answer cannot be used as the exercise asks: "},
		{head + "{ fmt.Println(1); return ``, nil }", "undefined: fmt"},
		{"import \"fmt\"\n" + head + "{ fmt.Print(1); return ``, nil }", ""},
		{"%check 0.1", "ask printed 1"},
		{head + "{ panic(`boom`) }\n%check 0.1", "your answer panicked: boom"},
		{"ask := func(a, b string) (string, error) { return ``, nil }", ""},
		{"%check 0.1", "ask is a variable that a statement of cell"},
		{"%progress 0", "passed: 1 of 1 point"},
	} {
		var out sinkShown
		result := r.Run(t.Context(), "[1]", step.cell, &out, func(worker.Outcome) {})
		got := out.String()
		if f := result.Failure; f != nil {
			got += f.Message
			if len(f.Traceback) == 0 {
				t.Errorf("%s: no traceback", step.cell)
			}
		}
		if !strings.Contains(got, step.want) || step.want == "" && got != "" {
			t.Errorf("%s\n\tshows %q, want %q", step.cell, got, step.want)
		}
	}
}

// An answer that forgets a connection must not be helped by the collector, which
// would close it.
func TestTheCollectorDoesNotHelp(t *testing.T) {
	const forget = `func forget(addr string) {
	if _, err := net.Dial("tcp", addr); err != nil {
		panic(err)
	}
}`
	program, err := sockbook()
	if err != nil {
		envtest.Skip(t, "no program to run cells in: %v", err)
	}
	v := Grade(t.Context(), stage.Config{NoLab: true, Program: program, Env: os.Environ()}, func(t *check.T) {
		t.Define("client")
		got := t.Run(`%%on client
import ("fmt"; "net"; "time")

l, err := net.Listen("tcp", "127.0.0.1:0")
if err != nil {
	panic(err)
}
forget(l.Addr().String())
c, err := l.Accept()
if err != nil {
	panic(err)
}
var waste []byte
for range 100 {
	waste = make([]byte, 1<<20)
}
c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
_, err = c.Read(waste)
fmt.Print(err)`).Stdout()
		if !strings.Contains(got, "timeout") {
			t.Failf("the connection ended: %s", got)
		}
	}, "import \"net\"\n\n"+forget)
	if !v.Passed {
		t.Errorf("%+v", v)
	}
}

type sinkShown struct{ shown }

func (*sinkShown) Input(context.Context) (string, error) { return "", worker.ErrNoInput }

func TestStubsDeclare(t *testing.T) {
	c, err := course.Load(lessons.Files())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range c.Lessons {
		for _, id := range l.ExerciseIDs() {
			if len(cell.Declares(l.Exercises[id].Stub())) == 0 {
				t.Errorf("the stub of exercise %s declares nothing", id)
			}
		}
	}
}
