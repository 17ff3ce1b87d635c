// Package assignment lays the lessons out for nbgrader, which hands notebooks
// out, collects and marks them: https://nbgrader.readthedocs.io.
//
// Call [Layout]; what it returns is a course folder of nbgrader's. The package
// writes nothing and runs nothing.
package assignment

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"sockbook/kernel/cell"
	"sockbook/kernel/course"
	"sockbook/kernel/notebook"
)

// config is nbgrader's, with Go's comment marks.
//
//go:embed nbgrader_config.py
var config []byte

// Layout returns the files of a course folder, by path: nbgrader_config.py and
// source/NN-name/lesson.ipynb, in which the exercises are solved between
// "// BEGIN SOLUTION" and "// END SOLUTION" (nbgrader takes that out of what
// students get) and the cells with %check are locked and have points.
func Layout(c *course.Course) (map[string][]byte, error) {
	files := map[string][]byte{"nbgrader_config.py": config}
	for _, l := range c.Lessons {
		n, err := notebook.Decode(l.Notebook.Encode()) // a copy
		if err != nil {
			return nil, err
		}
		for _, id := range l.ExerciseIDs() {
			if err := fill(n, l.Exercises[id]); err != nil {
				return nil, fmt.Errorf("exercise %s: %w", id, err)
			}
		}
		files["source/"+l.Name+"/lesson.ipynb"] = n.Encode()
	}
	return files, nil
}

// fill solves an exercise's cell and gives its check points.
func fill(n *notebook.Notebook, e *course.Exercise) error {
	solution, err := e.Solution()
	if err != nil {
		return err
	}
	number := strings.ReplaceAll(e.ID, ".", "-")
	for _, c := range n.Cells {
		switch {
		case c.ID() == e.Cell:
			text, err := marked(solution)
			if err != nil {
				return err
			}
			c.SetSource(text)
			c.SetMetadata("nbgrader", role("exercise-"+number, false, 0))
		case c.IsCode() && strings.TrimSpace(c.Source()) == "%check "+e.ID:
			c.SetMetadata("nbgrader", role("check-"+number, true, e.Points))
			// A check that fails is an error here, which nbgrader counts as no points.
			c.SetMetadata("tags", []any{})
		}
	}
	return nil
}

// role is what nbgrader wants to know of a cell (its metadata, schema 3): a
// solution, which students write, or a test, which has points.
func role(id string, test bool, points int) map[string]any {
	m := map[string]any{"grade": test, "grade_id": id, "locked": test, "schema_version": 3, "solution": !test, "task": false, "cell_type": "code"}
	if test {
		m["points"] = points
	}
	return m
}

// The marks of nbgrader_config.py.
const (
	begin = "// BEGIN SOLUTION"
	end   = "// END SOLUTION"
)

// marked is the solution with marks around the bodies of its functions. What
// else it declares for itself students keep as a hint: nbgrader puts a panic in
// place of what is between marks, and outside of a function that panic would
// run with the cell.
func marked(solution string) (string, error) {
	const head = "package p\n"
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", head+cell.Mask(solution), parser.SkipObjectResolution)
	if err != nil {
		return "", fmt.Errorf("a solution has declarations only: %w", err)
	}
	at := func(p token.Pos) int { return fset.Position(p).Offset - len(head) }
	var out strings.Builder
	last := 0
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		from, to := at(f.Body.Lbrace)+1, at(f.Body.Rbrace)
		body := strings.Trim(solution[from:to], "\n")
		indent := ""
		if strings.HasPrefix(body, "\t") {
			indent = "\t"
		}
		out.WriteString(solution[last:from] + "\n" + indent + begin + "\n" + strings.TrimRight(body, " \t\n") + "\n" + indent + end + "\n")
		last = to
	}
	out.WriteString(solution[last:])
	return strings.TrimRight(out.String(), "\n"), nil
}
