// Package rtype makes Go types at run time that package reflect cannot: named
// types with methods, structs with unexported and embedded fields, and types
// that refer to themselves.
//
// Call Declare for a named type, use its Type and pointer at once, and give
// its body with Define. Check says whether this binary's runtime has the
// layout that the package was written for; it is called by the tests and once
// by the interpreter. Types are never freed.
//
// The layouts are those of internal/abi of Go 1.26; the way a type with
// methods is made known to the runtime is the one that reflect.StructOf uses.
package rtype

import (
	"fmt"
	"reflect"
	"sort"
	"sync"
	"sync/atomic"
	"unsafe"
)

// header mirrors abi.Type.
type header struct {
	size, ptrBytes       uintptr
	hash                 uint32
	tflag, align, falign uint8
	kind                 uint8
	equal                func(unsafe.Pointer, unsafe.Pointer) bool
	gcData               *byte
	str, ptrToThis       int32
}

const (
	tflagUncommon  = 1 << 0
	tflagExtraStar = 1 << 1
	tflagNamed     = 1 << 2
)

type uncommon struct {
	pkgPath        int32
	mcount, xcount uint16
	moff           uint32
	_              uint32
}

type method struct{ name, typ, ifn, tfn int32 }

type field struct {
	name   *byte
	typ    *header
	offset uintptr
}

type structType struct {
	header
	pkgPath *byte
	fields  []field
}

type funcType struct {
	header
	in, out uint16
}

//go:linkname addReflectOff reflect.addReflectOff
func addReflectOff(ptr unsafe.Pointer) int32

// mu guards keep, and serialises changes of types.
var (
	mu     sync.Mutex
	keep   []any // what only type words refer to
	serial atomic.Uint32
)

func raw(t reflect.Type) *header { return (*header)((*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1]) }

func toType(h *header) reflect.Type {
	var x any
	(*[2]unsafe.Pointer)(unsafe.Pointer(&x))[0] = unsafe.Pointer(h)
	return reflect.TypeOf(x)
}

// Retype gives the value in x the type t, which must have the same layout as
// x's own type. The memory is shared.
func Retype(x any, t reflect.Type) any {
	(*[2]unsafe.Pointer)(unsafe.Pointer(&x))[0] = unsafe.Pointer(raw(t))
	return x
}

// Word is the type word of x, equal for values of the same type only.
func Word(x any) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&x))[0] }

// WordOf is the type word of values of type t.
func WordOf(t reflect.Type) unsafe.Pointer { return unsafe.Pointer(raw(t)) }

// OfWord is the type with that type word.
func OfWord(word unsafe.Pointer) reflect.Type { return toType((*header)(word)) }

// Direct reports whether an interface holds values of type t themselves, not
// their address.
func Direct(t reflect.Type) bool { return raw(t).tflag&tflagDirectIface != 0 }

// Body is what follows the header, common to all kinds, of t's structure.
func Body(t reflect.Type) unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(raw(t)), unsafe.Sizeof(header{}))
}

// name encodes an abi.Name.
func name(s, tag string, exported, embedded bool) *byte {
	bits := byte(0)
	if exported {
		bits |= 1
	}
	if tag != "" {
		bits |= 2
	}
	if embedded {
		bits |= 8
	}
	b := append([]byte{bits}, varint(len(s))...)
	b = append(b, s...)
	if tag != "" {
		b = append(append(b, varint(len(tag))...), tag...)
	}
	keep = append(keep, &b[0])
	return &b[0]
}

func varint(n int) (b []byte) {
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}

func nameOff(s string, exported bool) int32 {
	return addReflectOff(unsafe.Pointer(name(s, "", exported, false)))
}

func nextHash() uint32 { return serial.Add(1)*2654435761 | 1 }

// block is zeroed memory of n bytes that the collector scans.
func block(n uintptr) unsafe.Pointer {
	b := make([]unsafe.Pointer, (n+7)/8)
	keep = append(keep, &b[0])
	return unsafe.Pointer(&b[0])
}

