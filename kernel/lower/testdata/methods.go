package main

import (
	"fmt"
	"math"
	"strings"
)

type Point struct{ X, Y float64 }

func (p Point) Dist(q Point) float64    { return math.Hypot(p.X-q.X, p.Y-q.Y) }
func (p *Point) Scale(k float64) *Point { p.X *= k; p.Y *= k; return p }

type Named struct {
	*Point
	Name string
}
type Inner struct{ v int }

func (i Inner) Get() int   { return i.v }
func (i *Inner) Set(v int) { i.v = v }

type Mid struct{ Inner }
type Outer struct {
	Mid
	v string
}
type Fn func(int) int

func (f Fn) Twice(x int) int { return f(f(x)) }

type Grid [3][3]rune

func (g *Grid) Put(x, y int, r rune) { g[y][x] = r }
func (g Grid) String() string {
	var b strings.Builder
	for _, row := range g {
		for _, c := range row {
			if c == 0 {
				c = '.'
			}
			b.WriteRune(c)
		}
		b.WriteByte('/')
	}
	return b.String()
}

type IntList []int

func (l *IntList) Push(x int) { *l = append(*l, x) }
func (l IntList) Len() int    { return len(l) }
func main() {
	p := Point{3, 4}
	fmt.Println(p.Dist(Point{}), p.Scale(2).Scale(0.5).X)
	n := Named{&p, "n"}
	n.Scale(10)
	fmt.Println(p, n.Dist(Point{}), n.X)
	f := p.Dist
	p.X = 100
	fmt.Println(f(Point{}))
	g := (*Point).Scale
	g(&p, 0)
	fmt.Println(p)
	h := Point.Dist
	fmt.Println(h(Point{1, 0}, Point{}))
	var o Outer
	o.Set(5)
	fmt.Println(o.Get(), o.v == "", o.Mid.Inner.v)
	s := o.Set
	s(9)
	fmt.Println(o.Get())
	fmt.Println(Fn(func(x int) int { return x * 3 }).Twice(2))
	var gr Grid
	gr.Put(1, 1, 'x')
	fmt.Println(gr, &gr)
	var l IntList
	l.Push(1)
	l.Push(2)
	fmt.Println(l, l.Len(), len(l))
	ps := []Point{{1, 1}, {2, 2}}
	for i := range ps {
		ps[i].Scale(2)
	}
	fmt.Println(ps)
	m := map[string]*Point{"a": {1, 2}}
	m["a"].Scale(3)
	fmt.Println(*m["a"])
	fmt.Printf("%v %+v %#v %T\n", n.Name, o, ps[0], l)
	var np *Named
	defer func() { fmt.Println(recover()) }()
	fmt.Println(np.X)
}
