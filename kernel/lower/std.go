package lower

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"strings"

	"sockbook/kernel/cell/exportdata"
)

// The generic functions and types of the standard library have no compiled
// value; their source is lowered like a cell's. slices, maps and cmp are Go's
// own files, the others are written here.
//
//go:embed std
var stdFiles embed.FS

// stdSource is a package of the standard library whose generic functions are
// lowered from source.
type stdSource struct{ pkg *types.Package }

// mended are the lines of Go's own files that need the runtime.
var mended = map[string][2]string{
	"maps/maps.go.src": {"return clone(m).(M)", "if m == nil {\nreturn nil\n}\nr := make(M, len(m))\nfor k, v := range m {\nr[k] = v\n}\nreturn r"},
}

// source checks the source of a package, nil if there is none here.
func (l *Lowerer) source(path string) *stdSource {
	if s, ok := l.std[path]; ok {
		return s
	}
	dir := "std/" + strings.ReplaceAll(path, "/", "_")
	entries, err := fs.ReadDir(stdFiles, dir)
	if err != nil {
		return nil
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, e := range entries {
		text, _ := stdFiles.ReadFile(dir + "/" + e.Name())
		s := string(text)
		if m, ok := mended[strings.TrimPrefix(dir, "std/")+"/"+e.Name()]; ok {
			s = strings.ReplaceAll(s, m[0], m[1])
		}
		f, err := parser.ParseFile(fset, e.Name(), s, parser.SkipObjectResolution)
		if err != nil {
			panic(fmt.Sprintf("lower: embedded %s: %v", path, err))
		}
		files = append(files, f)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{}}
	conf := types.Config{Importer: l.importer(), Error: func(error) {}}
	pkg, _ := conf.Check(path, fset, files, info) // what is left out for the compiler's sake is not used
	a := &analyser{analysis: &analysis{map[*types.Var]bool{}, map[*types.Var]bool{}}, info: info}
	for _, f := range files {
		for _, d := range f.Decls {
			a.walk(d)
			if fd, ok := d.(*ast.FuncDecl); ok {
				if o, ok := info.Defs[fd.Name].(*types.Func); ok {
					l.decls[o] = &decl{fd: fd, sig: o.Type().(*types.Signature), info: info, an: a.analysis, std: true}
				}
			}
		}
	}
	l.own[pkg] = true
	s := &stdSource{pkg}
	l.std[path] = s
	return s
}

// stdImporter gives embedded sources the packages that the cells see, so that
// their types are the same; others it imports itself.
type stdImporter struct {
	seen  map[string]*types.Package
	other *exportdata.Importer
}

func (im *stdImporter) Import(path string) (*types.Package, error) {
	if p := im.seen[path]; p != nil && p.Complete() {
		return p, nil
	}
	return im.other.Import(path)
}

func (l *Lowerer) importer() *stdImporter {
	if l.imports == nil {
		l.imports = &stdImporter{map[string]*types.Package{}, exportdata.NewImporter()}
	}
	return l.imports
}

// known remembers a package that a cell imports, and what it imports.
func (l *Lowerer) known(p *types.Package) {
	im := l.importer()
	if im.seen[p.Path()] != nil {
		return
	}
	im.seen[p.Path()] = p
	for _, q := range p.Imports() {
		l.known(q)
	}
}

// stdFunc finds the source of a generic function or method of a compiled
// package.
func (l *Lowerer) stdFunc(f *types.Func) *types.Func {
	if s := l.source(f.Pkg().Path()); s != nil {
		if recv := f.Type().(*types.Signature).Recv(); recv == nil {
			if o, ok := s.pkg.Scope().Lookup(f.Name()).(*types.Func); ok {
				return o
			}
		} else if n := namedOf(recv.Type()); n != nil {
			if src := s.pkg.Scope().Lookup(n.Obj().Name()); src != nil {
				if o, _, _ := types.LookupFieldOrMethod(types.NewPointer(src.Type()), true, s.pkg, f.Name()); o != nil {
					return o.(*types.Func).Origin()
				}
			}
		}
	}
	l.refuse(l.unit.pos, "%s is not available in cells", f.FullName())
	return nil
}

// body is what a named type is made of. A generic struct of a compiled package
// is made of what its source here says.
func (l *Lowerer) body(t *types.Named) types.Type {
	if t.TypeArgs().Len() == 0 || !l.native(t.Obj().Pkg()) {
		return t.Underlying()
	}
	if _, ok := t.Underlying().(*types.Struct); !ok {
		return t.Underlying()
	}
	if s := l.source(t.Obj().Pkg().Path()); s != nil {
		if src, ok := s.pkg.Scope().Lookup(t.Obj().Name()).(*types.TypeName); ok {
			if r, err := types.Instantiate(l.ctx, src.Type(), targsOf(t), false); err == nil {
				return r.Underlying()
			}
		}
	}
	l.refuse(l.unit.pos, "%v is not available in cells", t)
	return nil
}
