// Values are copied: arrays, structs, what interfaces hold, range, arguments.
package main

import "fmt"

type Inner struct{ a [3]int }
type Outer struct {
	in  Inner
	p   *Inner
	arr [2]Inner
	m   map[string]Inner
	fn  func() int
}

func (o Outer) change()   { o.in.a[0] = 100; o.arr[1].a[2] = 5 }
func (o *Outer) changeP() { o.in.a[0] = 100; o.arr[1].a[2] = 5 }

func modify(a [3]int) [3]int { a[0] = 9; return a }
func pair() (Inner, [2]Inner) {
	i := Inner{[3]int{1, 2, 3}}
	return i, [2]Inner{i, i}
}

type Node struct {
	v    int
	next *Node
	kids [2]*Node
}

var global = Inner{[3]int{7, 7, 7}}

func getGlobal() Inner   { return global }
func ptrGlobal() *Inner  { return &global }
func ret() (x [2]int)    { defer func() { x[0]++ }(); x[1] = 4; return x }
func vari(xs ...[2]int)  { xs[0][0] = 99 }
func ptrs(xs ...*[2]int) { xs[0][0] = 99 }

func main() {
	a := [3]int{1, 2, 3}
	b := a
	b[0] = 50
	c := &a
	c[1] = 60
	d := *c
	d[2] = 70
	fmt.Println(a, b, *c, d, modify(a), a)
	o := Outer{in: Inner{a}, p: &Inner{a}, m: map[string]Inner{"k": {a}}}
	o2 := o
	o2.in.a[0] = -1
	o2.p.a[0] = -2
	o2.arr[0].a[0] = -3
	fmt.Println(o.in, *o.p, o.arr, o2.in, o2.arr)
	o.change()
	fmt.Println(o.in, o.arr)
	o.changeP()
	fmt.Println(o.in, o.arr, o2.in)
	x := o.m["k"]
	x.a[0] = 1000
	fmt.Println(o.m["k"], x)
	var i any = o.in
	o.in.a[1] = 77
	j := i
	fmt.Println(i, j, o.in, i.(Inner).a[1])
	for k, v := range a {
		a[2] = 500
		v++
		fmt.Print(k, v, " ")
	}
	for k, v := range &a {
		a[2] = 600
		fmt.Print(k, v, " ")
	}
	s := a[:]
	for k, v := range s {
		s[2] = 700
		if k == 0 {
			s = append(s, 1)
			s[1] = 0
		}
		fmt.Print(k, v, " ")
	}
	fmt.Println(a, s)
	arrs := [2][2]int{{1, 2}, {3, 4}}
	for _, row := range arrs {
		row[0] = 9
	}
	for r := range arrs {
		row := &arrs[r]
		row[1] *= 10
	}
	row := arrs[0]
	row[0] = 55
	fmt.Println(arrs, row)
	structs := []Inner{{}, {}}
	for _, st := range structs {
		st.a[0] = 1
	}
	for k := range structs {
		structs[k].a[1] = k + 1
	}
	first := structs[0]
	first.a[2] = 8
	fmt.Println(structs, first)
	in, two := pair()
	in.a[0] = 4
	two[0].a[0] = 5
	fmt.Println(in, two)
	g := getGlobal()
	g.a[0] = 0
	pg := ptrGlobal()
	pg.a[1] = 1
	h := global
	global.a[2] = 2
	fmt.Println(g, *pg, h, global)
	ch := make(chan [3]int, 2)
	ch <- a
	a[0] = -1
	fmt.Println(<-ch, a)
	f := func() [3]int { return a }
	y := f()
	y[0] = 33
	fmt.Println(a, y, ret())
	v := [2]int{1, 1}
	vari(v)
	fmt.Println(v)
	ptrs(&v)
	fmt.Println(v)
	n := Node{1, nil, [2]*Node{}}
	m := n
	m.kids[0] = &n
	m.next = &m
	fmt.Println(n.kids[0] == nil, m.kids[0].v, m.next.next.v)
	z := struct {
		Inner
		n int
	}{Inner{a}, 3}
	w := z
	w.a[0] = 12345
	w.n++
	fmt.Println(z, w)
	p, q := &z, z
	p.n = 10
	*p = w
	w.n = 77
	fmt.Println(z, q, *p)
	e := [...]any{a, z, &z}
	a[1]++
	z.n++
	fmt.Println(e[0], e[1], e[2].(*struct {
		Inner
		n int
	}).n)
	a, b = b, a
	fmt.Println(a, b)
	arrs[0], arrs[1] = arrs[1], arrs[0]
	fmt.Println(arrs)
	structs[0], structs[1] = structs[1], structs[0]
	fmt.Println(structs)
	mm := map[string][2]int{"a": {1, 2}}
	t := mm["a"]
	t[0] = 5
	mm["b"] = t
	t[1] = 6
	fmt.Println(mm, t)
	sp := [][]int{{1}, {2}}
	for _, r := range sp {
		r[0] *= 3
	}
	cp := append([][]int(nil), sp...)
	cp[0][0] = 1
	cp[1] = nil
	fmt.Println(sp, cp)
	var fnp func() *int
	{
		loc := 5
		fnp = func() *int { return &loc }
	}
	*fnp()++
	fmt.Println(*fnp())
	st1 := Inner{}
	st2 := &st1
	st3 := *st2
	st2.a[0] = 1
	(*st2).a[1] = 2
	fmt.Println(st1, st3, st1 == *st2, st1 == st3)
}
