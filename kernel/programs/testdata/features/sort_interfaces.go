// Sort.Interface, Slice, Stable, Reverse, slices with own types.
package main

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"
)

type P struct {
	N string
	A int
}
type byAge []P

func (b byAge) Len() int           { return len(b) }
func (b byAge) Less(i, j int) bool { return b[i].A < b[j].A }
func (b byAge) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type multi struct {
	ps   []P
	less []func(a, b *P) bool
}

func (m multi) Len() int      { return len(m.ps) }
func (m multi) Swap(i, j int) { m.ps[i], m.ps[j] = m.ps[j], m.ps[i] }
func (m multi) Less(i, j int) bool {
	p, q := &m.ps[i], &m.ps[j]
	for _, l := range m.less {
		if l(p, q) {
			return true
		}
		if l(q, p) {
			return false
		}
	}
	return false
}
func main() {
	ps := []P{{"c", 3}, {"a", 1}, {"d", 3}, {"b", 2}}
	sort.Sort(byAge(ps))
	fmt.Println(ps[0], ps[1])
	sort.Sort(sort.Reverse(byAge(ps)))
	fmt.Println(ps[3])
	sort.Sort(multi{ps, []func(a, b *P) bool{func(a, b *P) bool { return a.A > b.A }, func(a, b *P) bool { return a.N < b.N }}})
	fmt.Println(ps)
	sort.SliceStable(ps, func(i, j int) bool { return ps[i].A%2 < ps[j].A%2 })
	fmt.Println(ps)
	slices.SortFunc(ps, func(a, b P) int { return cmp.Or(cmp.Compare(b.A, a.A), strings.Compare(a.N, b.N)) })
	fmt.Println(ps)
	i := sort.Search(100, func(i int) bool { return i*i >= 50 })
	j, ok := slices.BinarySearchFunc(ps, 2, func(p P, a int) int { return a - p.A })
	fmt.Println(i, j, ok, slices.ContainsFunc(ps, func(p P) bool { return p.N == "d" }), slices.IndexFunc(ps, func(p P) bool { return p.A == 1 }))
	m := slices.MaxFunc(ps, func(a, b P) int { return cmp.Compare(a.A, b.A) })
	type ID string
	ids := []ID{"z", "x"}
	slices.Sort(ids)
	fmt.Println(m, ids, slices.Equal(ids, []ID{"x", "z"}), sort.SearchInts([]int{1, 3, 5}, 4), slices.Insert(ids, 1, "y"))
}
