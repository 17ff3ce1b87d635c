package cell

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// This file is about definitions of earlier cells that do not compile any more
// with what a cell defines anew.

// broken returns the keys of what was checked again and does not compile, and
// notes why. An error in a type or a signature causes others: as long as there
// are such, functions with errors in their bodies are not among them.
func (c *checker) broken() []string {
	why := map[*unit]*staleness{}
	least := inBody
	for _, u := range slices.Concat(c.again...) {
		found, where := c.whyBroken(u)
		if found == nil || where > least {
			continue
		}
		if where < least {
			clear(why)
			least = where
		}
		why[u] = found
	}
	var keys []string
	for u, found := range why {
		for _, k := range u.keys {
			c.stale[k] = found
			keys = append(keys, k)
		}
	}
	return keys
}

// Where a declaration has an error.
const (
	inType = iota // or in a constant
	inSignature
	inBody
)

// whyBroken says why u, which was checked again, does not compile, and where
// the error is; nil if it compiles.
func (c *checker) whyBroken(u *unit) (why *staleness, where int) {
	f, isFunc := u.node.(*ast.FuncDecl)
	for _, err := range c.errs {
		if err.Pos < u.node.Pos() || err.Pos >= u.node.End() || spurious(err) {
			continue
		}
		switch {
		case !isFunc:
			where = inType
		case f.Body == nil || err.Pos < f.Body.Pos():
			where = inSignature
		default:
			where = inBody
		}
		return c.becauseOf(u, err), where
	}
	if m, ok := c.cell.Info.Defs[u.idents[0]].(*types.Func); ok && m.Signature().Recv() != nil {
		// It became, or was, a method by way of an alias.
		base, _, _ := methodKey(u.keys[0])
		if named := receiverNamed(m); named == nil || named.Obj().Name() != base {
			return c.staleSince(u.keys[0], u.old, fmt.Sprintf("%s: it was a method of %s, but that is not what its receiver's name means now", c.env.fset.Position(m.Pos()), base)), inSignature
		}
	}
	ast.Inspect(u.node, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && why == nil {
			_, why = c.staleUse(id)
		}
		return why == nil
	})
	return why, inBody
}

// becauseOf says that u does not compile because of an error, or because of
// the one that made stale what it mentions.
func (c *checker) becauseOf(u *unit, err types.Error) *staleness {
	if name, ok := strings.CutPrefix(err.Msg, "undefined: "); ok {
		if _, why := c.whyStale(name, nil); why != nil {
			return why
		}
		if c.plan.vars[name] {
			err.Msg = name + " is a variable now"
		}
	}
	msg, _ := c.tellVersions(err)
	return c.staleSince(u.keys[0], u.old, c.env.fset.Position(err.Pos).String()+": "+msg)
}

func (c *checker) staleSince(key string, d *definition, msg string) *staleness {
	return &staleness{root: fmt.Sprintf("%s (%s)", key, d.origin), msg: msg, new: c.definedAnew(d)}
}

// staleByAlias notes the methods whose type's name became an alias.
func (c *checker) staleByAlias() {
	for key := range c.plan.dropped {
		if d := c.env.defs[key]; c.stale[key] == nil && d.stale == nil {
			base, _, _ := methodKey(key)
			c.stale[key] = c.staleSince(key, d, fmt.Sprintf("%s: it was a method of %s, but that is not what its receiver's name means now", c.env.fset.Position(d.node.Pos()), base))
		}
	}
}

// definedAnew says what of the things that d uses this cell defines anew.
func (c *checker) definedAnew(d *definition) string {
	var list []string
	for k := range d.uses {
		if c.plan.vars[k] || c.plan.byKey[k] != nil && !c.plan.kept[c.plan.byKey[k]] {
			list = append(list, k)
		}
	}
	if len(list) == 0 {
		return ""
	}
	slices.Sort(list)
	verb := "was"
	if len(list) > 1 {
		verb = "were"
	}
	return fmt.Sprintf("%s %s defined anew in %s", strings.Join(list, " and "), verb, c.src.name)
}

// of says that the definition of that key does not compile any more.
func (s *staleness) of(key, origin string) string {
	what := fmt.Sprintf("%s (%s)", key, origin)
	if what == s.root {
		return what + " does not compile any more: " + s.msg
	}
	return what + " does not compile any more, since " + s.root + " does not: " + s.msg
}

// staleUse says why the method that an ident mentions does not compile any
// more. Functions that do not are not to be found by their names at all.
func (c *checker) staleUse(id *ast.Ident) (string, *staleness) {
	f, ok := c.cell.Info.Uses[id].(*types.Func)
	if !ok {
		return "", nil
	}
	named := receiverNamed(f)
	if named == nil || named.Obj().Pkg() != c.env.pkg || c.current(named.Obj()) == nil {
		return "", nil
	}
	return c.whyStale(named.Obj().Name()+"."+f.Name(), f.Origin())
}

// whyStale says that a definition does not compile any more, and why; obj, if
// not nil, is what was found under its name.
func (c *checker) whyStale(key string, obj types.Object) (string, *staleness) {
	d := c.env.defs[key]
	if d == nil || c.plan.byKey[key] != nil || obj != nil && d.obj != obj {
		return "", nil
	}
	why := c.stale[key]
	if why == nil && c.plan.recheck[key] == nil {
		why = d.stale
	}
	if why == nil {
		return "", nil
	}
	return why.of(key, d.origin), why
}

// current returns obj if it still is what its name means.
func (c *checker) current(obj *types.TypeName) *types.TypeName {
	if u := c.plan.byKey[obj.Name()]; u != nil && !c.plan.kept[u] || c.plan.recheck[obj.Name()] != nil {
		if c.env.pkg.Scope().Lookup(obj.Name()) == obj || c.cell.Info.Defs[c.identOf(obj)] == obj {
			return obj
		}
		return nil
	}
	if d := c.env.defs[obj.Name()]; d != nil && d.obj == obj {
		return obj
	}
	return nil
}

// identOf returns the ident that declares a type in this check, if one does.
func (c *checker) identOf(obj *types.TypeName) *ast.Ident {
	for _, u := range c.all() {
		for _, id := range u.idents {
			if id.Name == obj.Name() && id.Pos() == obj.Pos() {
				return id
			}
		}
	}
	return nil
}

// staleUses reports mentions of methods that do not compile any more.
func (c *checker) staleUses() []Diagnostic {
	var list []Diagnostic
	for id := range c.cell.Info.Uses {
		if c.env.fset.File(id.Pos()) != c.src.file {
			continue
		}
		if msg, why := c.staleUse(id); why != nil {
			list = append(list, Diagnostic{
				Pos: c.env.fset.Position(id.Pos()), End: c.env.fset.Position(id.End()),
				Msg: msg, Hint: why.new,
			})
		}
	}
	return list
}
