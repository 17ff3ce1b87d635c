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
	"slices"
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
			text, err := marked(e.Stub(), strings.TrimRight(solution, "\n"))
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

// marked is the solution with marks around what the stub does not have: the
// bodies of its functions, and declarations of its own.
func marked(stub, solution string) (string, error) {
	const head = "package p\n"
	text := cell.Mask(solution)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", head+text, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil { // statements beside declarations
		return begin + "\n" + solution + "\n" + end, nil
	}
	asked := cell.Declares(stub)
	at := func(p token.Pos) int { return fset.Position(p).Offset - len(head) }
	type piece struct{ from, to int }
	var pieces []piece
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Body != nil && (d.Recv != nil || slices.Contains(asked, d.Name.Name)) {
				pieces = append(pieces, piece{at(d.Body.Lbrace) + 1, at(d.Body.Rbrace)})
				continue
			}
			pieces = append(pieces, piece{at(d.Pos()), at(d.End())})
		case *ast.GenDecl:
			if d.Tok != token.IMPORT && !strings.Contains(stub, solution[at(d.Pos()):at(d.End())]) {
				pieces = append(pieces, piece{at(d.Pos()), at(d.End())})
			}
		}
	}
	var out strings.Builder
	last := 0
	for _, p := range pieces {
		body := strings.Trim(solution[p.from:p.to], "\n")
		before := strings.TrimPrefix(solution[last:p.from], "\n")
		out.WriteString(before)
		if before != "" && !strings.HasSuffix(before, "\n") {
			out.WriteString("\n")
		}
		indent := ""
		if strings.HasPrefix(body, "\t") {
			indent = "\t"
		}
		out.WriteString(indent + begin + "\n" + strings.TrimRight(body, " \t\n") + "\n" + indent + end + "\n")
		last = p.to
	}
	out.WriteString(strings.TrimPrefix(solution[last:], "\n"))
	return strings.TrimRight(out.String(), "\n"), nil
}
