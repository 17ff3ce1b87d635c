package lower

import (
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"unsafe"

	"sockbook/kernel/cell"
	"sockbook/kernel/lower/rt"
	"sockbook/kernel/lower/rtype"
	"sockbook/runtime/sock"
)

// typeTable interns types and keeps their three run-time forms: static, what
// lowered code holds; dynamic, what an interface holds; compiled, what
// compiled code declares.
type typeTable struct {
	list     []types.Type
	bucket   map[string][]int
	statics  map[int]reflect.Type
	dyns     map[int]reflect.Type
	parts    map[int]reflect.Type // dynamic forms inside other types, of functions
	named    map[int]*rtype.Named
	descs    map[int]*rt.Type
	recs     map[int]bool
	building map[int]bool
	patches  []func()
	depth    int
	instance map[*types.TypeName]bool // local types of a generic function's instance
	todo     []int                    // types whose methods are not made yet

	ifaces    []ifaceDecl // interface types of cells
	described int         // of how many of them rt knows the methods
	reflects  bool        // a cell has imported package reflect
	uniq      int
}

func (t *typeTable) init() {
	t.bucket, t.statics, t.dyns, t.named = map[string][]int{}, map[int]reflect.Type{}, map[int]reflect.Type{}, map[int]*rtype.Named{}
	t.descs, t.recs, t.building = map[int]*rt.Type{}, map[int]bool{}, map[int]bool{}
	t.parts = map[int]reflect.Type{}
	t.instance = map[*types.TypeName]bool{}
}

// put enters what a cell has made of a type, until the cell turns out not to
// compile.
func put[T any](l *Lowerer, table map[int]T, id int, x T) {
	if _, ok := table[id]; !ok {
		l.undo = append(l.undo, func() { delete(table, id) })
	}
	table[id] = x
}

// stop forgets what is half done, when a cell is refused.
func (t *typeTable) stop() {
	t.todo, t.patches, t.depth, t.building = nil, nil, 0, map[int]bool{}
}

func (t *typeTable) unfinished() bool { return len(t.todo) > 0 }

// tid interns a type by identity.
func (l *Lowerer) tid(t types.Type) int {
	t = types.Unalias(t)
	k := l.text(t)
	for _, id := range l.types.bucket[k] {
		if types.Identical(l.types.list[id], t) {
			return id
		}
	}
	id := len(l.types.list)
	l.types.list = append(l.types.list, t)
	l.types.bucket[k] = append(l.types.bucket[k], id)
	return id
}

var basics = map[types.BasicKind]reflect.Type{types.Bool: reflect.TypeFor[bool](), types.Int: reflect.TypeFor[int](), types.Int8: reflect.TypeFor[int8](), types.Int16: reflect.TypeFor[int16](),
	types.Int32: reflect.TypeFor[int32](), types.Int64: reflect.TypeFor[int64](), types.Uint: reflect.TypeFor[uint](), types.Uint8: reflect.TypeFor[uint8](), types.Uint16: reflect.TypeFor[uint16](),
	types.Uint32: reflect.TypeFor[uint32](), types.Uint64: reflect.TypeFor[uint64](), types.Uintptr: reflect.TypeFor[uintptr](), types.Float32: reflect.TypeFor[float32](), types.Float64: reflect.TypeFor[float64](),
	types.Complex64: reflect.TypeFor[complex64](), types.Complex128: reflect.TypeFor[complex128](), types.String: reflect.TypeFor[string](), types.UnsafePointer: reflect.TypeFor[unsafe.Pointer]()}

var (
	anyR = reflect.TypeFor[any]()
	errR = reflect.TypeFor[error]()
)

func basicR(t *types.Basic) reflect.Type {
	if t.Kind() == types.UntypedNil {
		return anyR
	}
	return basics[types.Default(t).(*types.Basic).Kind()]
}

func zeroPointer(t reflect.Type) reflect.Value { return reflect.Zero(reflect.PointerTo(t)) }

