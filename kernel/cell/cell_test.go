package cell

import (
	"fmt"
	"strings"
	"testing"
)

func TestHappyPath(t *testing.T) {
	e := NewEnv()
	for i, text := range []string{
		"import \"fmt\"\nx := 1\nfunc f() int { return x + g() }\nfmt.Println(f())\nfunc g() int { return 2 }",
		"x + 1",
		"y, err := fmt.Println(x)",
		"type T struct{ a int }\nfunc (t T) M() int { return t.a + x }\nT{3}.M()",
		"T{4}.M() + f()",
		"x := \"a\"\nvar z, w = x, y\nfor i := range 3 { fmt.Println(i, z) }\n// end",
		"x",
		"",
		"// only",
		"package main\nimport \"fmt\"\nvar q = 3\nfunc main() { fmt.Println(q) }",
	} {
		c, err := e.Check(fmt.Sprintf("cell [%d]", i+1), text)
		if err != nil {
			t.Fatalf("%s\n%s", text, err.(*Error).Text(false))
		}
		e.Define(c)
	}
	_, err := e.Check("cell [99]", "x := 1 +\nfoo(y)\nfunc k() {\n\tz := undefined1\n}\nvar a int = \"é\"")
	want := `cell [99]:2:1: undefined: foo
cell [99]:4:2: declared and not used: z
cell [99]:4:7: undefined: undefined1
cell [99]:6:13: cannot use "é" (untyped string constant) as int value in variable declaration`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestNesting(t *testing.T) {
	for _, brackets := range []string{"()", "[]", "{}"} {
		_, err := NewEnv().Check("cell", strings.Repeat(brackets[:1], 90_000)+"1"+strings.Repeat(brackets[1:], 90_000))
		if err == nil || err.Error() != "cell:1:1001: syntax error: nesting depth limit exceeded" {
			t.Errorf("90,000 %s: %v", brackets, err)
		}
	}
	if _, err := NewEnv().Check("cell", strings.Repeat("(", 900)+"1"+strings.Repeat(")", 900)); err != nil {
		t.Error(err)
	}
}
