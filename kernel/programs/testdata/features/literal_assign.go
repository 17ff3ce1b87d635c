// A literal assigned to a variable leaves pointers to the variable good.
package main

import "fmt"

type P struct{ a, b int }

type T struct {
	n    int
	p    P
	ps   [2]P
	next *T
}

var global = P{1, 1}
var pg = &global

func set(t *T) { *t = T{n: 9, next: t} }

func named() (p P) {
	q := &p
	defer func() { q.a++ }()
	p = P{1, 2}
	return P{p.a + 10, q.b}
}

func main() {
	var t T
	r := &t
	t = T{n: 1, next: r}
	fmt.Println(r.n, t.next == &t, r.next.next == r)
	*r = T{n: r.n + 1, next: r}
	fmt.Println(t.n, t.next == r)
	set(r)
	fmt.Println(t.n, r.next == &t)
	pp, p0 := &t.p, &t.ps[0]
	t.p = P{3, 4}
	t.ps[0] = P{5, 6}
	fmt.Println(*pp, *p0)
	t.ps = [2]P{{7, 8}}
	*pp = P{9, 9}
	fmt.Println(t.p, *p0, t.ps)
	s := []P{{1, 1}}
	e := &s[0]
	s[0] = P{2, 2}
	fmt.Println(*e, s)
	global = P{2, 2}
	fmt.Println(*pg)
	*pg = P{3, 3}
	fmt.Println(global, named())
	x, y := P{1, 2}, P{3, 4}
	px, py := &x, &y
	x, y = P{y.a, 0}, P{x.a, 0}
	fmt.Println(*px, *py)
	func() { x = P{100, 100} }()
	fmt.Println(*px)
	for i := range 3 {
		x = P{i, i}
		if i == 1 {
			px = &x
		}
	}
	fmt.Println(*px, x)
	var any1 any = &x
	x = P{77, 77}
	fmt.Println(*any1.(*P))
	m := map[string]P{"k": {1, 1}}
	m["k"] = P{m["k"].a + 1, 5}
	fmt.Println(m)
	an := struct{ v int }{1}
	pan := &an
	an = struct{ v int }{2}
	fmt.Println(pan.v)
	ch := make(chan P, 1)
	ch <- P{4, 4}
	x = <-ch
	fmt.Println(*px)
	type G[K any] struct{ k K }
	g := G[string]{"a"}
	gp := &g
	g = G[string]{"b"}
	fmt.Println(gp.k)
}
