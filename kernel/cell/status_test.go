package cell

import "testing"

func TestIsComplete(t *testing.T) {
	for _, c := range []struct {
		text   string
		status Status
		indent string
	}{
		{"x := = 1", Invalid, ""},
		{"func )(", Invalid, ""},
		{"fmt.Println(1))", Invalid, ""},
		{"kept = = )", Invalid, ""},
		{"}", Invalid, ""},
		{"f(1]", Invalid, ""},
		{"s := \"abc", Invalid, ""},
		{"for {\n\tx := = 1", Invalid, ""},
		{"if x {\n}\nelse {", Invalid, ""},
		{"", Complete, ""},
		{"  \n", Complete, ""},
		{"// only a comment", Complete, ""},
		{"x := 1", Complete, ""},
		{"kept = 43", Complete, ""},
		{"for i := 0; i < 3; i++ {\n}", Complete, ""},
		{"func f() int {\n\treturn 1\n}", Complete, ""},
		{"import \"fmt\"\nfmt.Println(1)", Complete, ""},
		{"package main\nfunc main() {\n}", Complete, ""},
		{"%ps", Complete, ""},
		{"%%on server\n%sysctl client x=\"", Complete, ""},
		{"%%on server &\nx := 1", Complete, ""},
		{"x := 1\n%ps", Complete, ""},
		{"undefined + 1", Complete, ""},
		{"for {", Incomplete, "\t"},
		{"func f() {", Incomplete, "\t"},
		{"func f() {\n", Incomplete, "\t"},
		{"%%on server\nfunc f() {", Incomplete, "\t"},
		{"fmt.Println(", Incomplete, "\t"},
		{"fmt.Println(1,", Incomplete, "\t"},
		{"x := 1 +", Incomplete, "\t"},
		{"x :=", Incomplete, "\t"},
		{"if x {\n} else", Incomplete, "\t"},
		{"func f() {\n\tfor {\n\t\tif x {", Incomplete, "\t\t\t"},
		{"func f() {\n\tfor {\n\t\tif x {\n\t\t}\n\t}", Incomplete, "\t"},
		{"go func() {", Incomplete, "\t"},
		{"f(func() {", Incomplete, "\t"},
		{"f(func() {\n\tx := []int{", Incomplete, "\t\t"},
		{"func f() {\n\tx := 1 +", Incomplete, "\t\t"},
		{"switch x {", Incomplete, ""},
		{"switch x {\ncase 1:", Incomplete, "\t"},
		{"func f() {\n\tselect {", Incomplete, "\t"},
		{"import (", Incomplete, "\t"},
		{"type T struct {", Incomplete, "\t"},
		{"s := `abc", Incomplete, ""},
		{"s := `abc\n%d", Incomplete, ""},
		{"/* open", Incomplete, ""},
		{"package main", Incomplete, ""},
		{"var", Incomplete, "\t"},
		{"import", Incomplete, "\t"},
	} {
		status, indent := IsComplete(c.text)
		if status != c.status || indent != c.indent {
			t.Errorf("IsComplete(%q) = %s %q, want %s %q", c.text, status, indent, c.status, c.indent)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"x:=1", "x := 1"},
		{"x:=1\n\n", "x := 1\n\n"},
		{"%%on server\nx:=1\n%ps\n", "%%on server\nx := 1\n%ps\n"},
		{"%ps", "%ps"},
		{"import \"fmt\"\nx:=1 // one\nfunc f( ) int {\nreturn x}\n// two\ny  := 2\nfmt.Println( y )", "import \"fmt\"\nx := 1 // one\n\nfunc f() int {\n\treturn x\n}\n\n// two\ny := 2\nfmt.Println(y)"},
		{"package main\nimport \"fmt\"\nfunc main() { fmt.Println(1) }", "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(1) }"},
		{"s := `\n%d  x\n`\nf( s )", "s := `\n%d  x\n`\nf(s)"},
		{"// only", "// only"},
		{"x:=1; type T int; y:=2", "x := 1\ntype T int\ny := 2"},
		{"for i:=range 3{\nf(i)}", "for i := range 3 {\n\tf(i)\n}"},
		{"type T struct{\na int\nbcd string}\n\n\n\nvar t T", "type T struct {\n\ta   int\n\tbcd string\n}\n\nvar t T"},
	} {
		got, err := Format(c.text)
		if err != nil || got != c.want {
			t.Errorf("Format(%q) =\n%q, %v, want\n%q", c.text, got, err, c.want)
		}
	}
	if got, err := Format("x := = 1"); err == nil || got != "x := = 1" {
		t.Errorf("Format of a syntax error = %q, %v", got, err)
	}
}
