package interp

import (
	"fmt"
	"strings"
	"testing"
)

// A method that a later cell adds is one of values that earlier cells made,
// wherever they are, in Go's eyes and in those of compiled code.
func TestMethodAddedLater(t *testing.T) {
	for _, test := range []struct{ before, expr, want string }{
		{"v := T{1}", "fmt.Sprint(v)", "T#1"},
		{"p := &T{1}", "fmt.Sprint(p)", "T#1"},
		{"var v any = T{1}", "fmt.Sprint(v)", "T#1"},
		{"var v any = T{1}", "v.(fmt.Stringer).String()", "T#1"},
		{"var v any = T{1}", "_, ok := v.(T)\nok", "true"},
		{"var v any = T{1}", "v == any(T{1})", "true"},
		{"var v any = T{1}", "switch v.(type) { case fmt.Stringer: v = \"stringer\" }\nv", "stringer"},
		{"var v any = &T{1}", "v.(interface{ Inc() }).Inc()\nv", "T#2"},
		{"v := []T{{1}, {2}}", "fmt.Sprint(v)", "[T#1 T#2]"},
		{"v := []any{T{1}, &T{2}, 3}[:1]", "fmt.Sprint(v[:3])", "[T#1 T#2 3]"},
		{"v := map[string]T{\"a\": {1}}", "fmt.Sprint(v)", "map[a:T#1]"},
		{"v := map[any]int{T{1}: 5, T{2}: 6}", "v[T{1}] + 10*len(v)", "25"},
		{"v := map[T]any{{1}: T{2}}\nvar w any = v", "fmt.Sprint(w)", "map[T#1:T#2]"},
		{"v := map[int]any{}\nfor i := range 500 { v[i] = T{i} }", "n := 0\nfor i, x := range v { if fmt.Sprint(x) == fmt.Sprint(\"T#\", i) { n++ } }\nn", "500"},
		{"v := map[[40]int]any{{1}: T{2}}", "fmt.Sprint(v[[40]int{1}])", "T#2"},
		{"v := map[int][40]any{1: {T{2}}}", "fmt.Sprint(v[1][0])", "T#2"},
		{"c := make(chan any, 2)\nc <- T{1}\nc <- &T{2}", "fmt.Sprint(<-c, <-c)", "T#1 T#2"},
		{"type E struct{ T }\nvar v any = E{T{1}}", "fmt.Sprint(v)", "T#1"},
		{"type E struct{ *T }\nvar v any = E{&T{1}}\nvar w any = &E{&T{2}}", "fmt.Sprint(v, w)", "T#1 T#2"},
		{"var v any = struct{ T }{T{1}}", "fmt.Sprint(v)", "T#1"},
		{"type B struct{ T }\ntype E struct{ *B; x int }\nvar v any = []any{E{&B{T{1}}, 2}}", "fmt.Sprint(v)", "[T#1]"},
		{"v := func() any { type L struct{ T }; return L{T{1}} }()", "fmt.Sprint(v)", "T#1"},
		{"v := struct{ a any; next *struct{ b any } }{T{1}, &struct{ b any }{T{2}}}", "fmt.Sprint(v.a, v.next.b)", "T#1 T#2"},
		{"f := func() func() any { x := any(T{1}); return func() any { return x } }()", "fmt.Sprint(f())", "T#1"},
		{"func f(n int) any { return T{n} }", "fmt.Sprint(f(1))", "T#1"},
		{"func f(xs ...any) string { return fmt.Sprint(xs...) }\nv := []any{T{1}}", "f(v...)", "T#1"},
		{"var e any = errors.New(\"x\")\nvar v any = T{1}", "fmt.Sprint(e, v)", "x T#1"},
		{"var v any = (*T)(nil)", "_, ok := v.(fmt.Stringer)\nok", "true"},
		{"var v any = [1]T{{1}}", "v == any([1]T{{1}})", "true"},
		{"var v any = func(T) *T { return nil }", "f, ok := v.(func(T) *T)\nfmt.Sprint(f != nil, ok, reflect.TypeOf(v) == reflect.TypeOf(f))", "true true true"},
		{"v := reflect.TypeOf(T{})", "fmt.Sprint(v == reflect.TypeOf(T{}), v.NumMethod(), reflect.PointerTo(v).NumMethod())", "true 1 2"},
		{"v := reflect.ValueOf(T{1})", "fmt.Sprint(v.Interface())", "T#1"},
		{"v := reflect.New(reflect.SliceOf(reflect.TypeOf(T{}))).Interface()", "_, ok := v.(*[]T)\nok", "true"},
		{"var m sync.Map\nm.Store(1, T{1})", "v, _ := m.Load(1)\nfmt.Sprint(v)", "T#1"},
		{"var p atomic.Pointer[[]any]\np.Store(&[]any{T{1}})", "fmt.Sprint(*p.Load())", "[T#1]"},
		{"var a atomic.Value\na.Store(T{1})", "a.Store(T{2})\nfmt.Sprint(a.Load())", "T#2"},
		{"l := list.New()\n_ = l.PushBack(T{1})", "fmt.Sprint(l.Front().Value)", "T#1"},
		{"x := context.WithValue(context.Background(), \"k\", T{1})", "fmt.Sprint(x.Value(\"k\"))", "T#1"},
		{"x := context.WithValue(context.Background(), T{1}, 7)", "fmt.Sprint(x.Value(T{1}))", "7"},
		{"b, _ := json.Marshal(T{1})", "b, _ = json.Marshal(T{1})\nfmt.Sprint(string(b))", `{"A":1}`},
		{"type S[X any] struct{ V X }\nvar v any = S[T]{T{1}}", "_, ok := v.(S[T])\nfmt.Sprint(v, ok)", "{T#1} true"},
		{"type R struct{ V T; Next *R; All []any }\nr := &R{V: T{1}}\nr.Next = r\nr.All = []any{r, T{2}}", "fmt.Sprint(r.Next.V, r.All[1], r.All[0].(*R) == r)", "T#1 T#2 true"},
		{"loc, reply := make(chan bool), make(chan string)\ngo func() { x := any(T{1}); <-loc; reply <- fmt.Sprint(x, x == any(T{1})) }()", "loc <- true\n<-reply", "T#1 true"},
	} {
		m := New(Options{})
		cells := []string{
			"import (\"fmt\"; \"errors\"; \"reflect\"; \"sync\"; \"sync/atomic\"; \"container/list\"; \"context\"; \"encoding/json\")\ntype T struct{ A int }",
			test.before, // nothing of it has a method
			"for _, x := range []any{T{}, &T{}, [1]T{}} { _, ok := x.(fmt.Stringer); _ = fmt.Sprint(x, ok) }",
			"func (t T) String() string { return fmt.Sprint(\"T#\", t.A) }\nfunc (t *T) Inc() { t.A++ }",
			test.expr,
		}
		out := run(t, m, cells...)
		for i, s := range out[:4] {
			if s != "" {
				t.Errorf("%s: cell %d: %s", test.before, i+1, s)
			}
		}
		if out[4] != test.want {
			t.Errorf("%s\n%s\n\tgot %s\n\twant %s", test.before, test.expr, out[4], test.want)
		}
	}
}

