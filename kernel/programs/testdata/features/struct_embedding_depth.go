// Selectors: depth decides, ambiguity is no error until it is used, pointers are followed.
package main

import "fmt"

type L3 struct{ Deep, Same int }
type L2a struct {
	*L3
	Side string
}
type L2b struct{ Side string }
type L1 struct {
	L2a
	*L2b
	Same int
}

func (l L3) Who() string    { return fmt.Sprint("L3 ", l.Deep) }
func (l *L2b) Only() string { return "L2b " + l.Side }
func (l *L1) Who() string   { return "L1 over " + l.L2a.Who() }

type Who interface{ Who() string }

func main() {
	x := L1{L2a{&L3{1, 2}, "a"}, &L2b{"b"}, 3}
	fmt.Println(x.Deep, x.Same, x.L3.Same, x.L2a.Side, x.L2b.Side)
	x.Deep += 10
	x.L2a.L3.Same--
	fmt.Println(x.Who(), x.L2a.Who(), x.L3.Who(), x.Only())
	for _, w := range []Who{&x, x.L2a, x.L3, &x.L2a} {
		fmt.Println(w.Who())
	}
	y := x
	y.Deep = 99
	y.Same = 0
	fmt.Println(x.Deep, x.Same)
	f := x.Only
	x.L2b = &L2b{"new"}
	fmt.Println(f(), x.Only())
	pp := &x
	ppp := &pp
	(*ppp).Same = 5
	fmt.Println((**ppp).Same, (*pp).Deep, pp.L2a.Deep)
	type anon struct {
		fmt.Stringer
		error
		int
		string
	}
	z := anon{int: 1, string: "s"}
	fmt.Println(z.int, z.string, z.Stringer == nil, z.error == nil)
}
