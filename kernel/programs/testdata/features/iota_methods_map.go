// Maps keyed by named types, methods on map and slice types.
package main

import (
	"fmt"
)

type Graph map[string][]string

func (g Graph) Add(a, b string) Graph { g[a] = append(g[a], b); g[b] = append(g[b], a); return g }
func (g Graph) Degree(a string) int   { return len(g[a]) }

type Stack []int

func (s *Stack) Push(v int) { *s = append(*s, v) }
func (s *Stack) Pop() int   { o := *s; v := o[len(o)-1]; *s = o[:len(o)-1]; return v }
func (s Stack) Len() int    { return len(s) }

type Key struct{ x, y int }
type Grid map[Key]rune

func (g Grid) At(x, y int) string {
	if r, ok := g[Key{x, y}]; ok {
		return string(r)
	}
	return "."
}
func main() {
	g := Graph{}.Add("a", "b").Add("a", "c")
	fmt.Println(g, g.Degree("a"), g.Degree("z"))
	var s Stack
	s.Push(1)
	s.Push(2)
	fmt.Println(s.Pop(), s.Len(), s)
	gr := Grid{{0, 0}: '@', {1, 0}: '世'}
	delete(gr, Key{0, 0})
	fmt.Println(gr.At(0, 0), gr.At(1, 0), len(gr))
	mm := map[string]map[string]int{}
	for _, w := range []string{"ab", "ac", "bc"} {
		k := w[:1]
		if mm[k] == nil {
			mm[k] = map[string]int{}
		}
		mm[k][w]++
	}
	fmt.Println(mm, len(mm["zz"]), mm["q"]["r"])
	type pt struct {
		n int
		p *int
	}
	ms := map[string]*pt{"x": {n: 1}}
	ms["x"].n++
	fmt.Println(ms["x"].n)
}