// bodySize is the size of the type structure of each kind, without uncommon.
func bodySize(k reflect.Kind) uintptr {
	switch k {
	case reflect.Struct:
		return unsafe.Sizeof(structType{})
	case reflect.Pointer, reflect.Slice:
		return unsafe.Sizeof(header{}) + 8
	case reflect.Chan:
		return unsafe.Sizeof(header{}) + 16
	case reflect.Array:
		return unsafe.Sizeof(header{}) + 24
	case reflect.Func:
		return unsafe.Sizeof(funcType{})
	case reflect.Map:
		return unsafe.Sizeof(header{}) + 3*8 + 8 + 3*8 + 8
	case reflect.Interface:
		return unsafe.Sizeof(header{}) + 8 + 24
	}
	return unsafe.Sizeof(header{})
}

// Method is a method of a type under construction.
type Method struct {
	Name string
	Type reflect.Type  // without the receiver
	Func reflect.Value // the receiver is its first parameter
	// Code is made of Func by SetMethods. Types whose receivers, parameters and
	// results are laid out alike can share it.
	Code *Code
}

// Code is the machine code behind a method.
type Code struct {
	made     bool // under mu, as the others
	tfn, ifn unsafe.Pointer
}

// Named is a defined type under construction.
type Named struct {
	typ, ptr reflect.Type
	kind     reflect.Kind
}

// maxMethods bounds the methods of one type: room for them is kept, since
// they may come later.
const maxMethods = 128

// Declare makes a defined type whose values are laid out as those of like.
// Type, its pointer, and types made of them can be used at once; what is
// printed of values follows Define.
func Declare(pkgPath, text string, like reflect.Type) *Named {
	mu.Lock()
	defer mu.Unlock()
	src := raw(like)
	k := like.Kind()
	nparam := 0
	if k == reflect.Func {
		nparam = like.NumIn() + like.NumOut()
	}
	body := bodySize(k)
	un := unsafe.Sizeof(uncommon{})
	total := body + un + uintptr(nparam)*8 + maxMethods/4*unsafe.Sizeof(method{})
	p := block(total)
	h := (*header)(p)
	copyWords(p, unsafe.Pointer(src), body)
	if k == reflect.Func {
		from := unsafe.Add(unsafe.Pointer(src), body)
		if src.tflag&tflagUncommon != 0 {
			from = unsafe.Add(from, un)
		}
		copyWords(unsafe.Add(p, body+un), from, uintptr(nparam)*8)
	}
	h.hash = nextHash()
	h.tflag = src.tflag&^(tflagExtraStar) | tflagUncommon | tflagNamed
	h.str = nameOff(text, true)
	u := (*uncommon)(unsafe.Add(p, body))
	*u = uncommon{moff: uint32(un) + uint32(nparam)*8}
	if pkgPath != "" {
		u.pkgPath = nameOff(pkgPath, false)
	}
	n := &Named{typ: toType(h), kind: k}
	n.ptr = pointerTo(h, text)
	return n
}

func copyWords(dst, src unsafe.Pointer, n uintptr) {
	copy(unsafe.Slice((*unsafe.Pointer)(dst), n/8), unsafe.Slice((*unsafe.Pointer)(src), n/8))
}

// pointerTo makes the pointer type of h, with room for methods.
func pointerTo(h *header, text string) reflect.Type {
	proto := raw(reflect.TypeFor[*struct{ _ int }]())
	body := bodySize(reflect.Pointer)
	p := block(body + unsafe.Sizeof(uncommon{}) + maxMethods*unsafe.Sizeof(method{}))
	copyWords(p, unsafe.Pointer(proto), body)
	q := (*header)(p)
	q.hash = nextHash()
	q.tflag = proto.tflag&^(tflagExtraStar|tflagNamed) | tflagUncommon
	q.str = nameOff("*"+text, true)
	q.ptrToThis = 0
	*(**header)(unsafe.Add(p, unsafe.Sizeof(header{}))) = h
	*(*uncommon)(unsafe.Add(p, body)) = uncommon{moff: uint32(unsafe.Sizeof(uncommon{}))}
	h.ptrToThis = addReflectOff(p)
	return toType(q)
}