// recursive reports whether t, not a struct, mentions itself other than
// through a struct.
func (l *Lowerer) recursive(t *types.Named) bool {
	id := l.tid(t)
	if r, ok := l.types.recs[id]; ok {
		return r
	}
	l.types.recs[id] = false
	r := l.mentions(t.Underlying(), t, map[*types.Named]bool{})
	l.types.recs[id] = r
	return r
}

func (l *Lowerer) mentions(x types.Type, t *types.Named, seen map[*types.Named]bool) bool {
	switch x := types.Unalias(x).(type) {
	case *types.Named:
		if types.Identical(x, t) {
			return true
		}
		if seen[x] || types.IsInterface(x) || l.isNative(x) {
			return false
		}
		if _, ok := x.Underlying().(*types.Struct); ok {
			return false
		}
		seen[x] = true
		return l.mentions(x.Underlying(), t, seen)
	case *types.Pointer:
		return l.mentions(x.Elem(), t, seen)
	case *types.Slice:
		return l.mentions(x.Elem(), t, seen)
	case *types.Array:
		return l.mentions(x.Elem(), t, seen)
	case *types.Chan:
		return l.mentions(x.Elem(), t, seen)
	case *types.Map:
		return l.mentions(x.Key(), t, seen) || l.mentions(x.Elem(), t, seen)
	case *types.Signature:
		for _, tu := range []*types.Tuple{x.Params(), x.Results()} {
			for i := 0; i < tu.Len(); i++ {
				if l.mentions(tu.At(i).Type(), t, seen) {
					return true
				}
			}
		}
	}
	return false
}

// unique is a type of its own, a stand-in for one that is being built.
func (l *Lowerer) unique() reflect.Type {
	l.types.uniq++
	return reflect.StructOf([]reflect.StructField{{Name: "Dummy", Type: basics[types.Int], Tag: reflect.StructTag(fmt.Sprintf(`u:"%d"`, l.types.uniq))}})
}

// pending reports whether t mentions a type being built.
func (l *Lowerer) pending(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if types.IsInterface(t) || l.isNative(t) {
			return false
		}
		if _, ok := t.Underlying().(*types.Struct); ok || l.recursive(t) {
			return l.types.building[l.tid(t)]
		}
		return l.pending(t.Underlying())
	case *types.Struct:
		if l.types.building[l.tid(t)] {
			return true
		}
		for i := 0; i < t.NumFields(); i++ {
			if l.pending(t.Field(i).Type()) {
				return true
			}
		}
	case *types.Pointer:
		return l.pending(t.Elem())
	case *types.Slice:
		return l.pending(t.Elem())
	case *types.Array:
		return l.pending(t.Elem())
	case *types.Chan:
		return l.pending(t.Elem())
	case *types.Map:
		return l.pending(t.Key()) || l.pending(t.Elem())
	case *types.Signature:
		for _, tu := range []*types.Tuple{t.Params(), t.Results()} {
			for i := 0; i < tu.Len(); i++ {
				if l.pending(tu.At(i).Type()) {
					return true
				}
			}
		}
	}
	return false
}

// shape is a stand-in of the same size and pointers.
func (l *Lowerer) shape(t types.Type) reflect.Type {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return reflect.SliceOf(l.unique())
	case *types.Array:
		return reflect.ArrayOf(int(u.Len()), l.shape(u.Elem()))
	case *types.Struct:
		var fs []reflect.StructField
		for i := 0; i < u.NumFields(); i++ {
			ft := u.Field(i).Type()
			f := reflect.StructField{Name: fieldName(u, i)}
			if l.pending(ft) {
				f.Type = l.shape(ft)
			} else {
				f.Type = l.static1(ft)
			}
			fs = append(fs, f)
		}
		return reflect.StructOf(fs)
	}
	return reflect.PointerTo(l.unique())
}

// static is the type of t's values in lowered code.
func (l *Lowerer) static(t types.Type) reflect.Type {
	l.types.depth++
	r := l.static1(t)
	l.types.depth--
	if l.types.depth == 0 {
		for len(l.types.patches) > 0 {
			p := l.types.patches[0]
			l.types.patches = l.types.patches[1:]
			l.types.depth++
			p()
			l.types.depth--
		}
	}
	return r
}

