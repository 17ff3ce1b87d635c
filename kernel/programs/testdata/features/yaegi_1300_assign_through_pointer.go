// *t = T{…} (yaegi #1300, #580, #969).
package main

import (
	"fmt"
)

type T struct {
	buf  []byte
	arr  [2]int
	next *T
}

func f(t *T) { *t = T{buf: make([]byte, 0, 512)} }
func main() {
	s := T{arr: [2]int{1, 2}}
	p := &s
	old := s
	f(&s)
	s.arr[1] = 9
	*p = T{next: p, arr: p.arr}
	fmt.Println(cap(old.buf), old.arr, s.arr, s.next == p, p.next.next.arr[1])
	x := []*T{{arr: [2]int{7, 7}}, {}}
	*x[1] = *x[0]
	x[0].arr[0] = 0
	fmt.Println(x[1].arr, x[0].arr)
}
