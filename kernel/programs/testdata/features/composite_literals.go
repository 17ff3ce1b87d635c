// Composite literals nested in every way, with elided types and addresses.
package main

import "fmt"

type Point struct{ X, Y int }
type Line struct {
	A, B Point
	Via  []*Point
	Tag  map[string]Point
}
type Matrix [2][2]float64
type Tree struct {
	V    int
	Kids []Tree
}

func (t Tree) Sum() int {
	s := t.V
	for _, k := range t.Kids {
		s += k.Sum()
	}
	return s
}

func main() {
	l := Line{A: Point{1, 2}, B: Point{Y: 3}, Via: []*Point{{4, 5}, nil, {X: 6}}, Tag: map[string]Point{"a": {7, 8}}}
	fmt.Println(l.A, l.B, *l.Via[0], l.Via[1], *l.Via[2], l.Tag)
	fmt.Println(Matrix{{1, 2}, {3}}, [...]Point{2: {1, 1}}, map[Point]string{{1, 2}: "p"}[Point{1, 2}])
	t := Tree{1, []Tree{{2, nil}, {3, []Tree{{V: 4}, {}}}}}
	fmt.Println(t.Sum(), t)
	pp := []**Point{}
	p := &Point{9, 9}
	pp = append(pp, &p)
	(**pp[0]).X = 0
	fmt.Println(*p, len(pp))
	vowels := [128]bool{'a': true, 'e': true, 'o': true}
	n := 0
	for _, c := range []byte("hello gopher") {
		if vowels[c] {
			n++
		}
	}
	fmt.Println(n)
	for _, p := range []struct {
		name string
		args []any
	}{{"one", []any{1, "x"}}, {name: "two"}, {"three", []any{Point{1, 2}, []int{3}}}} {
		fmt.Println(p.name, len(p.args), p.args)
	}
	mm := map[string]map[string][]int{"a": {"b": {1, 2}, "c": nil}, "d": {}}
	mm["d"]["e"] = append(mm["a"]["c"], 5)
	fmt.Println(mm)
	if (Point{1, 2}) == (Point{X: 1, Y: 2}) {
		fmt.Println("equal", Point{3, 4}.X, (&Point{5, 6}).Y, []int{7, 8}[1], map[int]int{1: 2}[1], [2]int{1, 2} == [...]int{1, 2})
	}
	fs := []func(int) int{func(n int) int { return n + 1 }, func(n int) int { return n * n }}
	fmt.Println(fs[0](4), fs[1](4), func() []int { return []int{1} }()[0])
	ifs := []fmt.Stringer{nil, fmt.Stringer(nil)}
	fmt.Println(ifs, &[]*Point{}, &map[string]int{"a": 1}, &[2]int{1}, &struct{ A, B any }{1, nil})
}