func (l *Lowerer) static1(t types.Type) reflect.Type {
	t = types.Unalias(t)
	switch u := t.(type) {
	case *types.Basic:
		return basicR(u)
	case *types.Interface:
		return anyR
	}
	id := l.tid(t)
	if r, ok := l.types.statics[id]; ok {
		return r
	}
	r := l.makeStatic(t, id)
	put(l, l.types.statics, id, r)
	return r
}

func (l *Lowerer) makeStatic(t types.Type, id int) reflect.Type {
	switch t := t.(type) {
	case *types.Named:
		switch _, isStruct := t.Underlying().(*types.Struct); {
		case types.IsInterface(t):
			return anyR
		case l.isNative(t):
			c := l.compiled(t)
			if !isStruct {
				if u := l.static1(t.Underlying()); u.Kind() == reflect.Func && u != l.compiled(t.Underlying()) {
					return u
				}
			}
			return c
		case !isStruct && l.recursive(t):
			return l.recursiveType(id, t)
		}
		if s, ok := l.body(t).(*types.Struct); ok {
			return l.structType(id, s)
		}
		return l.static1(t.Underlying())
	case *types.Struct:
		return l.structType(id, t)
	case *types.Pointer:
		return reflect.PointerTo(l.static1(t.Elem()))
	case *types.Slice:
		return reflect.SliceOf(l.static1(t.Elem()))
	case *types.Array:
		return reflect.ArrayOf(l.arrayLen(t), l.static1(t.Elem()))
	case *types.Map:
		return reflect.MapOf(l.static1(t.Key()), l.static1(t.Elem()))
	case *types.Chan:
		return reflect.ChanOf(reflect.BothDir, l.static1(t.Elem()))
	case *types.Signature:
		var in, out []reflect.Type
		for i := 0; i < t.Params().Len(); i++ {
			in = append(in, l.static1(t.Params().At(i).Type()))
		}
		for i := 0; i < t.Results().Len(); i++ {
			out = append(out, l.static1(t.Results().At(i).Type()))
		}
		return reflect.FuncOf(in, out, false)
	}
	panic(fmt.Sprintf("lower: static form of %v", t))
}

func (l *Lowerer) arrayLen(t *types.Array) int {
	if t.Len() > 1<<28 {
		l.refuse(l.unit.pos, "an array of %d elements is more than a cell can have", t.Len())
	}
	return int(t.Len())
}

// structType makes the static form of a struct: every field exported, and
// fields of types still being built patched in afterwards.
func (l *Lowerer) structType(id int, u *types.Struct) reflect.Type {
	if u.NumFields() == 0 {
		if _, ok := l.types.list[id].(*types.Named); ok {
			// The interpreter cannot assert to struct{}.
			return reflect.TypeFor[struct{ Pad [0]uint8 }]()
		}
		return reflect.TypeFor[struct{}]()
	}
	l.types.building[id] = true
	var fs []reflect.StructField
	var late []int
	for i := 0; i < u.NumFields(); i++ {
		f := reflect.StructField{Name: fieldName(u, i), Tag: reflect.StructTag(u.Tag(i))}
		if ft := u.Field(i).Type(); l.pending(ft) {
			f.Type = l.shape(ft)
			late = append(late, i)
		} else {
			f.Type = l.static1(ft)
		}
		fs = append(fs, f)
	}
	r := reflect.StructOf(fs)
	delete(l.types.building, id)
	put(l, l.types.statics, id, r)
	for _, i := range late {
		l.types.patches = append(l.types.patches, func() { rtype.SetElem(r, i, l.static(u.Field(i).Type())) })
	}
	return r
}

