// Zero values of everything.
package main

import (
	"fmt"
)

type T struct {
	a int
	b string
	c []int
	d map[string]int
	e *T
	f func()
	g any
	h error
	i [2]bool
	j chan int
	k struct{ x float64 }
}

func main() {
	var t T
	var e error
	var x any
	var f func(int) (string, error)
	var a [2][]string
	fmt.Println(t.a, t.b == "", t.c == nil, t.d == nil, t.e == nil, t.f == nil, t.g == nil, t.h == nil, t.i, t.j == nil, t.k, e, x, f == nil, a, len(a[1]))
	fmt.Println(len(t.d), t.d["x"], cap(t.c), t.e == (*T)(nil), *new(int), new(T).k.x)
	for range t.c {
	}
	for range t.d {
	}
	t.c = append(t.c, 1)
	fmt.Printf("%v %+v %q %t %v\n", t.c, t.k, t.b, t.i[0], new(T) != nil)
}
