package interp

import (
	"strings"
	"testing"
)

// What tells a program where it is names the cell and its line.
func TestCaller(t *testing.T) {
	const first = `import ("log"; "runtime"; "runtime/debug"; "fmt"; "strings"; "sort"; "bytes"; "sync")
func where(skip int) string { _, file, line, ok := runtime.Caller(skip); return fmt.Sprint(file, ":", line, " ", ok) }
var out bytes.Buffer
func stack() string {
	pcs := make([]uintptr, 9)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	s := ""
	for {
		f, more := frames.Next()
		s += fmt.Sprint(f.Function, " ", f.File, ":", f.Line, "; ")
		if !more { return s }
	}
}
func name() string { pc, _, _, _ := runtime.Caller(1); return runtime.FuncForPC(pc).Name() }
type T struct{}
func (T) Where() string { return where(1) }
func (T) String() string { return where(0) + " " + where(2) }`
	for _, test := range []struct{ text, want string }{
		{"where(1)", "cell2:1 true"},
		{"\nwhere(0) + where(9)", "cell1:2 true:0 false"},
		{"func f() string {\n\treturn where(1) + \" \" + where(2)\n}\n\nf()", "cell2:2 true cell2:5 true"},
		{"T{}.Where()", "cell1:16 true"},
		{"var i interface{ Where() string } = T{}\ni.Where()", "cell1:16 true"},
		{"\nfmt.Sprint(T{})", "cell1:2 true cell2:2 true"},
		{"s := \"\"\nsort.Slice([]int{2, 1}, func(i, j int) bool {\n\ts = where(1) + where(2)\n\treturn false\n})\ns", "cell2:3 truecell2:2 true"},
		{"func f() (s string) {\n\tdefer func() {\n\t\ts = where(1)\n\t}()\n\treturn\n}\nf()", "cell2:3 true"},
		{"func f() string {\n\tdefer func() {}()\n\treturn where(1) + where(2)\n}\nf()", "cell2:3 truecell2:5 true"},
		{"func f() string {\n\treturn stack()\n}\nf()", "main.stack cell1:6; main.f cell2:2; main.main cell2:4; "},
		{"func f() string { return name() }\na := f() + func() string { return name() }()\na + name()", "main.fmain.func1main.main"},
		{"log.SetOutput(&out)\nlog.SetFlags(log.Lshortfile)\nlog.SetPrefix(\"p \")\n\nlog.Println(\"a\", 1)\nfunc f(n int) {\n\tlog.Printf(\"%d\", n)\n\tlog.Output(2, \"o\")\n}\nf(3)\nout.String()",
			"p cell2:5: a 1\np cell2:7: 3\np cell2:10: o\n"},
		{"l := log.New(&out, \"p \", log.Llongfile|log.Lmsgprefix)\nl.Print(\"a\")\nfunc() { defer func() { recover() }(); l.Panicf(\"b\\n\") }()\nout.String()", "cell2:2: p a\ncell2:3: p b\n"},
		{"l := log.New(&out, \"\", 0)\nl.Print(\"a\")\nvar wg sync.WaitGroup\nwg.Add(1)\ngo func() {\n\tdefer wg.Done()\n\tl.SetFlags(log.Lshortfile)\n\tl.Print(\"b\")\n}()\nwg.Wait()\nout.String()", "a\ncell2:8: b\n"},
		{"f := log.Printf\nlog.SetFlags(log.Lshortfile)\nlog.SetPrefix(\"\")\nlog.SetOutput(&out)\nf(\"x\")\nout.String()", "cell2:5: x\n"},
		{"func f() string {\n\treturn string(debug.Stack())\n}\ns := f()\ns[strings.Index(s, \"\\n\")+1:]", "main.f(...)\n\tcell2:2\nmain.main(...)\n\tcell2:4\n"},
	} {
		out := run(t, New(Options{}), first, test.text)
		if out[0] != "" || out[1] != test.want {
			t.Errorf("%s\n\tgot %s\n\twant %s", test.text, strings.Join(out, " | "), test.want)
		}
	}
}