// recursiveType makes the static form of a type like type F func() F.
func (l *Lowerer) recursiveType(id int, t *types.Named) reflect.Type {
	l.types.building[id] = true
	var r reflect.Type
	slot := func(n int, x types.Type) reflect.Type {
		if !l.pending(x) {
			return l.static1(x)
		}
		l.types.patches = append(l.types.patches, func() { rtype.SetElem(r, n, l.static(x)) })
		return l.shape(x)
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		r = reflect.SliceOf(slot(0, u.Elem()))
	case *types.Pointer:
		r = reflect.PointerTo(slot(0, u.Elem()))
	case *types.Chan:
		r = reflect.ChanOf(reflect.BothDir, slot(0, u.Elem()))
	case *types.Map:
		r = reflect.MapOf(slot(0, u.Key()), slot(1, u.Elem()))
	case *types.Array:
		r = reflect.ArrayOf(l.arrayLen(u), slot(0, u.Elem()))
	case *types.Signature:
		var in, out []reflect.Type
		n := 0
		for i := 0; i < u.Params().Len(); i++ {
			in = append(in, slot(n, u.Params().At(i).Type()))
			n++
		}
		for i := 0; i < u.Results().Len(); i++ {
			out = append(out, slot(n, u.Results().At(i).Type()))
			n++
		}
		r = reflect.FuncOf(in, out, false)
	default:
		panic(fmt.Sprintf("lower: recursive %v", t))
	}
	delete(l.types.building, id)
	put(l, l.types.statics, id, r)
	return r
}

// dyn is the type of t's values in an interface.
func (l *Lowerer) dyn(t types.Type) reflect.Type {
	t = types.Unalias(t)
	if b, ok := t.(*types.Basic); ok {
		return basicR(b)
	}
	id := l.tid(t)
	if r, ok := l.types.dyns[id]; ok {
		return r
	}
	r := l.makeDyn(t, id)
	put(l, l.types.dyns, id, r)
	return r
}

func (l *Lowerer) makeDyn(t types.Type, id int) reflect.Type {
	switch t := t.(type) {
	case *types.Named:
		if types.IsInterface(t) {
			return l.declareIface(t, t.Obj().Pkg())
		}
		if l.isNative(t) {
			return l.compiled(t)
		}
		return l.declareNamed(t, id)
	case *types.Interface:
		if t.NumMethods() == 0 {
			return anyR
		}
		return l.declareIface(t, nil)
	case *types.Pointer:
		return reflect.PointerTo(l.part(t.Elem()))
	case *types.Slice:
		return reflect.SliceOf(l.part(t.Elem()))
	case *types.Array:
		return reflect.ArrayOf(l.arrayLen(t), l.part(t.Elem()))
	case *types.Map:
		return reflect.MapOf(l.part(t.Key()), l.part(t.Elem()))
	case *types.Chan:
		return reflect.ChanOf(chanDir(t), l.part(t.Elem()))
	case *types.Signature:
		return l.compiled(t) // functions are adapted on their way
	case *types.Struct:
		if types.NewMethodSet(types.NewPointer(t)).Len() > 0 {
			return l.declareStruct(t, id)
		}
		return l.dynStruct(t)
	}
	panic(fmt.Sprintf("lower: dynamic form of %v", t))
}

// part is the dynamic form of t inside another type. A function there keeps its
// static form, under the name that Go has for it, since memory that both sides
// see cannot be converted on its way.
func (l *Lowerer) part(t types.Type) reflect.Type {
	t = types.Unalias(t)
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		return l.dyn(t)
	}
	id := l.tid(t)
	if r, ok := l.types.parts[id]; ok {
		return r
	}
	if l.static(t) == l.compiled(t) || l.static(sig) == l.compiled(sig) {
		return l.dyn(t)
	}
	if n, ok := t.(*types.Named); ok {
		path := ""
		if n.Obj().Pkg() != nil {
			path = n.Obj().Pkg().Path()
		}
		d := rtype.Declare(path, l.text(t), l.static(t))
		put(l, l.types.parts, id, d.Type())
		d.Define(l.partFunc(sig))
		return d.Type()
	}
	r := l.partFunc(sig)
	put(l, l.types.parts, id, r)
	return r
}

func (l *Lowerer) partFunc(t *types.Signature) reflect.Type {
	var in, out []reflect.Type
	for i := 0; i < t.Params().Len(); i++ {
		in = append(in, l.part(t.Params().At(i).Type()))
	}
	for i := 0; i < t.Results().Len(); i++ {
		out = append(out, l.part(t.Results().At(i).Type()))
	}
	return reflect.FuncOf(in, out, t.Variadic())
}

