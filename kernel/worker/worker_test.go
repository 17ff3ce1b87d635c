package worker_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sockbook/kernel/worker"
	"sockbook/runtime/display/sink"
)

// TestMain is also the child: the test binary runs itself.
func TestMain(m *testing.M) {
	if os.Getenv("SOCKBOOK_TEST_CHILD") != "" {
		if err := worker.Main(func() worker.Evaluator { return &script{stop: make(chan struct{}, 1)} }); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// script is an evaluator whose cells are single commands.
type script struct {
	stop  chan struct{}
	waits atomic.Bool
}

func (s *script) Warm() {}

func (s *script) Interrupt() {
	select {
	case s.stop <- struct{}{}:
	default:
	}
}

func (s *script) Rests() bool { return s.waits.Load() }

func (s *script) Source(names []string) worker.Source {
	return worker.Source{Text: strings.Join(names, " ")}
}
func (s *script) Where() (string, int) { return "[1]", 2 }

func (s *script) Complete(text string, cursor int) worker.Completion {
	return worker.Completion{Start: 0, End: cursor, Matches: []worker.Match{{Text: text + "!"}}}
}

func (s *script) Inspect(text string, cursor, detail int) worker.Inspection {
	return worker.Inspection{Found: true, Data: map[string]string{"text/plain": fmt.Sprint(text, cursor, detail)}}
}

func (s *script) Run(name, text string) worker.Outcome {
	select {
	case <-s.stop: // was for the last cell
	default:
	}
	command, argument, _ := strings.Cut(text, " ")
	n, _ := strconv.Atoi(argument)
	switch command {
	case "print":
		fmt.Println(argument)
	case "flood":
		line := strings.Repeat("é", 29) + "\n"
		for i := range n {
			fmt.Printf("%d %s", i, line)
		}
	case "endless":
		for {
			select {
			case <-s.stop:
				return worker.Outcome{Failure: &worker.Failure{Name: "interrupted"}}
			default:
				fmt.Println(strings.Repeat("x", 1000))
			}
		}
	case "mix":
		fmt.Print("one ")
		println("two")
		sink.Send(sink.Message{Kind: sink.Show, Data: map[string]any{"text/plain": "three"}})
		fmt.Print("four")
	case "wait":
		time.Sleep(50 * time.Millisecond)
		fmt.Println("waiting")
		s.waits.Store(true)
		<-s.stop
		return worker.Outcome{Failure: &worker.Failure{Name: "interrupted"}}
	case "hang":
		fmt.Println("waiting")
		go func() { <-s.stop }()
		select {}
	case "later":
		go func() { time.Sleep(50 * time.Millisecond); fmt.Println("later") }()
	case "gcpercent":
		debug.SetGCPercent(n)
		time.Sleep(60 * time.Millisecond)
		fmt.Println(debug.SetGCPercent(n))
	case "exit":
		os.Exit(n)
	case "crash":
		go panic("boom")
		select {}
	case "fatal":
		m := map[int]int{}
		for range 4 {
			go func() {
				for i := 0; ; i++ {
					m[i%10]++
				}
			}()
		}
		select {}
	case "kill":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "eat":
		var all [][]byte
		for {
			all = append(all, make([]byte, 8<<20))
			for i := 0; i < 8<<20; i += 4096 {
				all[len(all)-1][i] = 1
			}
		}
	case "read":
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		fmt.Printf("%q %v", line, err)
	case "scan":
		var a, b string
		_, err := fmt.Scan(&a, &b)
		fmt.Printf("%s,%s,%v", a, b, err)
	case "open":
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
		fmt.Print(fd, err)
		syscall.Close(fd)
	case "pipe": // tells itself what argument says
		r, w, err := os.Pipe()
		if err != nil {
			panic(err)
		}
		fmt.Fprint(w, argument)
		closeAny(w)
		io.ReadAll(r)
		go io.ReadAll(func() io.Reader { r, _, _ := os.Pipe(); return r }()) // waits
	case "nonsense":
		for fd := 100; fd < 120; fd++ {
			syscall.Write(fd, []byte("\xff\xff\xff\xffgarbage"))
		}
		select {}
	case "closeall":
		for fd := 3; fd < 200; fd++ {
			syscall.Close(fd)
		}
		select {}
	case "words":
		fmt.Fprint(os.Stderr, "panic: no, only words\n")
	case "bytes":
		os.Stdout.WriteString("\xff\xe2\x82")
		os.Stdout.WriteString("\xac|\xe2")
	}
	return worker.Outcome{Result: map[string]any{"text/plain": command}}
}

// closeAny closes by an interface, as compiled code does.
//
//go:noinline
func closeAny(c io.Closer) { c.Close() }

// screen is a sink that remembers.
type screen struct {
	mu    sync.Mutex
	text  strings.Builder
	calls int
	lines chan string // answers to Input; nil: ErrNoInput
	asked chan struct{}
}

func (s *screen) Stream(name, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if name == "stderr" {
		text = "<" + text + ">"
	}
	s.text.WriteString(text)
}

func (s *screen) Display(m sink.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(&s.text, "[%s %v]", m.Kind, m.Data["text/plain"])
}

func (s *screen) Input(ctx context.Context) (string, error) {
	if s.asked != nil {
		s.asked <- struct{}{}
	}
	if s.lines == nil {
		return "", worker.ErrNoInput
	}
	select {
	case line := <-s.lines:
		return line, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// until waits until the screen shows want.
func (s *screen) until(t *testing.T, want string) {
	t.Helper()
	for range 1000 {
		if strings.Contains(s.String(), want) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("screen shows %q, want %q in it", s, want)
}

func newWorker(t *testing.T, change func(*worker.Config)) *worker.Worker {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	config := worker.Config{Name: "main", Launch: worker.Plain([]string{self}, append(os.Environ(), "SOCKBOOK_TEST_CHILD=1"), "")}
	if change != nil {
		change(&config)
	}
	w := worker.New(config)
	t.Cleanup(w.Close)
	return w
}

func run(t *testing.T, w *worker.Worker, text string, s *screen) worker.Outcome {
	t.Helper()
	o, err := w.Run("[1]", text, s)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return o
}

// What a cell sets must stay, also when it comes before the child has settled.
func TestCollectorsPercentage(t *testing.T) {
	s := &screen{}
	if o := run(t, newWorker(t, nil), "gcpercent -1", s); o.Failure != nil {
		t.Fatal(o.Failure)
	}
	s.until(t, "\n")
	if got := s.String(); got != "-1\n" {
		t.Errorf("the percentage is %q after a moment, want -1", got)
	}
}

func TestOutput(t *testing.T) {
	tests := []struct{ text, want string }{
		{"print hello", "hello\n"},
		{"mix", "one <two\n>[display_data three]four"},
		{"words", "<panic: no, only words\n>"},
		{"bytes", "\ufffd€|\ufffd"},
		{"open", "3 <nil>"},
	}
	w := newWorker(t, nil)
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			s := &screen{}
			if o := run(t, w, test.text, s); o.Failure != nil || o.Result["text/plain"] == nil {
				t.Errorf("outcome %+v", o)
			}
			run(t, w, "next", &screen{}) // what was held back is shown by then
			s.until(t, test.want)
			if got := s.String(); got != test.want {
				t.Errorf("screen shows %q, want %q", got, test.want)
			}
		})
	}
}

func TestFloodIsWholeAndCoalesced(t *testing.T) {
	w := newWorker(t, nil)
	s := &screen{}
	run(t, w, "flood 20000", s)
	lines := strings.Split(s.String(), "\n")
	if len(lines) != 20001 {
		t.Fatalf("%d lines, want 20001", len(lines))
	}
	for i, line := range lines[:20000] {
		if want := fmt.Sprintf("%d %s", i, strings.Repeat("é", 29)); line != want {
			t.Fatalf("line %d is %q, want %q", i, line, want)
		}
	}
	if s.calls > 2000 {
		t.Errorf("20,000 lines came in %d pieces: not coalesced", s.calls)
	}
}

func TestOutputLimit(t *testing.T) {
	w := newWorker(t, func(c *worker.Config) { c.Output = 1 << 20 })
	s := &screen{}
	o := run(t, w, "endless", s)
	if o.Failure == nil || o.Failure.Name != "output limit" || o.Ended {
		t.Fatalf("outcome %+v, want the output limit", o)
	}
	if n := len(s.String()); n != 1<<20 {
		t.Errorf("%d bytes were shown, want all up to the limit", n)
	}
	s = &screen{}
	if o := run(t, w, "print still here", s); o.Failure != nil || s.String() != "still here\n" {
		t.Errorf("next cell: %+v, %q", o, s)
	}
}

func TestHowProcessesEnd(t *testing.T) {
	tests := []struct{ text, want string }{
		{"exit 3", "exit status 3"},
		{"exit 0", "exit status 0"},
		{"kill", "signal 9 (SIGKILL)"},
		{"crash", "panic: boom"},
		{"fatal", "fatal error: concurrent map"},
		{"eat", "it used more than 300 MiB of memory"},
		{"nonsense", "it spoke nonsense to the kernel: decode frame: 4294967295 bytes are more than the 67108864 a frame may have"},
	}
	w := newWorker(t, func(c *worker.Config) { c.Memory = 300 << 20 })
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			s := &screen{}
			o := run(t, w, test.text, s)
			if !o.Ended || o.Failure == nil || !strings.HasPrefix(o.Failure.Message, test.want) {
				t.Errorf("outcome %+v, want it ended: %s", o, test.want)
			}
			if strings.Contains(s.String(), "[running]") {
				t.Errorf("the runtime's trace is shown: %q", s)
			}
			s = &screen{}
			if o := run(t, w, "print again", s); o.Failure != nil || s.String() != "again\n" {
				t.Errorf("next cell: %+v, %q", o, s)
			}
		})
	}
}