// Literal makes the type one without a name, but for what is printed of it.
func (n *Named) Literal() { raw(n.typ).tflag &^= tflagNamed }

// Type is the defined type; Pointer is the type of pointers to it.
func (n *Named) Type() reflect.Type    { return n.typ }
func (n *Named) Pointer() reflect.Type { return n.ptr }

// Define gives the type the fields or elements of under, which has the same
// kind and layout, so that reflection sees the names and types meant.
func (n *Named) Define(under reflect.Type) {
	mu.Lock()
	defer mu.Unlock()
	src, dst := raw(under), raw(n.typ)
	hs := unsafe.Sizeof(header{})
	body := bodySize(n.kind)
	copyWords(unsafe.Add(unsafe.Pointer(dst), hs), unsafe.Add(unsafe.Pointer(src), hs), (body-hs)/8*8)
	dst.equal = src.equal
	if n.kind == reflect.Func {
		from := unsafe.Add(unsafe.Pointer(src), body)
		if src.tflag&tflagUncommon != 0 {
			from = unsafe.Add(from, unsafe.Sizeof(uncommon{}))
		}
		copyWords(unsafe.Add(unsafe.Pointer(dst), body+unsafe.Sizeof(uncommon{})), from, uintptr(under.NumIn()+under.NumOut())*8)
		(*funcType)(unsafe.Pointer(dst)).in = (*funcType)(unsafe.Pointer(src)).in
		(*funcType)(unsafe.Pointer(dst)).out = (*funcType)(unsafe.Pointer(src)).out
	}
}

// SetMethods gives the type and its pointer their exported methods. It must
// come before a value of the type is first converted to an interface that has
// methods.
func (n *Named) SetMethods(value, pointer []Method) error {
	mu.Lock()
	defer mu.Unlock()
	if err := setMethods(n.typ, value, maxMethods/4); err != nil {
		return err
	}
	return setMethods(n.ptr, pointer, maxMethods)
}

func setMethods(t reflect.Type, ms []Method, room int) error {
	if len(ms) > room {
		return fmt.Errorf("type %v has %d methods, more than the %d that a cell's type may have", t, len(ms), room)
	}
	ms = append([]Method(nil), ms...)
	for i := range ms {
		if ms[i].Code == nil {
			ms[i].Code = &Code{}
		}
	}
	sort.Slice(ms, func(i, j int) bool { return ms[i].Name < ms[j].Name })
	h := raw(t)
	u := (*uncommon)(unsafe.Add(unsafe.Pointer(h), bodySize(t.Kind())))
	table := unsafe.Slice((*method)(unsafe.Add(unsafe.Pointer(u), u.moff)), room)
	for i, m := range ms {
		direct := h.tflag&tflagDirectIface != 0
		if !m.Code.made {
			var err error
			if m.Code.tfn, err = stub(m.Func); err != nil {
				return err
			}
			m.Code.ifn = m.Code.tfn
			if !direct {
				if m.Code.ifn, err = stub(byPointer(t, m.Func)); err != nil {
					return err
				}
			}
			m.Code.made = true
		}
		tfn, ifn := m.Code.tfn, m.Code.ifn
		table[i] = method{nameOff(m.Name, true), addReflectOff(unsafe.Pointer(raw(m.Type))), addReflectOff(ifn), addReflectOff(tfn)}
		keep = append(keep, m.Type)
	}
	u.mcount, u.xcount = uint16(len(ms)), uint16(len(ms))
	return nil
}

