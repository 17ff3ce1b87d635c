// Sizes, alignments and offsets of own types, pointers made of them.
package main

import (
	"fmt"
	"unsafe"
)

type header struct {
	kind  uint8
	flags uint16
	len   uint32
	id    uint64
	name  [3]byte
}
type mixed struct {
	a bool
	s string
	b bool
	x []int
	m map[string]int
	i any
	f func()
}
type empty struct{}
type tail struct {
	n int64
	e empty
}

const size = unsafe.Sizeof(header{})

var buf [size]byte

func main() {
	var h header
	var m mixed
	fmt.Println(size, unsafe.Alignof(h), unsafe.Offsetof(h.flags), unsafe.Offsetof(h.len), unsafe.Offsetof(h.id), unsafe.Offsetof(h.name))
	fmt.Println(unsafe.Sizeof(m), unsafe.Offsetof(m.s), unsafe.Offsetof(m.b), unsafe.Offsetof(m.i), unsafe.Sizeof(empty{}), unsafe.Sizeof(tail{}), len(buf))
	p := (*header)(unsafe.Pointer(&buf))
	p.kind, p.len, p.name[2] = 7, 0x01020304, 'z'
	fmt.Println(buf[0], buf[unsafe.Offsetof(h.name)+2], *(*uint32)(unsafe.Pointer(&buf[4])) == p.len)
	q := (*uint8)(unsafe.Add(unsafe.Pointer(p), unsafe.Offsetof(p.name)))
	*q = 'a'
	fmt.Println(string(p.name[:1]), unsafe.String(&p.name[0], 1), len(unsafe.Slice(&p.name[0], 3)))
	xs := []int32{1, 2, 3}
	second := (*int32)(unsafe.Pointer(uintptr(unsafe.Pointer(&xs[0])) + unsafe.Sizeof(xs[0])))
	*second = 20
	fmt.Println(xs, *unsafe.SliceData(xs), *unsafe.StringData("q"))
	f := 1.5
	bits := *(*uint64)(unsafe.Pointer(&f))
	fmt.Printf("%#x %d\n", bits, unsafe.Sizeof(uintptr(0)))
	fmt.Println(unsafe.Sizeof(struct {
		a int8
		b int64
		c int8
	}{}), unsafe.Sizeof([3]header{}), unsafe.Sizeof(&h), unsafe.Sizeof("s"), unsafe.Sizeof(any(1)))
}
