// Pointers to everything.
package main

import (
	"fmt"
)

type T struct {
	a int
	b [2]string
	c *T
}

func main() {
	x := 1
	p := &x
	pp := &p
	**pp = 5
	t := T{b: [2]string{"x", "y"}}
	pb := &t.b[1]
	*pb = "z"
	t.c = &t
	t.c.c.c.a = 7
	s := []int{1, 2}
	ps := &s[1]
	s = append(s, 3)
	*ps = 100
	fmt.Println(x, *p == x, t.b, t.a, s, *ps, p == *pp)
	q := new(map[string]int)
	*q = map[string]int{"a": 1}
	(*q)["b"] = 2
	f := &struct{ n, m int }{1, 2}
	g := *f
	g.n = 10
	fn := func(p *int) *int { *p *= 2; return p }
	y := *fn(fn(&x))
	var np *int
	fmt.Println(len(*q), f.n, g.n, y, np == nil, *new(string) == "", &T{} == &T{}, (&[3]int{1, 2, 3})[1:])
	arr := [3]int{1, 2, 3}
	for i := range arr {
		e := &arr[i]
		*e *= *e
	}
	ip := &arr
	ip[0]--
	fmt.Println(arr, len(ip), cap(ip))
}