// Methods one after the other, each over what the former made.
func TestMethodsAddedOneByOne(t *testing.T) {
	m := New(Options{})
	run(t, m, "import (\"fmt\"; \"encoding/json\"; \"errors\")\ntype T struct{ A int }\nvar all []any")
	for i, method := range []string{"String() string { return \"S\" }", "MarshalJSON() ([]byte, error) { return []byte(`\"J\"`), nil }",
		"Error() string { return \"E\" }", "Is(error) bool { return true }", "GoString() string { return \"G\" }"} {
		out := run(t, m, fmt.Sprintf("all = append(all, T{%d}, &T{%d})", i, i), "func (t T) "+method,
			"s := \"\"\nfor _, x := range all { b, _ := json.Marshal(x); e, ok := x.(error); s += fmt.Sprintf(\"%v %#v %s %v %v;\", x, x, b, ok, errors.Is(e, fmt.Errorf(\"\"))) }\ns")
		parts := strings.Split(strings.TrimSuffix(out[2], ";"), ";")
		if len(parts) != 2*(i+1) {
			t.Fatalf("after %s: %s", method, out)
		}
		want := []string{"S main.T{A:0} {\"A\":0} false false", "S main.T{A:0} \"J\" false false", "E main.T{A:0} \"J\" true false", "E main.T{A:0} \"J\" true true", "E G \"J\" true true"}[i]
		if parts[0] != want {
			t.Errorf("after %s: %s, want %s", method, parts[0], want)
		}
		for _, p := range parts {
			if strings.Fields(p)[0] != strings.Fields(want)[0] {
				t.Errorf("after %s: values differ: %s", method, out[2])
			}
		}
	}
}

// A cell that is refused leaves types and values as they were.
func TestMethodRefused(t *testing.T) {
	m := New(Options{})
	out := run(t, m, "import \"fmt\"\ntype T struct{ A int }\nvar v any = T{1}", "func (t T) String() string { return undefined1 }", "fmt.Sprint(v, v == any(T{1}))",
		"func (t T) String() string { return \"S\" }\nfunc() { var x any = [1 << 30]T{}; _ = x }()", "fmt.Sprint(v, v == any(T{1}))", "func (t T) String() string { return \"T\" }", "fmt.Sprint(v, v == any(T{1}))")
	if !strings.Contains(out[1], "undefined1") || out[2] != "{1} true" || out[6] != "T true" {
		t.Error(out)
	}
	if !strings.Contains(out[3], "more than a cell can have") || out[4] != "{1} true" {
		t.Error(out)
	}
}

// reflect sees the methods of cells' interface types.
func TestImplements(t *testing.T) {
	m := New(Options{})
	out := run(t, m, "import (\"fmt\"; \"reflect\")\ntype Shape interface{ Area() int }\ntype Both interface{ Shape; fmt.Stringer }\ntype Sq int\nfunc (s Sq) Area() int { return int(s * s) }\ntype No int\nfunc (n *No) Area() int { return 0 }",
		"shape, both := reflect.TypeFor[Shape](), reflect.TypeOf((*Both)(nil)).Elem()\nsq, no, np := reflect.TypeFor[Sq](), reflect.TypeFor[No](), reflect.TypeFor[*No]()",
		"fmt.Sprint(sq.Implements(shape), no.Implements(shape), np.Implements(shape), sq.Implements(both), both.Implements(shape), shape.Implements(both), both.Implements(reflect.TypeFor[fmt.Stringer]()), reflect.TypeFor[int]().Implements(shape))",
		"func (s Sq) String() string { return \"\" }", "fmt.Sprint(reflect.TypeFor[Sq]().Implements(both), sq.Implements(both))")
	if out[2] != "true false true false true false true false" || out[4] != "true true" {
		t.Error(out)
	}
}