func chanDir(t *types.Chan) reflect.ChanDir {
	switch t.Dir() {
	case types.SendOnly:
		return reflect.SendDir
	case types.RecvOnly:
		return reflect.RecvDir
	}
	return reflect.BothDir
}

// declareIface makes what reflection sees of an interface type: in memory it is
// any.
func (l *Lowerer) declareIface(t types.Type, p *types.Package) reflect.Type {
	path := ""
	if p != nil {
		path = p.Path()
	}
	d := rtype.Declare(path, l.text(t), anyR)
	var real reflect.Type
	if n, ok := t.(*types.Named); !ok {
		d.Literal()
	} else if l.isNative(n) && (p == nil || n.Obj().Exported()) {
		real = l.compiled(n)
	}
	l.world.AddInterface(d.Type(), t.Underlying().(*types.Interface), real)
	if real == nil {
		l.types.ifaces = append(l.types.ifaces, ifaceDecl{d.Type(), t.Underlying().(*types.Interface)})
	}
	return d.Type()
}

// An ifaceDecl is an interface type of a cell.
type ifaceDecl struct {
	dyn reflect.Type
	it  *types.Interface
}

// describeIfaces tells rt of the methods of interface types, which only cells
// that know package reflect ask for.
func (l *Lowerer) describeIfaces(c *cell.Cell) {
	for _, im := range c.Imports {
		l.types.reflects = l.types.reflects || im.Pkg.Path() == "reflect"
	}
	if !l.types.reflects {
		return
	}
	before := l.types.described
	l.undo = append(l.undo, func() { l.types.described = before })
	for ; l.types.described < len(l.types.ifaces); l.types.described++ {
		d := l.types.ifaces[l.types.described]
		var list []reflect.Method
		for i := range d.it.NumMethods() {
			m := d.it.Method(i)
			r := reflect.Method{Name: m.Name(), Index: i, Type: l.methodType(plain(m.Signature()))}
			if !m.Exported() {
				r.PkgPath = m.Pkg().Path()
			}
			list = append(list, r)
		}
		l.world.SetInterfaceMethods(d.dyn, list)
	}
}

// methodType is the type as compiled code declares it, nil if a cell cannot
// have it.
func (l *Lowerer) methodType(sig *types.Signature) (t reflect.Type) {
	depth := l.types.depth
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(*Refused); !ok {
				panic(r)
			}
			l.types.depth, l.types.building = depth, map[int]bool{}
		}
	}()
	return l.compiled(sig)
}

// declareNamed makes the dynamic form of a cell's named type.
func (l *Lowerer) declareNamed(t *types.Named, id int) reflect.Type {
	n := rtype.Declare(t.Obj().Pkg().Path(), l.text(t), l.static(t))
	put(l, l.types.dyns, id, n.Type())
	put(l, l.types.named, id, n)
	n.Define(l.dyn(l.body(t)))
	l.types.todo = append(l.types.todo, id)
	return n.Type()
}

// declareStruct makes the dynamic form of a struct type without a name whose
// embedded fields give it methods.
func (l *Lowerer) declareStruct(t *types.Struct, id int) reflect.Type {
	n := rtype.Declare("", l.text(t), l.static(t))
	n.Literal()
	put(l, l.types.dyns, id, n.Type())
	put(l, l.types.named, id, n)
	n.Define(l.dynStruct(t))
	l.types.todo = append(l.types.todo, id)
	return n.Type()
}

// dynStruct is a struct with the names and types that Go gives its fields.
func (l *Lowerer) dynStruct(t *types.Struct) reflect.Type {
	like := l.static(t)
	if t.NumFields() == 0 {
		return like
	}
	var fs []rtype.Field
	same := true
	path := ""
	for i := 0; i < t.NumFields(); i++ {
		f := t.Field(i)
		d := l.part(f.Type())
		same = same && f.Exported() && !f.Embedded() && d == like.Field(i).Type
		fs = append(fs, rtype.Field{Name: f.Name(), Type: d, Tag: t.Tag(i), Embedded: f.Embedded()})
		if !f.Exported() && f.Pkg() != nil {
			path = f.Pkg().Path()
		}
	}
	if same {
		return like
	}
	return rtype.Struct(path, fs, like, l.text(t))
}

