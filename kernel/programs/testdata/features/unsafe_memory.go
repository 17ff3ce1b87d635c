// Unsafe.Pointer, Sizeof, Slice, String.
package main

import (
	"fmt"
	"math"
	"unsafe"
)

type H struct {
	a byte
	b uint32
	c uint16
}

func main() {
	x := uint32(0x01020304)
	b := *(*[4]byte)(unsafe.Pointer(&x))
	h := H{1, 2, 3}
	fmt.Println(b, unsafe.Sizeof(h), unsafe.Offsetof(h.c), unsafe.Alignof(h), unsafe.Sizeof(""), unsafe.Sizeof([]int{}), unsafe.Sizeof(x))
	p := (*uint16)(unsafe.Add(unsafe.Pointer(&h), unsafe.Offsetof(h.c)))
	*p = 77
	arr := []int32{1, 2, 3}
	q := (*int32)(unsafe.Pointer(uintptr(unsafe.Pointer(&arr[0])) + 4))
	*q = 20
	s := unsafe.Slice(&arr[0], 2)
	bs := unsafe.Slice(unsafe.StringData("hello"), 3)
	f := 1.5
	u := *(*uint64)(unsafe.Pointer(&f))
	fmt.Println(h.c, arr, s, string(bs), u == math.Float64bits(f), unsafe.String(&[]byte("abc")[0], 2))
	type I int
	i := I(5)
	*(*int)(unsafe.Pointer(&i)) = 6
	fmt.Println(i)
}
