// Pointers to variables, fields, elements and literals see each other's changes.
package main

import "fmt"

type pair struct{ a, b int }

func inc(p *int) *int { *p++; return p }

func escape() (*int, func() int) {
	x := 1
	return &x, func() int { x *= 2; return x }
}

func swap[T any](a, b *T) { *a, *b = *b, *a }

func main() {
	p := pair{1, 2}
	pa, pp := &p.a, &p
	*inc(inc(pa)) += 10
	pp.b = *pa
	fmt.Println(p)
	arr := [3]pair{}
	q := &arr[1].b
	*q = 7
	arr2 := arr
	*q = 8
	fmt.Println(arr, arr2)
	sl := arr[:]
	e := &sl[2]
	e.a = 3
	sl = append(sl, pair{})
	e.b = 4
	sl[2].a = 100
	fmt.Println(arr[2], sl[2], *e)
	x, f := escape()
	fmt.Println(f(), f(), *x)
	*x = 5
	fmt.Println(f(), *x)
	lit := &[]int{1, 2, 3}
	(*lit)[1] = 9
	fmt.Println(*lit, len(*lit))
	var np **pair
	np = &pp
	(*np).a, (**np).b = 1, 1
	fmt.Println(p, *np == &p)
	a, b := "a", "b"
	swap(&a, &b)
	swap(&sl[0], &sl[2])
	fmt.Println(a, b, sl[0], sl[2])
	m := map[string]*pair{"k": {1, 2}}
	m["k"].a++
	m["l"] = &pair{}
	*m["l"] = *m["k"]
	m["k"].b = 0
	fmt.Println(*m["k"], *m["l"])
	z1, z2 := new(struct{}), &struct{}{}
	_, _ = z1, z2
	n := new(int)
	*n, n = 3, nil
	fmt.Println(n == nil)
}
