package cell

import (
	"fmt"
	"go/ast"
	"go/types"
)

// This file finds generic functions whose instances would need instances
// without end. go/types does so too, but not for a body that is checked apart
// from the declaration of its function.

// An instanceEdge says that a type parameter is given a type that mentions
// another one.
type instanceEdge struct {
	from, to *types.TypeParam
	grows    bool // the type is more than the parameter itself
	at       *ast.Ident
	arg      types.Type
}

// checkInstances reports a cycle of type parameters in which a type grows.
func (c *checker) checkInstances() {
	if len(c.errs) > 0 {
		return
	}
	edges := c.instanceEdges()
	out := map[*types.TypeParam][]instanceEdge{}
	for _, e := range edges {
		out[e.from] = append(out[e.from], e)
	}
	for _, e := range edges {
		if e.grows && reaches(out, e.to, e.from) {
			c.note(types.Error{Fset: c.env.fset, Pos: e.to.Obj().Pos(), Msg: fmt.Sprintf("instantiation cycle:\n\t%s: %s instantiated as %s",
				c.env.fset.Position(e.at.Pos()), e.to, types.TypeString(e.arg, types.RelativeTo(c.env.pkg)))})
			return
		}
	}
}

func reaches(out map[*types.TypeParam][]instanceEdge, from, to *types.TypeParam) bool {
	seen := map[*types.TypeParam]bool{}
	for stack := []*types.TypeParam{from}; len(stack) > 0; {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if p == to {
			return true
		}
		if seen[p] {
			continue
		}
		seen[p] = true
		for _, e := range out[p] {
			stack = append(stack, e.to)
		}
	}
	return false
}

func (c *checker) instanceEdges() []instanceEdge {
	info := c.cell.Info
	canon := c.canonicalParams()
	param := func(p *types.TypeParam) *types.TypeParam {
		if q := canon[p]; q != nil {
			return q
		}
		return p
	}
	var edges []instanceEdge
	for _, u := range c.all() {
		ast.Inspect(u.node, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			inst, ok := info.Instances[id]
			if !ok {
				return true
			}
			targets := paramsOf(info.Uses[id])
			for i := range min(targets.Len(), inst.TypeArgs.Len()) {
				arg := inst.TypeArgs.At(i)
				for _, p := range typeParamsIn(arg) {
					edges = append(edges, instanceEdge{from: param(p), to: param(targets.At(i)), grows: types.Unalias(arg) != types.Type(p), at: id, arg: arg})
				}
			}
			return true
		})
	}
	return edges
}

// canonicalParams maps the type parameters that a body mentions to those of
// the function, and those of receivers to those of the type.
func (c *checker) canonicalParams() map[*types.TypeParam]*types.TypeParam {
	canon := map[*types.TypeParam]*types.TypeParam{}
	join := func(from, to *types.TypeParamList) {
		for i := range min(from.Len(), to.Len()) {
			if from.At(i) != to.At(i) {
				canon[from.At(i)] = to.At(i)
			}
		}
	}
	for _, u := range c.all() {
		f, ok := c.cell.Info.Defs[u.idents[0]].(*types.Func)
		if !ok {
			continue
		}
		sig := f.Signature()
		if named := receiverNamed(f); named != nil {
			join(sig.RecvTypeParams(), named.TypeParams())
		}
		if u.body == nil {
			continue
		}
		if b, ok := c.cell.Info.Defs[u.body.Name].(*types.Func); ok {
			join(b.Signature().TypeParams(), sig.TypeParams())
			if named := receiverNamed(f); named != nil {
				join(b.Signature().RecvTypeParams(), named.TypeParams())
			}
		}
	}
	return canon
}

// paramsOf returns the type parameters of a generic function or type.
func paramsOf(obj types.Object) *types.TypeParamList {
	switch obj := obj.(type) {
	case *types.Func:
		return obj.Origin().Signature().TypeParams()
	case *types.TypeName:
		switch t := obj.Type().(type) {
		case *types.Named:
			return t.Origin().TypeParams()
		case *types.Alias:
			return t.Origin().TypeParams()
		}
	}
	return nil
}

// typeParamsIn lists the type parameters that a type mentions.
func typeParamsIn(t types.Type) []*types.TypeParam {
	var list []*types.TypeParam
	WalkType(t, func(t types.Type) {
		if p, ok := t.(*types.TypeParam); ok {
			list = append(list, p)
		}
	})
	return list
}

// WalkType calls visit once for t and for each of the types that it is written
// with. It does not look into what a defined type is defined as, but it does
// into what an alias stands for.
func WalkType(t types.Type, visit func(types.Type)) {
	seen := map[types.Type]bool{}
	var walk func(types.Type)
	walk = func(t types.Type) {
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		visit(t)
		switch t := t.(type) {
		case *types.Alias:
			walk(types.Unalias(t))
		case *types.Named:
			for arg := range t.TypeArgs().Types() {
				walk(arg)
			}
		case *types.Pointer:
			walk(t.Elem())
		case *types.Slice:
			walk(t.Elem())
		case *types.Array:
			walk(t.Elem())
		case *types.Chan:
			walk(t.Elem())
		case *types.Map:
			walk(t.Key())
			walk(t.Elem())
		case *types.Struct:
			for f := range t.Fields() {
				walk(f.Type())
			}
		case *types.Tuple:
			for v := range t.Variables() {
				walk(v.Type())
			}
		case *types.Signature:
			walk(t.Params())
			walk(t.Results())
		case *types.Interface:
			for m := range t.ExplicitMethods() {
				walk(m.Type())
			}
			for e := range t.EmbeddedTypes() {
				walk(e)
			}
		}
	}
	walk(t)
}
