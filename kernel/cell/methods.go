package cell

import (
	"fmt"
	"go/types"
)

// attachMethods gives types of earlier cells the methods that were declared
// for them in the last step.
func (c *checker) attachMethods() {
	for _, u := range c.all() {
		base, name, ok := methodKey(u.keys0())
		if !ok || !c.earlierType(base) {
			continue
		}
		m, ok := c.cell.Info.Defs[u.idents[0]].(*types.Func)
		if !ok {
			continue
		}
		named := receiverNamed(m)
		if named == nil || named.Obj().Pkg() != c.env.pkg {
			continue // go/types says what is wrong
		}
		if old := method(named, name); old != nil {
			if c.env.defs[u.keys[0]] == nil || sameMethod(u, c.units) {
				c.report(u.idents[0], fmt.Sprintf("method %s already declared at %s", u.keys[0], c.env.fset.Position(old.Pos())), "")
			}
			c.cell.Info.Defs[u.idents[0]] = old
			continue
		}
		if field := fieldOf(named, name); field != nil {
			c.report(u.idents[0], fmt.Sprintf("field and method with the same name %s\n\t%s: other declaration of %s", name, c.env.fset.Position(field.Pos()), name), "")
			continue
		}
		c.env.attach(named, m)
	}
}

// sameMethod says whether an earlier unit of the cell declares the same method.
func sameMethod(u *unit, units []*unit) bool {
	for _, other := range units {
		if other == u {
			return false
		}
		if other.keys0() == u.keys[0] {
			return true
		}
	}
	return false
}

func method(t *types.Named, name string) *types.Func {
	for m := range t.Methods() {
		if m.Name() == name {
			return m
		}
	}
	return nil
}

func fieldOf(t *types.Named, name string) *types.Var {
	if s, ok := t.Underlying().(*types.Struct); ok {
		for f := range s.Fields() {
			if f.Name() == name {
				return f
			}
		}
	}
	return nil
}