const tflagDirectIface = 1 << 5

// byPointer makes of a function with receiver T the one that an interface
// table needs, whose receiver comes as a pointer.
func byPointer(t reflect.Type, f reflect.Value) reflect.Value {
	ft := f.Type()
	in := []reflect.Type{reflect.TypeFor[unsafe.Pointer]()}
	for i := 1; i < ft.NumIn(); i++ {
		in = append(in, ft.In(i))
	}
	var out []reflect.Type
	for i := 0; i < ft.NumOut(); i++ {
		out = append(out, ft.Out(i))
	}
	return reflect.MakeFunc(reflect.FuncOf(in, out, ft.IsVariadic()), func(args []reflect.Value) []reflect.Value {
		args[0] = reflect.NewAt(t, args[0].UnsafePointer()).Elem()
		if ft.IsVariadic() {
			return f.CallSlice(args)
		}
		return f.Call(args)
	})
}

// Field is a field of a struct under construction.
type Field struct {
	Name     string
	Type     reflect.Type
	Tag      string
	Embedded bool
}

// Struct makes the struct type with the fields given, laid out as like, which
// has as many fields. Blank fields do not take part in comparison.
func Struct(pkgPath string, fields []Field, like reflect.Type, text string) reflect.Type {
	mu.Lock()
	defer mu.Unlock()
	p := block(unsafe.Sizeof(structType{}))
	src := (*structType)(unsafe.Pointer(raw(like)))
	copyWords(p, unsafe.Pointer(src), unsafe.Sizeof(structType{}))
	s := (*structType)(p)
	s.hash = nextHash()
	s.tflag &^= tflagExtraStar | tflagNamed | tflagUncommon
	s.str = nameOff(text, false)
	s.ptrToThis = 0
	if pkgPath != "" {
		s.pkgPath = name(pkgPath, "", false, false)
	}
	fs := make([]field, len(fields))
	blank := false
	for i, f := range fields {
		exported := f.Name[0] >= 'A' && f.Name[0] <= 'Z' || f.Name[0] >= 0x80 && exportedRune(f.Name)
		fs[i] = field{name(f.Name, f.Tag, exported, f.Embedded), raw(f.Type), src.fields[i].offset}
		blank = blank || f.Name == "_"
	}
	s.fields = fs
	keep = append(keep, &fs)
	if blank && src.equal != nil {
		s.equal = equalNamed(fs)
		s.tflag &^= 1 << 3 // regular memory
	}
	return toType(&s.header)
}

func equalNamed(fs []field) func(p, q unsafe.Pointer) bool {
	var used []field
	for _, f := range fs {
		if b := unsafe.Slice(f.name, 3); !(b[1] == 1 && b[2] == '_') {
			used = append(used, f)
		}
	}
	return func(p, q unsafe.Pointer) bool {
		for _, f := range used {
			if !f.typ.equal(unsafe.Add(p, f.offset), unsafe.Add(q, f.offset)) {
				return false
			}
		}
		return true
	}
}

func exportedRune(s string) bool { return isUpper([]rune(s)[0]) }

// SetElem makes the composite type t refer to elem in its nth slot: element
// for 0, a map's key for 0 and element for 1, parameters then results of a
// func, fields of a struct. It closes a type that refers to itself.
func SetElem(t reflect.Type, n int, elem reflect.Type) {
	mu.Lock()
	defer mu.Unlock()
	h := unsafe.Pointer(raw(t))
	hs := unsafe.Sizeof(header{})
	switch t.Kind() {
	case reflect.Struct:
		(*structType)(h).fields[n].typ = raw(elem)
		return
	case reflect.Func:
		hs = bodySize(reflect.Func)
		if raw(t).tflag&tflagUncommon != 0 {
			hs += unsafe.Sizeof(uncommon{})
		}
	}
	*(**header)(unsafe.Add(h, hs+uintptr(n)*8)) = raw(elem)
}