// A process without its descriptors cannot go on; what it says about that, if
// anything, depends on which goroutine of Go's runtime sees it first.
func TestEveryDescriptorClosed(t *testing.T) {
	w := newWorker(t, nil)
	if o := run(t, w, "closeall", &screen{}); !o.Ended || o.Failure == nil {
		t.Errorf("outcome %+v, want it ended", o)
	}
	s := &screen{}
	if o := run(t, w, "print again", s); o.Failure != nil || s.String() != "again\n" {
		t.Errorf("next cell: %+v, %q", o, s)
	}
}

func TestEndBetweenCells(t *testing.T) {
	w := newWorker(t, nil)
	first := &screen{}
	run(t, w, "print one", first)
	syscall.Kill(w.PID(), syscall.SIGKILL)
	first.until(t, "signal 9 (SIGKILL). Its variables are gone.")
	second := &screen{}
	run(t, w, "print two", second)
	if got := second.String(); !strings.Contains(got, "this cell runs in a fresh process") || !strings.HasSuffix(got, "two\n") {
		t.Errorf("next cell shows %q", got)
	}
}

func TestInterrupt(t *testing.T) {
	for _, test := range []struct {
		name, text string
		before     func(w *worker.Worker)
		ended      bool
	}{
		{"waiting", "wait", nil, false},
		{"stopped", "wait", func(w *worker.Worker) { syscall.Kill(w.PID(), syscall.SIGSTOP) }, false},
		{"hanging", "hang", nil, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorker(t, nil)
			s := &screen{}
			done := make(chan worker.Outcome)
			run(t, w, "print ready", s)
			go func() { done <- run(t, w, test.text, s) }()
			s.until(t, "waiting")
			if test.before != nil {
				test.before(w)
			}
			w.Interrupt()
			if o := <-done; o.Failure == nil || o.Ended != test.ended {
				t.Errorf("outcome %+v, want ended %v", o, test.ended)
			}
			s = &screen{}
			if run(t, w, "print on", s); s.String() != "on\n" {
				t.Errorf("next cell shows %q", s)
			}
		})
	}
}

