// Structs are values: copies, comparison, anonymous, nested, conversion, tags.
package main

import (
	"fmt"
)

type P struct{ X, Y int }
type Q struct {
	X int `json:"x"`
	Y int
}
type N struct {
	P
	arr [2]P
	m   map[string]P
	ptr *P
}

func mod(n N) { n.X = 100; n.arr[0].X = 100; n.m["k"] = P{100, 100}; n.ptr.X = 100 }
func get() P  { return P{5, 6} }
func main() {
	n := N{P{1, 2}, [2]P{{3, 4}}, map[string]P{}, &P{}}
	mod(n)
	fmt.Println(n.X, n.arr, n.m, n.ptr.X, get().Y, P{1, 2} == n.P, Q(n.P))
	a := struct {
		A int
		B string
	}{1, "b"}
	b := a
	b.A++
	type Named struct {
		A int
		B string
	}
	var c Named = a
	fmt.Println(a == b, c, c == Named(b), a)
	list := []P{{1, 2}, {3, 4}}
	for _, p := range list {
		p.X = 99
	}
	for i := range list {
		p := &list[i]
		p.Y = -p.Y
	}
	x := list[0]
	list[0].X = 50
	fmt.Println(list, x)
	f := func(p P) P { p.X++; return p }
	arr := [2]P{f(x), f(f(x))}
	p := &arr[1]
	q := *p
	p.X = 0
	fmt.Println(arr, q, *(&P{7, 8}), P{Y: 1}, struct{}{})
	var iface any = x
	x.X = 1000
	ch := make(chan P, 1)
	ch <- x
	x.Y = 1
	fmt.Println(iface, <-ch, iface.(P).X)
}
