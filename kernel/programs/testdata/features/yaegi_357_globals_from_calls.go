// Package variables made by make, new, calls and literals, before and after use (yaegi #357, #551, #754, #1007).
package main

import (
	"fmt"
	"strings"
)

type T struct {
	f func(t *T1) string
	y *xxx
}
type T1 struct {
	T
	u map[string]*U
}
type xxx struct{ n int }
type U struct{ a int }

var (
	m         = make(map[string]*T1)
	x1    *T1 = x
	x         = &T1{T: T{f: call}, u: map[string]*U{"k": {1}}}
	ch        = make(chan *T1, len(words))
	words     = strings.Fields("a b c")
	np        = new([3]*xxx)
	table     = [...]struct {
		name string
		t    *T1
	}{{"x", x1}, {"nil", nil}}
	fn = func(s string) *T1 { return m[s] }
)

func call(t *T1) string { return fmt.Sprint("called ", len(t.u), t.u["k"].a) }

func main() {
	m["x"] = x1
	fmt.Println(x == x1, x1.f(x), len(m), cap(ch), np[1] == nil, table[0].t.f(fn("x")), table[1].t == nil)
	ch <- x
	(<-ch).u["k"].a++
	np[1] = &xxx{7}
	x.y = np[1]
	np[1].n *= 6
	fmt.Println(x1.y.n, fn("x").u["k"].a, fn("none") == nil)
}
