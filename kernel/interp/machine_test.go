package interp

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// run runs cells in order and gives the text of each value or error.
func run(t *testing.T, m *Machine, cells ...string) (out []string) {
	t.Helper()
	for i, c := range cells {
		v, err := m.Run(fmt.Sprintf("cell%d", i+1), c)
		switch {
		case err != nil:
			out = append(out, err.Error())
		case v.Valid():
			out = append(out, fmt.Sprint(v.Bundle()["text/plain"]))
		default:
			out = append(out, "")
		}
	}
	return out
}

func TestSessions(t *testing.T) {
	for name, cells := range map[string][][2]string{
		"expression": {{"1+1", "2"}, {`"a" + "b"`, "ab"}},
		"variables":  {{"x := 40", ""}, {"x += 2", ""}, {"x", "42"}, {`x := "s"`, ""}, {"x", "s"}},
		"function over cells": {{"func f(n int) int { return n * 2 }", ""}, {"f(21)", "42"},
			{"func g(n int) int { return f(n) + 1 }", ""}, {"g(1)", "3"}, {"func f(n int) int { return n * 100 }", ""}, {"g(1)", "101"}},
		"closure keeps its variable": {{"x := 1\nf := func() int { return x }", ""}, {"x = 5", ""}, {"f()", "5"}, {"x := 9", ""}, {"f()", "5"}},
		"method over cells":          {{"type T struct{ n int }\nfunc (t T) Twice() int { return 2 * t.n }", ""}, {"t := T{4}", ""}, {"t.Twice()", "8"}, {"t", "{n:4}"}},
		"interface over cells": {{"type S interface{ Area() int }", ""}, {"type Sq struct{ a int }\nfunc (s Sq) Area() int { return s.a * s.a }", ""},
			{"func sum(xs ...S) (n int) { for _, x := range xs { n += x.Area() }; return }", ""}, {"sum(Sq{2}, Sq{3})", "13"},
			{"type R struct{ a, b int }\nfunc (r *R) Area() int { return r.a * r.b }", ""}, {"sum(Sq{1}, &R{2, 5})", "11"}},
		"method redefined": {{"type T struct{ n int }\nfunc (t T) M() int { return 1 }", ""}, {"t := T{}\nf := t.M\nvar i interface{ M() int } = t", ""},
			{"func (t T) M() int { return 2 }", ""}, {"t.M() + 10*i.M() + 100*f()", "222"}},
		"type redefined":      {{"type T struct{ a int }", ""}, {"x := T{1}", ""}, {"type T struct{ a, b int }", ""}, {"var y any = x\n_, ok := y.(T)\nok", "false"}},
		"method added":        {{"type T int", ""}, {"func (t T) String() string { return \"T!\" }", ""}, {"import \"fmt\"\nfmt.Sprint(T(3))", "T!"}},
		"goroutine calls new": {{"func h() int { return 1 }\nc := make(chan int)\ngo func() { for { c <- h() } }()", ""}, {"<-c", "1"}, {"func h() int { return 2 }", ""}, {"<-c\n<-c", "2"}},
		"generic redefined":   {{"func id[T any](x T) T { return x }\nfunc k() int { return id(4) }", ""}, {"func id[T any](x T) T { var z T; return z }", ""}, {"k()", "0"}},
		"constant redefined":  {{"const N = 3\nfunc n() int { return N }", ""}, {"const N = 4", ""}, {"n()", "4"}},
		"redefined twice": {{"func f() int { return 1 }\nfunc g() int { return f() }\nh := g", ""}, {"func f() int { return 2 }", ""}, {"func f() int { return 3 }", ""}, {"g()", "3"},
			{"h()", "3"}, {"func g() int { return 10 * f() }", ""}, {"func g() int { return 100 * f() }", ""}, {"h()", "300"}},
		"method redefined twice": {{"type U struct{}\nfunc (U) M() int { return 1 }\nvar j interface{ M() int } = U{}\nfm := j.M", ""}, {"func (U) M() int { return 2 }", ""},
			{"func (U) M() int { return 3 }", ""}, {"j.M()", "3"}, {"fm()", "3"}, {"U{}.M()", "3"}},
		"redefined beside its callers": {{"func f() int { return 1 }\nfunc g() int { return f() }", ""}, {"func f() int { return 2 }\nfunc k() int { return f() }", ""}, {"func f() int { return 3 }", ""},
			{"g()*10 + k()", "33"}},
		"recursion redefined": {{"func f(n int) int { if n == 0 { return 0 }; return f(n-1) + 1 }", ""}, {"func f(n int) int { if n == 0 { return 100 }; return f(n-1) + 1 }", ""}, {"f(5)", "105"}},
		"stale function": {{"func f() int { return 1 }\nfunc g() int { return f() }\nh := func() int { return g() }", ""}, {"func f(n int) int { return n }", ""},
			{"f(3)", "3"}, {"func() (s string) { defer func() { s = recover().(error).Error()[:9] }(); h(); return }()", "g (cell1)"}},
		"defer at the top":     {{"x := 0\ndefer func() { x = 7 }()\nx = 1", ""}, {"x", "7"}},
		"cell with an error":   {{"x := 1", ""}, {"y := 3\nundefined1()", "cell2:2:1: undefined: undefined1"}, {"y", "cell3:1:1: undefined: y"}, {"x", "1"}},
		"import stays":         {{`import "strings"`, ""}, {`strings.ToUpper("go")`, "GO"}},
		"goroutine over cells": {{"c := make(chan int)\ngo func() { for i := 0; ; i++ { c <- i } }()", ""}, {"<-c", "0"}, {"<-c", "1"}},
		"generic over cells": {{"func Map[T, U any](xs []T, f func(T) U) (r []U) { for _, x := range xs { r = append(r, f(x)) }; return }", ""},
			{"Map([]int{1, 2}, func(i int) int { return i * i })", "[1 4]"}, {"Map([]string{\"a\"}, func(s string) int { return len(s) })", "[1]"}},
		"program": {{"package main\nimport \"fmt\"\nvar x = f()\nfunc f() int { return 3 }\nfunc main() { fmt.Sprint(x) }", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			m := New(Options{})
			var texts []string
			for _, c := range cells {
				texts = append(texts, c[0])
			}
			for i, got := range run(t, m, texts...) {
				if got != cells[i][1] {
					t.Errorf("cell %d: %s\n got %q\nwant %q", i+1, cells[i][0], got, cells[i][1])
				}
			}
		})
	}
}