func TestLaterOutputBelongsToTheLastCell(t *testing.T) {
	w := newWorker(t, nil)
	s := &screen{}
	run(t, w, "later", s)
	s.until(t, "later\n")
}

func TestInput(t *testing.T) {
	w := newWorker(t, nil)
	t.Run("read", func(t *testing.T) {
		s := &screen{lines: make(chan string, 1)}
		s.lines <- "Ada"
		if run(t, w, "read", s); s.String() != `"Ada\n" <nil>` {
			t.Errorf("shows %q", s)
		}
	})
	t.Run("scan over two lines", func(t *testing.T) {
		s := &screen{lines: make(chan string, 2)}
		s.lines <- "one"
		s.lines <- "two"
		if run(t, w, "scan", s); s.String() != "one,two,<nil>" {
			t.Errorf("shows %q", s)
		}
	})
	t.Run("nobody to ask", func(t *testing.T) {
		s := &screen{}
		if run(t, w, "read", s); s.String() != `"" EOF` {
			t.Errorf("shows %q", s)
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		s := &screen{lines: make(chan string), asked: make(chan struct{}, 1)}
		go func() { <-s.asked; w.Interrupt() }()
		o := run(t, w, "read", s)
		if !strings.Contains(s.String(), "operation canceled") || o.Failure == nil || o.Failure.Name != "interrupted" {
			t.Errorf("shows %q, outcome %+v", s, o)
		}
	})
}

func TestAskBesideACell(t *testing.T) {
	w := newWorker(t, nil)
	done := make(chan worker.Outcome)
	s := &screen{}
	go func() { done <- run(t, w, "wait", s) }()
	s.until(t, "waiting")
	c, err := w.Complete(t.Context(), "fmt.Pri", 7)
	if err != nil || len(c.Matches) != 1 || c.Matches[0].Text != "fmt.Pri!" {
		t.Errorf("Complete: %+v, %v", c, err)
	}
	i, err := w.Inspect(t.Context(), "x", 1, 0)
	if err != nil || !i.Found || i.Data["text/plain"] != "x1 0" {
		t.Errorf("Inspect: %+v, %v", i, err)
	}
	w.Interrupt()
	<-done
}

func TestSettle(t *testing.T) {
	w := newWorker(t, nil)
	s := &screen{}
	done := make(chan worker.Outcome)
	go func() { done <- run(t, w, "wait", s) }()
	w.Settle(t.Context())
	s.until(t, "waiting")
	w.Interrupt()
	<-done
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w.Settle(ctx) // returns
}

// TestNothingLeaks starts and ends many processes, in every way, and counts.
func TestNothingLeaks(t *testing.T) {
	count := func() (fds, goroutines int) {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries), runtime.NumGoroutine()
	}
	run(t, newWorker(t, nil), "exit 0", &screen{}) // starts what starts once
	fds, goroutines := count()
	for i := range 30 {
		w := newWorker(t, nil)
		run(t, w, []string{"print x", "exit 1", "kill", "crash", "read"}[i%5], &screen{})
		w.Close()
	}
	var fdsNow, goroutinesNow int
	for range 100 {
		if fdsNow, goroutinesNow = count(); fdsNow <= fds && goroutinesNow <= goroutines {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if fdsNow > fds || goroutinesNow > goroutines {
		t.Errorf("descriptors %d → %d, goroutines %d → %d", fds, fdsNow, goroutines, goroutinesNow)
	}
	children, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", os.Getpid()))
	for _, path := range children {
		if text, _ := os.ReadFile(path); len(strings.TrimSpace(string(text))) > 0 {
			t.Errorf("processes left: %s", text)
		}
	}
}

func TestStartFails(t *testing.T) {
	w := newWorker(t, func(c *worker.Config) { c.Launch = worker.Plain([]string{"/nonexistent/program"}, nil, "") })
	if _, err := w.Run("[1]", "print x", &screen{}); err == nil || !strings.Contains(err.Error(), "start worker main") {
		t.Errorf("error %v", err)
	}
}

// TestCalls: socket calls arrive before the cell's end is known, those that wait
// when they are asked for; a fresh process goes on being recorded.
func TestCalls(t *testing.T) {
	var mu sync.Mutex
	var got []string
	take := func() string {
		mu.Lock()
		defer mu.Unlock()
		text := strings.Join(got, " ")
		got = nil
		return text
	}
	w := newWorker(t, func(c *worker.Config) {
		c.Calls = func(pid int, calls worker.Calls) {
			mu.Lock()
			defer mu.Unlock()
			for _, e := range calls.Entries {
				word := fmt.Sprintf("%s(%s)%s@%s:%d", e.Name, e.Args, e.Result, e.Cell, e.Line)
				if e.End.IsZero() {
					word += "…"
				}
				got = append(got, word)
			}
		}
	})
	const want = "Write(3 B)@[1]:2 Close()@[1]:2 Read()3 B@[1]:2 Read()EOF@[1]:2"
	run(t, w, "pipe abc", &screen{})
	if text := take(); text != "" {
		t.Errorf("calls that nobody wanted: %s", text)
	}
	w.Restart() // its goroutine may not have come to its last read yet
	run(t, w, "print x", &screen{})
	w.SetRecording(true)
	run(t, w, "pipe abc", &screen{})
	if text := take(); text != want {
		t.Errorf("got %s\nwant %s", text, want)
	}
	for range 1000 {
		if err := w.FlushCalls(t.Context()); err != nil {
			t.Fatal(err)
		}
		if text := take(); text == "Read()@[1]:2…" {
			break
		} else if text != "" {
			t.Fatalf("waiting: %s", text)
		}
		time.Sleep(time.Millisecond)
	}
	w.Restart()
	if err := w.FlushCalls(t.Context()); err != nil {
		t.Error(err)
	}
	run(t, w, "pipe abc", &screen{})
	if text := take(); text != want {
		t.Errorf("a fresh process: %s\nwant %s", text, want)
	}
	w.SetRecording(false)
	if err := w.FlushCalls(t.Context()); err != nil {
		t.Error(err)
	}
	take()
	run(t, w, "pipe abc", &screen{})
	if text := take(); text != "" {
		t.Errorf("calls after the end: %s", text)
	}
}

// TestStartBesideTheEnd: a cell's process ends, and at that moment somebody asks
// for the next one. The cell is told, the next one is not told again, and the
// new process stays.
func TestStartBesideTheEnd(t *testing.T) {
	for range 4 {
		w := newWorker(t, nil)
		run(t, w, "print started", &screen{})
		old := w.PID()
		done := make(chan worker.Outcome)
		go func() { done <- run(t, w, "exit 0", &screen{}) }()
		for w.PID() == old {
			if err := w.Start(); err != nil {
				t.Fatal(err)
			}
		}
		pid := w.PID()
		if o := <-done; !o.Ended {
			t.Fatalf("the cell was not told that its process ended: %+v", o)
		}
		s := &screen{}
		run(t, w, "print again", s)
		if strings.Contains(s.String(), "Note:") {
			t.Fatalf("told twice: %s", s)
		}
		if now := w.PID(); pid != 0 && now != pid {
			t.Fatalf("process %d was started, and the next cell ran in %d", pid, now)
		}
		w.Close()
	}
}
