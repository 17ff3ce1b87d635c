package interp

import (
	"errors"
	"strings"
	"testing"
)

// What a cell's function panics with while compiled code calls it is Go's own
// value, for compiled code that recovers and for what the learner reads.
func TestFaultsThroughCompiledCode(t *testing.T) {
	const types = `import ("fmt"; "sort"; "io"; "encoding/json"; "slices"; "strings"; "sync"; "text/template")
type Ptr struct{ p *int }
func (x Ptr) String() string { return fmt.Sprint(*x.p) }
type Idx []int
func (x Idx) String() string { i := 5; return fmt.Sprint(x[i]) }
type Cut []int
func (x Cut) String() string { i := 5; return fmt.Sprint(x[:i]) }
type Div int
func (x Div) String() string { return fmt.Sprint(7 / int(x)) }
type Map map[string]int
func (x Map) String() string { x["a"] = 1; return "" }
type Own struct{}
func (Own) String() string { panic(fmt.Errorf("own %d", 1)) }
func (Own) Read([]byte) (int, error) { panic("read") }
func (Own) Write(b []byte) (int, error) { a := []int{}; return a[len(b)], nil }
func (Own) MarshalJSON() ([]byte, error) { panic("json") }
type Deferred struct{}
func (Deferred) String() string { defer func() {}(); var p *Ptr; return fmt.Sprint(p.p) }
type Assert struct{}
func (Assert) String() string { var x any = 1; return x.(string) }
type Err struct{}
func (Err) Error() string { var p *Ptr; return fmt.Sprint(p.p) }
func caught(f func()) (r any) { defer func() { r = recover() }(); f(); return nil }`
	tests := []struct{ text, want string }{
		{"fmt.Sprint(Ptr{})", "%!v(PANIC=String method: runtime error: invalid memory address or nil pointer dereference)"},
		{"fmt.Sprint(Idx{1})", "%!v(PANIC=String method: runtime error: index out of range [5] with length 1)"},
		{"fmt.Sprint(Cut(make([]int, 2, 3)))", "%!v(PANIC=String method: runtime error: slice bounds out of range [:5] with capacity 3)"},
		{"fmt.Sprint(Div(0))", "%!v(PANIC=String method: runtime error: integer divide by zero)"},
		{"fmt.Sprint(Map(nil))", "%!v(PANIC=String method: assignment to entry in nil map)"},
		{"fmt.Sprint(Own{})", "%!v(PANIC=String method: own 1)"},
		{"fmt.Sprint(Deferred{})", "%!v(PANIC=String method: runtime error: invalid memory address or nil pointer dereference)"},
		{"fmt.Sprint(Assert{})", "%!v(PANIC=String method: interface conversion: interface {} is int, not string)"},
		{"fmt.Sprint(Ptr{}, Idx{1}, Div(1))", "%!v(PANIC=String method: runtime error: invalid memory address or nil pointer dereference) %!v(PANIC=String method: runtime error: index out of range [5] with length 1) 7"},
		{"fmt.Sprint(caught(func() { sort.Slice([]int{2, 1}, func(i, j int) bool { return []int{}[i] < 0 }) }))", "runtime error: index out of range [1] with length 0"},
		{"fmt.Sprint(caught(func() { sync.OnceFunc(func() { panic(\"once\") })() }))", "once"},
		{"func() (s string) { f := sync.OnceValue(func() int { panic(fmt.Errorf(\"e\")) }); for range 2 { s += fmt.Sprintf(\"%v %[1]T \", caught(func() { f() })) }; return }()", "e *errors.errorString e *errors.errorString "},
		{"fmt.Sprint(caught(func() { json.Marshal(Own{}) }))", "json"},
		{"func() error { return template.Must(template.New(\"\").Funcs(template.FuncMap{\"f\": func() int { return []int{}[len(Own{}.String())] }}).Parse(\"{{f}}\")).Execute(io.Discard, nil) }().Error()",
			"template: :1:2: executing \"\" at <f>: error calling f: own 1"},
		{"io.ReadAll(Own{})", "panic: read\n\tmain.Own.Read cell1:14:40\n\tmain cell2:1:1"},
		{"fmt.Fprint(Own{}, \"ab\")", "panic: runtime error: index out of range [2] with length 0\n\tmain.Own.Write cell1:15:57\n\tmain cell2:1:1"},
		{"x := []int{3, 1, 2}\nslices.SortFunc(x, func(a, b int) int {\n\treturn a / (b - b)\n})", "panic: runtime error: integer divide by zero\n\tmain.func1 cell2:3:2\n\tmain cell2:2:1"},
		{"fmt.Sprint(Ptr{})\ni := 3\n_ = []int{1}[i]", "panic: runtime error: index out of range [3] with length 1\n\tmain cell2:3:1"},
		{"func f() {\n\tdefer func() { fmt.Sprint(Idx{}) }()\n\tvar p *Ptr\n\t_ = p.p\n}\nf()", "panic: runtime error: invalid memory address or nil pointer dereference\n\tmain.f cell2:4:2\n\tmain cell2:6:1"},
		{"func f() {\n\tdefer func() {\n\t\tvar a []int\n\t\t_ = a[len(\"abc\")]\n\t}()\n\tpanic(\"first\")\n}\nf()", "panic: first\n\tpanic: runtime error: index out of range [3] with length 0\n\tmain.f.func1 cell2:4:3\n\tmain.f cell2:6:2\n\tmain cell2:8:1"},
		{"panic(Err{})", "panic: panic while printing panic value: type runtime.errorString"},
		{"strings.Map(func(r rune) rune {\n\treturn r / (r - r)\n}, \"ab\")", "panic: runtime error: integer divide by zero\n\tmain.func1 cell2:2:2\n\tmain cell2:1:1"},
	}
	for _, test := range tests {
		m := New(Options{})
		out := run(t, m, types, test.text)
		if out[0] != "" {
			t.Fatal(out[0])
		}
		if got := out[1]; got != test.want && !(strings.HasPrefix(test.text, "panic(Err") && strings.HasPrefix(got, test.want)) {
			t.Errorf("%s\n\tgot %s\n\twant %s", test.text, got, test.want)
		}
	}
}

// A defect is told in a line, at its place.
func TestFaultHasNoStack(t *testing.T) {
	m := New(Options{})
	u, err := m.prepare("cell", "x := 1\nx++")
	if err != nil {
		t.Fatal(err)
	}
	u.Text = strings.Replace(u.Text, "++", ".y++", 1)
	_, err = m.compile("cell", u)
	var f *Fault
	if !errors.As(err, &f) || strings.Contains(f.Error(), "\n") || !strings.HasPrefix(f.Error(), "cell:2:1: this cell is right") {
		t.Errorf("%v", err)
	}
}