func TestPanicKeepsState(t *testing.T) {
	m := New(Options{})
	out := run(t, m, "x := 7", "func f(a []int, i int) int {\n\treturn a[i]\n}", "x = 8\nf([]int{1}, 3)", "x")
	if want := "panic: runtime error: index out of range [3] with length 1\n\tmain.f cell2:2:2\n\tmain cell3:2:1"; out[2] != want {
		t.Errorf("got %q, want %q", out[2], want)
	}
	if out[3] != "8" {
		t.Errorf("x is %s", out[3])
	}
}

func TestGoroutinePanic(t *testing.T) {
	got := make(chan *Panic, 1)
	m := New(Options{OnPanic: func(p *Panic) { got <- p }})
	run(t, m, "go func() {\n\tvar m map[string]int\n\tm[\"a\"] = 1\n}()")
	p := <-got
	if p.Text != "assignment to entry in nil map" || len(p.Frames) == 0 || p.Frames[0].Line != 3 || p.Started.Line != 1 {
		t.Errorf("%+v", p)
	}
	if out := run(t, m, "1"); out[0] != "1" {
		t.Error(out)
	}
}

func TestStackOverflow(t *testing.T) {
	m := New(Options{})
	if m.maxStack < 100<<20 {
		t.Errorf("%d bytes of stack", m.maxStack)
	}
	m.maxStack = 64 << 20
	run(t, m, "x := 1", "func f(n int) int { return f(n+1) + 1 }")
	_, err := m.Run("c", "x = 2\nf(0)")
	var so *StackOverflow
	if !errors.As(err, &so) || len(so.Frames) == 0 || so.Frames[0].Func != "main.f" {
		t.Fatalf("%v", err)
	}
	if out := run(t, m, "x"); out[0] != "2" {
		t.Error(out)
	}
}

// What counts is the stack, not the number of calls: a String method that
// prints itself takes some kilobytes of it a call. The cell ends although fmt
// recovers, and deferred calls run.
func TestStackOverflowThroughCompiledCode(t *testing.T) {
	m := New(Options{})
	m.maxStack = 8 << 20
	out := run(t, m, "import (\"fmt\"; \"sort\")\nx, y := 1, 0", "type T struct{ a int }\nfunc (t T) String() string { x++; return fmt.Sprint(t) }\nfunc s() { sort.Slice([]int{2, 1}, func(i, j int) bool { s(); return false }) }",
		"defer func() { y = 5; fmt.Sprint(y) }()\nfmt.Sprint(T{1})", "s()", "func d() { defer func() { recover() }(); d() }\nd()", "fmt.Sprint(x > 100, y)")
	for i := 2; i < 5; i++ {
		if !strings.HasPrefix(out[i], "stack overflow: "+TooDeep+" (") {
			t.Errorf("cell %d: %.100s", i+1, out[i])
		}
	}
	if out[5] != "true 5" {
		t.Errorf("state: %s", out[5])
	}
}

// interrupted runs a cell, interrupts it once it runs, and checks what Run
// gave.
func interrupted(t *testing.T, m *Machine, text string) *Interrupted {
	t.Helper()
	type res struct{ err error }
	c := make(chan res)
	go func() { _, err := m.Run("blocked", text); c <- res{err} }()
	for len(m.Goroutines()) == 0 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond)
	m.Interrupt()
	select {
	case r := <-c:
		var i *Interrupted
		if !errors.As(r.err, &i) {
			t.Fatalf("%s: %v", text, r.err)
		}
		return i
	case <-time.After(10 * time.Second):
		t.Fatalf("%s: no answer", text)
	}
	return nil
}

