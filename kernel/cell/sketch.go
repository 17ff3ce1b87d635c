package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A Sketch is what could be made of a cell while it is written, errors and
// all, for completion and inspection. It defines nothing.
type Sketch struct {
	Text  string
	Pkg   *types.Package
	Info  *types.Info
	Decls []ast.Decl // of a program: all of it
	Stmts []ast.Stmt

	env  *Env
	file *token.File
	c    *checker
}

// Sketch parses and checks text as far as possible, directive lines masked. It
// does not look at what earlier cells would have to follow.
func (e *Env) Sketch(text string) *Sketch {
	src := parse(e.fset, "this cell", Mask(text))
	defer e.fset.RemoveFile(src.file)
	c := &checker{env: e, src: src, sketch: true}
	if src.program {
		c.sketchProgram()
	} else {
		c.resolveImports()
		c.units = units(src.decls, src.name)
		c.plan = &plan{env: e, byKey: map[string]*unit{}, vars: map[string]bool{}}
		for _, u := range c.units {
			for _, k := range u.keys {
				c.plan.byKey[k] = u
			}
		}
		for _, id := range c.topIdents() {
			c.plan.vars[id.Name] = true
		}
		c.steps()
	}
	return &Sketch{
		Text: text, Pkg: e.pkg, Info: c.cell.Info, Decls: src.decls, Stmts: src.stmts,
		env: e, file: src.file, c: c,
	}
}

func (c *checker) sketchProgram() {
	c.cell = &Cell{Info: newInfo()}
	c.plan = &plan{env: c.env}
	if c.src.prog == nil {
		return
	}
	c.src.decls = c.src.prog.Decls
	c.units = units(c.src.decls, c.src.name)
	c.src.prog.Name.Name = "main"
	*c.env.pkg.Scope() = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "package main")
	c.check(false, []*ast.File{c.src.prog})
	c.program = types.NewScope(nil, token.NoPos, token.NoPos, "program")
	for _, obj := range c.declared() {
		c.program.Insert(obj)
	}
	c.imports = map[string]*types.PkgName{}
	c.programImports()
}

// Pos is the place of a byte of the text.
func (s *Sketch) Pos(offset int) token.Pos { return s.file.Pos(offset) }

// Offset is the byte of the text at a place.
func (s *Sketch) Offset(pos token.Pos) int { return s.file.Offset(pos) }

// Nodes calls visit for the declarations and statements, as ast.Inspect does.
func (s *Sketch) Nodes(visit func(ast.Node) bool) {
	for _, d := range s.Decls {
		ast.Inspect(d, visit)
	}
	for _, st := range s.Stmts {
		ast.Inspect(st, visit)
	}
}

// Visible returns what names mean at a place: local ones, innermost first,
// then those of the cell and of earlier cells, imports among them, by name.
func (s *Sketch) Visible(pos token.Pos) []types.Object {
	var list []types.Object
	seen := map[string]bool{}
	add := func(obj types.Object) {
		if obj != nil && obj.Name() != "_" && !seen[obj.Name()] {
			seen[obj.Name()] = true
			list = append(list, obj)
		}
	}
	for scope := s.innermost(pos); scope != nil && scope != s.Pkg.Scope() && scope.Parent() != nil; scope = scope.Parent() {
		for _, name := range scope.Names() {
			if obj := scope.Lookup(name); obj.Pos() < pos {
				add(obj)
			}
		}
	}
	locals := len(list)
	for _, u := range s.c.units {
		if _, _, method := methodKey(u.keys0()); !method {
			for _, id := range u.idents {
				add(s.Info.Defs[id])
			}
		}
	}
	for _, imp := range s.c.imports {
		add(imp)
	}
	if s.c.program == nil {
		for key := range s.env.defs {
			if _, _, method := methodKey(key); !method {
				add(s.env.lookup(key))
			}
		}
		for _, pkg := range append(s.c.dots, s.env.dots...) {
			for _, name := range pkg.Scope().Names() {
				if obj := pkg.Scope().Lookup(name); obj.Exported() {
					add(obj)
				}
			}
		}
	} else {
		for _, name := range s.c.program.Names() {
			add(s.c.program.Lookup(name))
		}
	}
	slices.SortFunc(list[locals:], func(a, b types.Object) int {
		if a.Name() < b.Name() {
			return -1
		}
		return 1
	})
	return list
}

// innermost returns the smallest scope around pos, of several the deepest.
func (s *Sketch) innermost(pos token.Pos) *types.Scope {
	var best *types.Scope
	size := func(s *types.Scope) int { return int(s.End() - s.Pos()) }
	for _, scope := range s.Info.Scopes {
		if scope.Contains(pos) && (best == nil || size(scope) < size(best) || size(scope) == size(best) && depth(scope) > depth(best)) {
			best = scope
		}
	}
	return best
}

func depth(s *types.Scope) int {
	n := 0
	for ; s != nil; s = s.Parent() {
		n++
	}
	return n
}

// Import imports a package, for looking around in it.
func (e *Env) Import(path string) (*types.Package, error) { return e.importer.Import(path) }

// Defined returns the definition that a session's object has: the cell it is
// written in, the node that defines it (nil for variables), and its comment.
func (s *Sketch) Defined(obj types.Object) (origin string, node ast.Node, doc string) {
	for _, u := range s.c.units {
		for _, id := range u.idents {
			if s.Info.Defs[id] == obj {
				return s.c.src.name, u.node, docOf(u.node, id.Name)
			}
		}
	}
	key := obj.Name()
	if f, ok := obj.(*types.Func); ok {
		if named := receiverNamed(f); named != nil {
			key = named.Obj().Name() + "." + key
		}
	}
	if d := s.env.defs[key]; d != nil && d.obj == obj {
		return d.origin, d.node, docOf(d.node, obj.Name())
	}
	return "", nil, ""
}

func docOf(n ast.Node, name string) string {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Doc.Text()
	case *ast.TypeSpec:
		if n.Doc == nil {
			return n.Comment.Text()
		}
		return n.Doc.Text()
	case *ast.GenDecl:
		for _, spec := range n.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok && slices.ContainsFunc(v.Names, func(id *ast.Ident) bool { return id.Name == name }) {
				if text := v.Doc.Text() + v.Comment.Text(); text != "" {
					return text
				}
			}
		}
		return n.Doc.Text()
	}
	return ""
}
