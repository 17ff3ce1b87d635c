package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"reflect"
	"runtime"

	"sockbook/kernel/cell/exportdata"
)

// Env is what the cells of one Go process have defined so far.
//
// It is not safe for concurrent use, and that includes what it returned: while
// one goroutine reads the types of a Cell, to lower it, no other one may call
// Check, Sketch or Import, which complete packages and give types methods.
type Env struct {
	fset     *token.FileSet
	pkg      *types.Package
	sizes    types.Sizes
	importer *exportdata.Importer

	defs    map[string]*definition     // what names mean at the top of the next cell, by key
	users   map[string]map[string]bool // key → keys of the definitions that mention it
	methods map[string]map[string]bool // type name → keys of its methods
	dots    []*types.Package           // packages imported with a dot, the last one first
	born    map[*types.TypeName]string // the cell that made a type, or made it anew

	// attached are types that got methods by the last Check, as they were
	// before. Define forgets them, the next Check brings them back.
	attached []typeBefore
}

// A delta is what a cell changes in its Env.
type delta struct {
	defs  map[string]*definition
	stale map[string]*staleness // by key, definitions that do not compile any more
	dots  []*types.Package
}

// NewEnv makes an Env in which nothing is defined.
func NewEnv() *Env {
	return &Env{
		fset:     token.NewFileSet(),
		pkg:      types.NewPackage("main", "main"),
		sizes:    types.SizesFor("gc", runtime.GOARCH),
		importer: exportdata.NewImporter(),
		defs:     map[string]*definition{},
		users:    map[string]map[string]bool{},
		methods:  map[string]map[string]bool{},
		born:     map[*types.TypeName]string{},
	}
}

// Check parses and checks a cell against what was defined so far. The error is
// an *Error; then nothing of the cell is defined. Otherwise its definitions
// become visible to later cells with [Env.Define], which must come before the
// next Check.
func (e *Env) Check(name, text string) (*Cell, error) {
	e.detach()
	src := parse(e.fset, name, text)
	var cell *Cell
	if len(src.errs) == 0 {
		c := &checker{env: e, src: src}
		if src.program {
			c.checkProgram()
		} else {
			c.checkMixed()
		}
		cell = c.cell
		src.errs = c.diagnostics()
	}
	if len(src.errs) > 0 {
		e.detach()
		e.fset.RemoveFile(src.file)
		list := sortDiagnostics(src.errs)
		for i := range list {
			list[i].Line = src.line(list[i].Pos.Line)
		}
		return nil, &Error{list}
	}
	return cell, nil
}

// Define makes what a checked cell defines visible to the cells after it. Call
// it once, when the cell is accepted for running.
func (e *Env) Define(c *Cell) {
	e.attached = nil
	for key, d := range c.delta.defs {
		e.define(key, d, c.Name)
	}
	for key, why := range c.delta.stale {
		if d := e.defs[key]; d != nil {
			d.stale = why
		}
	}
	e.dots = append(c.delta.dots, e.dots...)
	c.delta = &delta{}
}

func (e *Env) define(key string, d *definition, cell string) {
	if old := e.defs[key]; old != nil {
		for used := range old.uses {
			delete(e.users[used], key)
			if len(e.users[used]) == 0 {
				delete(e.users, used)
			}
		}
	}
	e.defs[key] = d
	if t, ok := d.obj.(*types.TypeName); ok {
		e.born[t] = cell
	}
	for used := range d.uses {
		add(e.users, used, key)
	}
	if base, _, ok := methodKey(key); ok {
		add(e.methods, base, key)
	}
}

func add(index map[string]map[string]bool, key, value string) {
	if index[key] == nil {
		index[key] = map[string]bool{}
	}
	index[key][value] = true
}

// groupOf lists the constants that were defined by one declaration and are
// still what their names mean.
func (e *Env) groupOf(g *ast.GenDecl) []*definition {
	var list []*definition
	for _, s := range g.Specs {
		if s, ok := s.(*ast.ValueSpec); ok {
			for _, id := range s.Names {
				if d := e.defs[id.Name]; d != nil && d.node == ast.Node(g) {
					list = append(list, d)
				}
			}
		}
	}
	return list
}

// typeBefore is a named type and a copy of what it was before it got a method.
type typeBefore struct {
	named *types.Named
	saved reflect.Value
}

// attach gives a type of an earlier cell a method of this one. go/types can
// add methods but not take them away again when the cell is refused, hence the
// copy.
func (e *Env) attach(named *types.Named, m *types.Func) {
	v := reflect.ValueOf(named).Elem()
	saved := reflect.New(v.Type()).Elem()
	saved.Set(v)
	e.attached = append(e.attached, typeBefore{named, saved})
	named.AddMethod(m)
}

// detach takes the methods away that a cell gave to types and that were not
// defined after all.
func (e *Env) detach() {
	for i := len(e.attached) - 1; i >= 0; i-- {
		reflect.ValueOf(e.attached[i].named).Elem().Set(e.attached[i].saved)
	}
	e.attached = nil
}

// lookup returns what a name means where the cell does not declare it, or nil.
func (e *Env) lookup(name string) types.Object {
	if d := e.defs[name]; d != nil {
		if d.stale != nil {
			return nil
		}
		return d.obj
	}
	return lookupDot(e.dots, name)
}

func lookupDot(dots []*types.Package, name string) types.Object {
	if token.IsExported(name) {
		for _, pkg := range dots {
			if obj := pkg.Scope().Lookup(name); obj != nil {
				return obj
			}
		}
	}
	return nil
}

func newInfo() *types.Info {
	return &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Instances:  map[*ast.Ident]types.Instance{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Implicits:  map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes:     map[ast.Node]*types.Scope{},
	}
}

// copyInfo puts what src knows into dst.
func copyInfo(dst, src *types.Info) {
	maps.Copy(dst.Types, src.Types)
	maps.Copy(dst.Instances, src.Instances)
	maps.Copy(dst.Defs, src.Defs)
	maps.Copy(dst.Uses, src.Uses)
	maps.Copy(dst.Implicits, src.Implicits)
	maps.Copy(dst.Selections, src.Selections)
	maps.Copy(dst.Scopes, src.Scopes)
}
