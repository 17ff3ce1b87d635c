package lower

import "go/types"

// env is the instance under which a generic function's body is written.
type env struct {
	m     map[*types.TypeParam]types.Type
	local map[*types.TypeName]*types.Named // types declared inside the function
	key   string
	args  string // the type arguments, as they stand in the names of local types
}

// subst replaces type parameters by the arguments of the current instance.
func (l *Lowerer) subst(t types.Type) types.Type {
	if t == nil || l.unit.env == nil {
		return t
	}
	return l.sub(t, l.unit.env)
}

func (l *Lowerer) sub(t types.Type, e *env) types.Type {
	switch t := t.(type) {
	case *types.Alias:
		return l.sub(types.Unalias(t), e)
	case *types.TypeParam:
		if r, ok := e.m[t]; ok {
			return r
		}
		return t
	case *types.Pointer:
		if x := l.sub(t.Elem(), e); x != t.Elem() {
			return types.NewPointer(x)
		}
	case *types.Slice:
		if x := l.sub(t.Elem(), e); x != t.Elem() {
			return types.NewSlice(x)
		}
	case *types.Array:
		if x := l.sub(t.Elem(), e); x != t.Elem() {
			return types.NewArray(x, t.Len())
		}
	case *types.Chan:
		if x := l.sub(t.Elem(), e); x != t.Elem() {
			return types.NewChan(t.Dir(), x)
		}
	case *types.Map:
		k, v := l.sub(t.Key(), e), l.sub(t.Elem(), e)
		if k != t.Key() || v != t.Elem() {
			return types.NewMap(k, v)
		}
	case *types.Tuple:
		return l.subTuple(t, e)
	case *types.Signature:
		p, r := l.subTuple(t.Params(), e), l.subTuple(t.Results(), e)
		if p != t.Params() || r != t.Results() {
			return types.NewSignatureType(t.Recv(), nil, nil, p, r, t.Variadic())
		}
	case *types.Struct:
		return l.subStruct(t, e)
	case *types.Interface:
		return l.subInterface(t, e)
	case *types.Named:
		return l.subNamed(t, e)
	}
	return t
}

func (l *Lowerer) subStruct(t *types.Struct, e *env) types.Type {
	var fs []*types.Var
	var tags []string
	changed := false
	for i := 0; i < t.NumFields(); i++ {
		f := t.Field(i)
		if x := l.sub(f.Type(), e); x != f.Type() {
			changed = true
			f = types.NewField(f.Pos(), f.Pkg(), f.Name(), x, f.Embedded())
		}
		fs = append(fs, f)
		tags = append(tags, t.Tag(i))
	}
	if !changed {
		return t
	}
	return types.NewStruct(fs, tags)
}

func (l *Lowerer) subInterface(t *types.Interface, e *env) types.Type {
	var ms []*types.Func
	var es []types.Type
	changed := false
	for i := 0; i < t.NumExplicitMethods(); i++ {
		m := t.ExplicitMethod(i)
		s := m.Type().(*types.Signature)
		if x := l.sub(s, e).(*types.Signature); x != s {
			changed = true
			m = types.NewFunc(m.Pos(), m.Pkg(), m.Name(), x)
		}
		ms = append(ms, m)
	}
	for i := 0; i < t.NumEmbeddeds(); i++ {
		x := l.sub(t.EmbeddedType(i), e)
		changed = changed || x != t.EmbeddedType(i)
		es = append(es, x)
	}
	if !changed {
		return t
	}
	return types.NewInterfaceType(ms, es).Complete()
}

func (l *Lowerer) subNamed(t *types.Named, e *env) types.Type {
	if n := t.TypeArgs().Len(); n > 0 {
		var args []types.Type
		changed := false
		for i := 0; i < n; i++ {
			x := l.sub(t.TypeArgs().At(i), e)
			changed = changed || x != t.TypeArgs().At(i)
			args = append(args, x)
		}
		if !changed {
			return t
		}
		r, err := types.Instantiate(l.ctx, t.Origin(), args, false)
		if err != nil {
			panic(err)
		}
		return r
	}
	// A type declared inside a generic function is one type an instance.
	o := t.Obj()
	if e.key == "" || o.Pkg() == nil || !l.own[o.Pkg()] || o.Parent() == o.Pkg().Scope() || l.types.instance[o] {
		return t
	}
	if r, ok := e.local[o]; ok {
		return r
	}
	nn := types.NewNamed(types.NewTypeName(o.Pos(), o.Pkg(), o.Name()+e.args, nil), nil, nil)
	l.types.instance[nn.Obj()] = true
	e.local[o] = nn
	nn.SetUnderlying(l.sub(t.Underlying(), e))
	return nn
}

func (l *Lowerer) subTuple(t *types.Tuple, e *env) *types.Tuple {
	if t == nil {
		return nil
	}
	var vs []*types.Var
	changed := false
	for i := 0; i < t.Len(); i++ {
		v := t.At(i)
		if x := l.sub(v.Type(), e); x != v.Type() {
			changed = true
			v = types.NewParam(v.Pos(), v.Pkg(), v.Name(), x)
		}
		vs = append(vs, v)
	}
	if !changed {
		return t
	}
	return types.NewTuple(vs...)
}
