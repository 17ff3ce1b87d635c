package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// resolveImports imports what a cell that is no program imports.
func (c *checker) resolveImports() {
	c.cell = &Cell{Name: c.src.name, Text: c.src.text, Fset: c.env.fset, Pkg: c.env.pkg, Info: newInfo()}
	c.imports = map[string]*types.PkgName{}
	for _, d := range c.src.decls {
		if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.IMPORT {
			for _, s := range d.Specs {
				if s, ok := s.(*ast.ImportSpec); ok {
					c.resolveImport(s)
				}
			}
		}
	}
}

func (c *checker) resolveImport(spec *ast.ImportSpec) {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil || path == "" {
		c.report(spec.Path, "invalid import path "+spec.Path.Value, "")
		return
	}
	pkg, err := c.env.importer.Import(path)
	if err != nil {
		c.report(spec.Path, fmt.Sprintf("could not import %s (%v)", path, err), importHint(path))
		return
	}
	name := pkg.Name()
	if spec.Name != nil {
		name = spec.Name.Name
	}
	c.cell.Imports = append(c.cell.Imports, Import{Path: path, Name: name, Spec: spec, Pkg: pkg})
	switch name {
	case "_":
		return
	case ".":
		c.dots = append([]*types.Package{pkg}, c.dots...)
		return
	case "init", "main":
		c.report(spec, fmt.Sprintf("cannot import package as %s - %s must be a func", name, name), "")
		return
	}
	if old := c.imports[name]; old != nil && old.Imported() != pkg {
		c.report(spec, fmt.Sprintf("%s redeclared in this block\n\t%s: other declaration of %s", name, c.env.fset.Position(old.Pos()), name), "")
		return
	}
	obj := types.NewPkgName(spec.Pos(), c.env.pkg, name, pkg)
	if spec.Name != nil {
		c.cell.Info.Defs[spec.Name] = obj
	} else {
		c.cell.Info.Implicits[spec] = obj
	}
	c.imports[name] = obj
}

// programImports notes what a whole program imports.
func (c *checker) programImports() {
	for _, spec := range c.src.prog.Imports {
		obj := c.cell.Info.Implicits[spec]
		if spec.Name != nil {
			obj = c.cell.Info.Defs[spec.Name]
		}
		p, ok := obj.(*types.PkgName)
		if !ok {
			continue
		}
		c.cell.Imports = append(c.cell.Imports, Import{Path: p.Imported().Path(), Name: p.Name(), Spec: spec, Pkg: p.Imported()})
		switch p.Name() {
		case "_":
		case ".":
			c.dots = append(c.dots, p.Imported())
		default:
			c.imports[p.Name()] = p
		}
	}
}

// checkNames reports what is wrong with the names that a cell declares, as far
// as go/types does not see it, since imports and statements are checked apart.
func (c *checker) checkNames() {
	declared := map[string]*ast.Ident{}
	for _, u := range c.units {
		if f, ok := u.node.(*ast.FuncDecl); ok {
			if f.Body == nil {
				c.report(f.Name, "missing function body", "")
			}
			if f.Recv != nil {
				continue
			}
			if f.Name.Name == "init" {
				c.report(f.Name, "func init in a cell that is not a whole program", "write its statements at the top of the cell, they run in order; or begin the cell with package main")
			}
		}
		for _, id := range u.idents {
			if declared[id.Name] == nil {
				declared[id.Name] = id
			}
			if imp := c.imports[id.Name]; imp != nil {
				c.report(id, fmt.Sprintf("%s already declared through import of package %s (%q)\n\t%s: other declaration of %s",
					id.Name, imp.Imported().Name(), imp.Imported().Path(), c.env.fset.Position(imp.Pos()), id.Name), "")
			}
		}
	}
	for _, id := range c.topIdents() {
		if other := declared[id.Name]; other != nil {
			c.report(id, fmt.Sprintf("%s redeclared in this block\n\t%s: other declaration of %s", id.Name, c.env.fset.Position(other.Pos()), id.Name), "")
		}
	}
}
