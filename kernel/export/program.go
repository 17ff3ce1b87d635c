package export

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"sockbook/kernel/cell"
)

// program returns the source of main.go.
func (b *builder) program() string {
	var body strings.Builder
	for _, c := range b.cells {
		var part strings.Builder
		for _, v := range b.versions {
			if v.origin == c.Name && v.used {
				fmt.Fprintf(&part, "\n%s\n", b.declaration(v))
			}
		}
		if c.Program {
			part.WriteString(b.programVars(c.Cell))
		}
		if len(c.Stmts) > 0 {
			fmt.Fprintf(&part, "\nfunc %s() {\n%s\n}\n", c.function, strings.TrimSpace(b.body(c)))
		}
		if part.Len() > 0 || len(c.directives) > 0 {
			fmt.Fprintf(&body, "\n// %s\n%s%s", c.Name, comment(c.directives), part.String())
		}
	}
	vars := b.variableBlock()
	main := b.mainFunction()
	return "package main\n\n" + b.importBlock() + vars + body.String() + main
}

// comment has lines as gofmt has a comment's code.
func comment(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return "//\n//\t" + strings.Join(lines, "\n//\t") + "\n"
}

// programVars returns the variables of a cell that is a whole program: Go
// initializes them before main.
func (b *builder) programVars(c *cell.Cell) string {
	var out strings.Builder
	for _, d := range c.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			r := b.rewriting(c)
			r.rename(g)
			fmt.Fprintf(&out, "\n%s\n", r.apply(b.text(c.Name), r.offset(g.Pos()), r.offset(g.End())))
		}
	}
	if len(b.cells) > 1 {
		b.note(c.Name, "is a whole program: its variables are initialized, and its init functions run, before the other cells")
	}
	return out.String()
}

// variableBlock declares the variables that outlive their cells.
func (b *builder) variableBlock() string {
	var lines []string
	seen := map[types.Object]bool{}
	for _, c := range b.cells {
		if c.Program {
			continue
		}
		for _, v := range c.Vars {
			if obj := b.resolve(v); b.shared[v] && !seen[obj] {
				seen[obj] = true
				lines = append(lines, fmt.Sprintf("\t%s %s\n", b.called(v), b.typeText(v.Type())))
			}
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return "\n// What several cells use.\nvar (\n" + strings.Join(lines, "") + ")\n"
}

// mainFunction calls the cells in order.
func (b *builder) mainFunction() string {
	var out strings.Builder
	background := ""
	out.WriteString("\nfunc main() {\n")
	for _, c := range b.cells {
		if c.background && background == "" {
			background = b.fresh("background")
			fmt.Fprintf(&out, "\tvar %s %s.WaitGroup\n", background, b.importOf("sync"))
		}
	}
	for _, c := range b.cells {
		var calls []string
		if len(c.Stmts) > 0 {
			calls = append(calls, c.function)
		}
		if c.Main != nil {
			calls = append(calls, b.called(c.Main.Obj))
		}
		for _, call := range calls {
			if c.background {
				fmt.Fprintf(&out, "\t%s.Go(%s)\n", background, call)
			} else {
				fmt.Fprintf(&out, "\t%s()\n", call)
			}
		}
		if startsGoroutines(c.Cell) && !c.background {
			b.note(c.Name, "its goroutines end with the program, after the last cell")
		}
	}
	if background != "" {
		fmt.Fprintf(&out, "\t%s.Wait()\n", background)
	}
	out.WriteString("}\n")
	return out.String()
}

func startsGoroutines(c *cell.Cell) bool {
	found := false
	for _, s := range c.Stmts {
		ast.Inspect(s, func(n ast.Node) bool {
			if _, ok := n.(*ast.GoStmt); ok {
				found = true
			}
			return !found
		})
	}
	return found
}

func (b *builder) importOf(path string) string {
	pkg, err := b.env.Import(path)
	if err != nil {
		return path
	}
	return b.importName(pkg, pkg.Name())
}

// importBlock declares what the rest of the program was found to use, and
// reports what cells import for nothing. It comes last.
func (b *builder) importBlock() string {
	blank := map[string]bool{}
	for _, c := range b.cells {
		for _, i := range c.Imports {
			switch {
			case i.Name == "_":
				blank[i.Path] = true
			case b.imports[i.Path] != "":
			default:
				b.noteAt(c.Cell, i.Spec.Pos(), "the import of %q is never used", i.Path)
			}
		}
	}
	var lines []string
	for _, path := range slices.Sorted(maps.Keys(b.imports)) {
		name := b.imports[path]
		if pkg, err := b.env.Import(path); err == nil && pkg.Name() == name {
			lines = append(lines, fmt.Sprintf("\t%q\n", path))
		} else {
			lines = append(lines, fmt.Sprintf("\t%s %q\n", name, path))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(blank)) {
		lines = append(lines, fmt.Sprintf("\t_ %q\n", path))
	}
	if len(lines) == 0 {
		return ""
	}
	return "import (\n" + strings.Join(lines, "") + ")\n"
}