// compiled is the type as compiled code declares it; what only cells can name
// is in dynamic form.
func (l *Lowerer) compiled(t types.Type) reflect.Type {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return basicR(t)
	case *types.Named:
		if t.Obj().Pkg() == nil {
			return errR // or comparable, which is no variable's type
		}
		if l.isNative(t) {
			return l.compiledNamed(t)
		}
		return l.dyn(t)
	case *types.Interface:
		return anyR
	case *types.Pointer:
		return reflect.PointerTo(l.compiled(t.Elem()))
	case *types.Slice:
		return reflect.SliceOf(l.compiled(t.Elem()))
	case *types.Array:
		return reflect.ArrayOf(l.arrayLen(t), l.compiled(t.Elem()))
	case *types.Map:
		return reflect.MapOf(l.compiled(t.Key()), l.compiled(t.Elem()))
	case *types.Chan:
		return reflect.ChanOf(chanDir(t), l.compiled(t.Elem()))
	case *types.Signature:
		var in, out []reflect.Type
		for i := 0; i < t.Params().Len(); i++ {
			in = append(in, l.compiled(t.Params().At(i).Type()))
		}
		for i := 0; i < t.Results().Len(); i++ {
			out = append(out, l.compiled(t.Results().At(i).Type()))
		}
		return reflect.FuncOf(in, out, t.Variadic())
	}
	return l.dyn(t)
}

// compiledNamed finds a compiled package's type: in its table, or if it is not
// exported, as the type of something that is.
func (l *Lowerer) compiledNamed(t *types.Named) reflect.Type {
	o := t.Obj()
	if v := sock.Symbol(o.Pkg().Path(), o.Name()); v.IsValid() && token.IsExported(o.Name()) {
		return v.Type().Elem()
	}
	id := l.tid(t)
	if r, ok := l.types.dyns[id]; ok {
		return r
	}
	for _, name := range o.Pkg().Scope().Names() {
		v := sock.Symbol(o.Pkg().Path(), name)
		if !v.IsValid() {
			continue
		}
		if r := findType(v.Type(), o.Pkg().Path(), o.Name(), 0); r != nil {
			put(l, l.types.dyns, id, r)
			return r
		}
	}
	l.refuse(l.unit.pos, "type %v is not available in cells", t)
	return nil
}

func findType(t reflect.Type, path, name string, depth int) reflect.Type {
	if t.Name() == name && t.PkgPath() == path {
		return t
	}
	if depth > 3 {
		return nil
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		return findType(t.Elem(), path, name, depth+1)
	case reflect.Func:
		for i := range t.NumOut() {
			if r := findType(t.Out(i), path, name, depth+1); r != nil {
				return r
			}
		}
	case reflect.Struct:
		for i := range t.NumField() {
			if r := findType(t.Field(i).Type, path, name, depth+1); r != nil {
				return r
			}
		}
	}
	return nil
}

func (l *Lowerer) compiledValue(o types.Object) reflect.Value {
	v := sock.Symbol(o.Pkg().Path(), o.Name())
	if !v.IsValid() {
		l.refuse(l.unit.pos, "%s.%s is not available in cells", o.Pkg().Name(), o.Name())
	}
	return v
}

// desc is the run-time description of t.
func (l *Lowerer) desc(t types.Type) *rt.Type {
	t = types.Unalias(t)
	if b, ok := t.(*types.Basic); ok {
		t = types.Default(b)
	}
	id := l.tid(t)
	if d := l.types.descs[id]; d != nil {
		return d
	}
	t = l.types.list[id]
	d := &rt.Type{ID: id, Go: t, Text: l.text(t)}
	put(l, l.types.descs, id, d)
	_, d.Named = t.(*types.Named)
	d.Iface, _ = t.Underlying().(*types.Interface)
	d.Static = l.static(t)
	dyn := d.Static
	if d.Iface == nil {
		dyn = l.dyn(t)
	}
	l.world.Add(d, dyn, l.methods(t, d))
	return d
}

