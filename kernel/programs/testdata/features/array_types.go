// Arrays: indexed literals, [...], arrays of arrays, comparison, as map keys, by pointer.
package main

import "fmt"

const (
	red = iota
	green
	blue
)

type grid [2][3]int

func (g grid) sum() (n int) {
	for _, row := range g {
		for _, v := range row {
			n += v
		}
	}
	g[0][0] = 1000
	return
}

func (g *grid) set(v int) {
	for i := range g {
		for j := range g[i] {
			g[i][j] = v
		}
	}
}

func main() {
	names := [...]string{blue: "b", red: "r", green: "g"}
	sparse := [...]int{5: 1, 2, 1: 7, 8}
	fmt.Println(names, len(sparse), sparse)
	var g grid
	g.set(2)
	h := g
	h[1][2] = 9
	fmt.Println(g, h, g.sum(), g == h, g != grid{}, len(g[0]))
	m := map[[2]string]int{{"a", "b"}: 1, {"c", "d"}: 2}
	m[[2]string{"a", "b"}]++
	fmt.Println(m, m[[...]string{"a", "b"}])
	p := &sparse
	p[0] = 42
	for i, v := range p {
		if v != 0 {
			fmt.Print(i, "=", v, " ")
		}
	}
	fmt.Println(len(p), cap(p), p[5:7], sparse[:1])
	pts := [...]*[2]int{{1, 2}, {3, 4}}
	pts[1][0]++
	fmt.Println(*pts[1], [0]int{}, [1][1][1]int{{{1}}})
	for i, v := range sparse {
		sparse[len(sparse)-1] = 77
		if i == len(sparse)-1 {
			fmt.Println("copy", v)
		}
	}
	fmt.Printf("%T %T\n", names, [...]func(){nil, nil})
}
