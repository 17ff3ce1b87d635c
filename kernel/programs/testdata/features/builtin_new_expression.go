// New of types and of values (Go 1.26), complex, real, imag, print to nowhere.
package main

import "fmt"

type T struct {
	A *int
	B *string
	C []int
}

func f() string { return "made" }

func main() {
	p := new(int)
	*p = 3
	q := new(*p + 1)
	s := new("text")
	t := new(T{A: new(7), B: new(f()), C: []int{1}})
	*t.A++
	fmt.Println(*p, *q, *s, *t.A, *t.B, t.C)
	u := new(uint8(200))
	*u += 100
	fl := new(1.5)
	fmt.Println(*u, *fl/2, *new(true), *new('a'), *new([]int{1, 2}), *new(struct{ X int }{5}))
	fmt.Printf("%T %T %T\n", new(1), new("s"), new(2.0))
	c := complex(*fl, float64(*q))
	fmt.Println(c, real(c), imag(c), c*complex(0, 1))
	var c64 complex64 = complex(float32(1), 2)
	fmt.Printf("%T %T %v\n", real(c64), imag(c), c64)
	pp := new(p)
	**pp = 9
	fmt.Println(*p, *pp == p)
	var e error
	pe := new(e)
	fmt.Println(*pe == nil)
}
