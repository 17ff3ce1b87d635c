package evaluator

import (
	"strings"
	"testing"
	"time"

	"sockbook/kernel/interp"
	"sockbook/kernel/worker"
)

// TestCells runs cells on the real machine.
func TestCells(t *testing.T) {
	e := New()
	run := func(name, text string) worker.Outcome { return e.Run(name, text) }
	tests := []struct{ text, result, failure string }{
		{`import ("errors"; "fmt"; "time"; "sync")`, "", ""},
		{`x := 6`, "", ""},
		{`x * 7`, "42", ""},
		{"type T struct{ A int }\nT{1}", "{A:1}", ""},
		{`[]byte("hi")`, "00000000  68 69                                             |hi|", ""},
		{`errors.New("no")`, "no", ""},
		{`fmt.Sprint(1, 2)`, "1 2", ""},
		{`y`, "", "[8]:1:1: undefined: y"},
		{"y\nz", "", "[9]:1:1: undefined: y (and 1 more)"},
		{`panic("boom")`, "", "boom"},
		{`var p *T; p.A = 1`, "", "runtime error: invalid memory address or nil pointer dereference"},
		{`func f(n int) int { return f(n+1) + 1 }; f(0)`, "", interp.TooDeep},
		{`x`, "6", ""},
	}
	for i, test := range tests {
		o := run("["+string(rune('0'+(i+1)%10))+"]", test.text)
		got, _ := o.Result["text/plain"].(string)
		failure := ""
		if o.Failure != nil {
			failure = o.Failure.Message
		}
		if got != test.result || failure != test.failure {
			t.Errorf("%s: %q, %q; want %q, %q", test.text, got, failure, test.result, test.failure)
		}
	}
}

func TestInterruptAndRest(t *testing.T) {
	e := New()
	for _, text := range []string{
		"for { }",
		"import \"time\"\ntime.Sleep(time.Hour)",
		"<-make(chan int)",
		"import \"net\"\nl, _ := net.Listen(\"tcp\", \"127.0.0.1:0\")\nl.Accept()",
	} {
		done := make(chan worker.Outcome)
		go func() { done <- e.Run("[1]", text) }()
		busy := strings.HasPrefix(text, "for")
		for range 1000 {
			if e.Rests() || busy && len(e.machine.Goroutines()) > 0 {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		if e.Rests() == busy {
			t.Errorf("%s: at rest: %v", text, !busy)
		}
		e.Interrupt()
		if o := <-done; o.Failure == nil || o.Failure.Name != "interrupted" {
			t.Errorf("%s: %+v", text, o)
		}
		if e.Rests() {
			t.Errorf("%s: at rest when it has ended", text)
		}
	}
}

func TestAsk(t *testing.T) {
	e := New()
	e.Run("[1]", "import \"fmt\"\nvar kept = 1")
	if c := e.Complete("fmt.Printl", 10); len(c.Matches) != 1 || c.Matches[0].Text != "Println" {
		t.Errorf("Complete: %+v", c)
	}
	if i := e.Inspect("kept", 2, 0); !i.Found || !strings.Contains(i.Data["text/plain"], "kept int") {
		t.Errorf("Inspect: %+v", i)
	}
	if i := e.Inspect("nothing", 2, 0); i.Found {
		t.Errorf("Inspect of nothing: %+v", i)
	}
}