func TestInterrupt(t *testing.T) {
	for name, text := range map[string]string{
		"busy loop":    "for {\n}",
		"busy call":    "func f(n int) int { return n }\nfor { f(1) }",
		"receive":      "c := make(chan int)\n<-c",
		"nil receive":  "var c chan int\n<-c",
		"send":         "c := make(chan int)\nc <- 1",
		"range":        "c := make(chan int)\nfor range c {}",
		"select":       "c := make(chan int)\nselect {\ncase <-c:\ncase c <- 1:\n}",
		"empty select": "select {}",
		"sleep":        "import \"time\"\ntime.Sleep(time.Hour)",
		"wait group":   "import \"sync\"\nvar wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()",
		"mutex":        "import \"sync\"\nvar mu sync.Mutex\nmu.Lock()\nmu.Lock()",
		"cond":         "import \"sync\"\nc := sync.NewCond(&sync.Mutex{})\nc.L.Lock()\ndefer c.L.Unlock()\nc.Wait()",
		"accept":       "import \"net\"\nl, _ := net.Listen(\"tcp\", \"127.0.0.1:0\")\nl.Accept()",
		"read":         "import \"net\"\nimport \"io\"\nl, _ := net.Listen(\"tcp\", \"127.0.0.1:0\")\nc, _ := net.Dial(\"tcp\", l.Addr().String())\nio.ReadAll(c)",
		"raw accept":   "import \"golang.org/x/sys/unix\"\nfd, _ := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)\nunix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})\nunix.Listen(fd, 1)\nunix.Accept(fd)",
		"pipe read":    "import \"golang.org/x/sys/unix\"\nvar p [2]int\nunix.Pipe(p[:])\nunix.Read(p[0], make([]byte, 1))",
		"poll":         "import \"golang.org/x/sys/unix\"\nunix.Poll(nil, -1)",
		"epoll":        "import \"golang.org/x/sys/unix\"\nep, _ := unix.EpollCreate1(0)\nunix.EpollWait(ep, make([]unix.EpollEvent, 1), -1)",
		"deferred":     "defer func() { recover() }()\nfor {\n}",
	} {
		t.Run(name, func(t *testing.T) {
			m := New(Options{})
			run(t, m, "kept := 1")
			i := interrupted(t, m, text)
			if i.Abandoned {
				t.Error("left behind")
			}
			if out := run(t, m, "kept"); out[0] != "1" {
				t.Error(out)
			}
		})
	}
}

func TestInterruptSparesOthers(t *testing.T) {
	m := New(Options{OnPanic: func(p *Panic) { t.Error(p) }})
	run(t, m, "import \"sync/atomic\"\nvar n atomic.Int64\ngo func() { for { n.Add(1) } }()")
	interrupted(t, m, "for {\n}")
	out := run(t, m, "a := n.Load()\nfor n.Load() == a {\n}\nn.Load() > a")
	if out[0] != "true" {
		t.Error(out)
	}
}

// A deadlock that is interrupted says what each goroutine waits for, and where.
func TestDeadlockReport(t *testing.T) {
	m := New(Options{})
	i := interrupted(t, m, "import \"sync\"\nc := make(chan int)\nvar mu sync.Mutex\ngo func() {\n\tc <- 1\n}()\ngo func() {\n\tselect {}\n}()\nmu.Lock()\nmu.Lock()")
	got := map[int]bool{}
	for _, g := range i.Goroutines {
		got[g.At.Line] = true
	}
	if len(i.Goroutines) != 3 || !got[5] || !got[8] || !got[11] {
		t.Errorf("%+v", i.Goroutines)
	}
	if len(i.Frames) == 0 || i.Frames[0].Line != 11 {
		t.Errorf("%+v", i.Frames)
	}
}

func TestDeferredCallsRunOnInterrupt(t *testing.T) {
	m := New(Options{})
	run(t, m, "done := false")
	interrupted(t, m, "func f() {\n\tdefer func() { done = true }()\n\tfor {\n\t}\n}\nf()")
	if out := run(t, m, "done"); out[0] != "true" {
		t.Error(out)
	}
}

func TestErrorsSayNothingOfTheEngine(t *testing.T) {
	m := New(Options{})
	for _, text := range []string{"var p *struct{ x int }\np.x", "var f func()\nf()", "var e error\ne.Error()", "var m map[string]int\nm[\"\"]++",
		"a := []int{}\na[:5]", "var x any = 1\nx.(string)", "close((chan int)(nil))", "n := 0\n1 / n", "n := 1\nmake([]int, n-2)"} {
		_, err := m.Run("c", text)
		var p *Panic
		if !errors.As(err, &p) {
			t.Errorf("%s: %v", text, err)
			continue
		}
		for _, word := range []string{"reflect", "yaegi", "interp.", "rt."} {
			if strings.Contains(p.Error(), word) {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
}