// dname names the description in the text.
func (l *Lowerer) dname(t types.Type) string {
	d := l.desc(t)
	return l.symbol(fmt.Sprintf("D%d", d.ID), reflect.ValueOf(d))
}

// methods describes the method set of a type of cells, and has the functions
// behind it written.
func (l *Lowerer) methods(t types.Type, d *rt.Type) (list []*rt.Method) {
	if d.Iface != nil || !l.hasOwnMethods(t) {
		return nil
	}
	set := types.NewMethodSet(t)
	for i := range set.Len() {
		list = append(list, l.method(t, set.At(i)))
	}
	return list
}

// hasOwnMethods reports whether methods of t are written in cells, or reach t
// through a struct of a cell.
func (l *Lowerer) hasOwnMethods(t types.Type) bool {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	switch t := t.(type) {
	case *types.Named:
		return !l.isNative(t)
	case *types.Struct:
		return true
	}
	return false
}

func (l *Lowerer) method(t types.Type, s *types.Selection) *rt.Method {
	f := s.Obj().(*types.Func)
	sig := plain(s.Type().(*types.Signature))
	idx := s.Index()
	m := &rt.Method{ID: f.Id(), Name: f.Name(), Path: idx[:len(idx)-1], Static: l.static(sig)}
	if f.Exported() {
		m.True = l.compiled(sig)
	}
	at := t
	for _, i := range m.Path {
		if p, ok := isPtr(at); ok {
			at = p
		}
		at = at.Underlying().(*types.Struct).Field(i).Type()
	}
	if isIface(at) {
		m.Iface = true
		return m
	}
	_, want := types.Unalias(f.Type().(*types.Signature).Recv().Type()).(*types.Pointer)
	_, have := types.Unalias(at).(*types.Pointer)
	switch {
	case want && !have:
		m.Adjust = 1
	case !want && have:
		m.Adjust = -1
	}
	n := namedOf(at)
	if !l.native(f.Pkg()) {
		m.Fn = l.fn(f, targsOf(n))
		m.Owner = l.text(n)
		var recv types.Type = n
		if want {
			recv = types.NewPointer(n)
		}
		l.register(m.Fn, recv, sig)
	}
	return m
}

// register has the text tell the World of an interpreted method.
func (l *Lowerer) register(name string, recv types.Type, sig *types.Signature) {
	if _, ok := l.names["reg "+name]; ok {
		return
	}
	l.setName("reg "+name, name)
	l.unit.reg = append(l.unit.reg, fmt.Sprintf("rt.Reg(%q, %s)\n", name, l.holdFunc(name, withReceiver(recv, sig))))
}

// withReceiver is the signature of the function behind a method.
func withReceiver(recv types.Type, sig *types.Signature) *types.Signature {
	params := []*types.Var{types.NewParam(token.NoPos, nil, "", recv)}
	for i := 0; i < sig.Params().Len(); i++ {
		params = append(params, sig.Params().At(i))
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), false)
}

// finishTypes gives the types declared meanwhile their methods.
func (l *Lowerer) finishTypes() {
	for len(l.types.todo) > 0 {
		id := l.types.todo[0]
		l.types.todo = l.types.todo[1:]
		t := l.types.list[id]
		l.setMethods(t, l.types.named[id])
	}
}

func (l *Lowerer) setMethods(t types.Type, n *rtype.Named) {
	table := func(t types.Type) (list []rtype.Method) {
		d := l.desc(t)
		set := types.NewMethodSet(t)
		for i := range set.Len() {
			if s := set.At(i); s.Obj().Exported() {
				list = append(list, l.world.Compiled(d, l.dyn(t), l.method(t, s)))
			}
		}
		return list
	}
	if err := n.SetMethods(table(t), table(types.NewPointer(t))); err != nil {
		l.refuse(l.unit.pos, "%v", err)
	}
}
