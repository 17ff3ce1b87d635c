package cell

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// define runs cells through an Env.
func defineAll(t *testing.T, cells ...string) *Env {
	t.Helper()
	e := NewEnv()
	for i, text := range cells {
		c, err := e.Check("["+string(rune('1'+i))+"]", text)
		if err != nil {
			t.Fatalf("cell %d: %v", i+1, err)
		}
		e.Define(c)
	}
	return e
}

func TestSourceRefuses(t *testing.T) {
	tests := []struct {
		name  string
		cells []string
		ask   string
		want  string
	}{
		{"nothing", nil, "f", "f is not defined"},
		{"a statement's variable", []string{"l := 1", "func f() int { return l }"}, "f", "f uses l, which is a variable that a statement of cell [1] made"},
		{"a function as a value", []string{"f := func() {}"}, "f", "f is a variable that a statement of cell [1] made"},
		{"far away", []string{"l := 1", "var m = l", "func g() int { return m }\nfunc f() int { return g() }"}, "f", "f uses g uses m uses l, which is a variable"},
		{"stale", []string{"func g() int { return 1 }", "func f() int { return g() }", "func g() string { return `` }"}, "f", "f does not compile with what later cells define"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text, err := defineAll(t, test.cells...).Source(test.ask)
			var no *NoSource
			if !errors.As(err, &no) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("%q, %v; want %q", text, err, test.want)
			}
		})
	}
}

func TestSource(t *testing.T) {
	tests := []struct {
		name  string
		cells []string
		ask   []string
		want  string
	}{
		{"one", []string{"func f() int { return 1 }"}, []string{"f"}, "\nfunc f() int { return 1 }\n"},
		{"the last one", []string{"func f() int { return 1 }", "func f() int { return 2 }"}, []string{"f"}, "\nfunc f() int { return 2 }\n"},
		{"what it mentions, no more", []string{
			"import (\"fmt\"; str \"strings\"; \"io\")\nconst (\n\ta = iota\n\tb\n)\ntype T struct{ n int }\nx := 7",
			"func (t T) String() string { return fmt.Sprint(t.n) }\nfunc unused() {}\nvar limit, other = 3, str.ToUpper(`x`)",
			"func g() T { return T{b} }",
			"func f() any {\n\tif limit > 2 {\n\t\treturn g()\n\t}\n\treturn nil\n}",
		}, []string{"f"}, "import \"fmt\"\nimport str \"strings\"\n\nconst (\n\ta = iota\n\tb\n)\n\ntype T struct{ n int }\n\nfunc (t T) String() string { return fmt.Sprint(t.n) }\n\nvar limit, other = 3, str.ToUpper(`x`)\n\nfunc g() T { return T{b} }\n\nfunc f() any {\n\tif limit > 2 {\n\t\treturn g()\n\t}\n\treturn nil\n}\n"},
		{"a helper defined anew later", []string{"func g() int { return 1 }\nfunc f() int { return g() }", "func g() int { return 2 }"}, []string{"f"}, "\nfunc f() int { return g() }\n\nfunc g() int { return 2 }\n"},
		{"recursion and generics", []string{"type N[T any] struct{ next *N[T] }\nfunc (n *N[T]) len() int { if n == nil { return 0 }; return n.next.len() + 1 }", "func f() int { return new(N[int]).len() }"}, []string{"f", "f"}, "\ntype N[T any] struct{ next *N[T] }\n\nfunc (n *N[T]) len() int { if n == nil { return 0 }; return n.next.len() + 1 }\n\nfunc f() int { return new(N[int]).len() }\n"},
		{"methods follow a type defined anew", []string{"type T int\nfunc (T) old() {}", "type T string", "func (T) new() {}\nfunc f() T { return `` }"}, []string{"f"}, "\nfunc (T) old() {}\n\ntype T string\n\nfunc (T) new() {}\n\nfunc f() T { return `` }\n"},
		{"a dot import", []string{"import . \"strings\"", "func f() string { return ToUpper(`a`) }"}, []string{"f"}, "import . \"strings\"\n\nfunc f() string { return ToUpper(`a`) }\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text, err := defineAll(t, test.cells...).Source(test.ask...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, text); diff != "" {
				t.Error(diff)
			}
			if _, err := NewEnv().Check("answer", text); err != nil {
				t.Errorf("on its own: %v", err)
			}
		})
	}
}

func TestDeclares(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"", nil},
		{"func {", nil},
		{"%%on client\nimport \"fmt\"\n\nfunc f() {}\nfunc (T) m() {}\ntype T int\nfmt.Println(1)\nvar x, _ = 1, 2\nconst c = 1\ny := 2", []string{"f", "T", "c", "x"}},
		{"package main\nfunc helper() {}\nfunc main() {}", []string{"helper"}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, Declares(test.text)); diff != "" {
			t.Errorf("%q: %s", test.text, diff)
		}
	}
}
