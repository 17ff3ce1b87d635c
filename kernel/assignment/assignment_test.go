package assignment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sockbook/kernel/course"
	"sockbook/kernel/notebook"
	"sockbook/lessons"
)

func TestMarked(t *testing.T) {
	tests := []struct{ name, solution, want string }{
		{"a body", "func f() int {\n\tx := 1\n\treturn x\n}",
			"func f() int {\n\t// BEGIN SOLUTION\n\tx := 1\n\treturn x\n\t// END SOLUTION\n}"},
		{"in one line", "func f() int { return 1 }", "func f() int {\n// BEGIN SOLUTION\n return 1\n// END SOLUTION\n}"},
		{"two, a directive, an import", "%%on client\nimport \"fmt\"\n\nfunc f() {\n\tfmt.Println()\n}\n\nfunc g() {\n\tf()\n}",
			"%%on client\nimport \"fmt\"\n\nfunc f() {\n\t// BEGIN SOLUTION\n\tfmt.Println()\n\t// END SOLUTION\n}\n\nfunc g() {\n\t// BEGIN SOLUTION\n\tf()\n\t// END SOLUTION\n}"},
		{"what it declares for itself", "const n = 3\n\ntype T struct{}\n\nfunc (T) help() {\n\tprintln(n)\n}\n\nfunc f() {\n\tT{}.help()\n}\n",
			"const n = 3\n\ntype T struct{}\n\nfunc (T) help() {\n\t// BEGIN SOLUTION\n\tprintln(n)\n\t// END SOLUTION\n}\n\nfunc f() {\n\t// BEGIN SOLUTION\n\tT{}.help()\n\t// END SOLUTION\n}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := marked(test.solution)
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Error(diff, err)
			}
		})
	}
}

// A statement would run in what students get, with what is left of the cell.
func TestMarkedRefusesStatements(t *testing.T) {
	if got, err := marked("func f() {}\nf()"); err == nil {
		t.Errorf("%q", got)
	}
}

// TestLayout looks that every exercise of every lesson is there once as a task
// and once as a test.
func TestLayout(t *testing.T) {
	c, err := course.Load(lessons.Files())
	if err != nil {
		t.Fatal(err)
	}
	files, err := Layout(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(c.Lessons)+1 || len(files["nbgrader_config.py"]) == 0 {
		t.Errorf("%d files for %d lessons", len(files), len(c.Lessons))
	}
	for _, l := range c.Lessons {
		n, err := notebook.Decode(files["source/"+l.Name+"/lesson.ipynb"])
		if err != nil {
			t.Fatal(err)
		}
		tasks, tests := 0, 0
		for _, cell := range n.Cells {
			role, _ := cell.Metadata("nbgrader").(map[string]any)
			switch {
			case role == nil:
			case role["solution"] == true:
				tasks++
			case role["grade"] == true && role["locked"] == true:
				tests++
			}
		}
		if tasks != len(l.Exercises) || tests != len(l.Exercises) {
			t.Errorf("lesson %s has %d exercises, %d tasks, %d tests", l.Name, len(l.Exercises), tasks, tests)
		}
	}
}
