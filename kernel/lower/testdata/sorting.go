package main

import (
	"container/heap"
	"container/list"
	"fmt"
	"slices"
	"sort"
	"strings"
)

type byLen []string

func (b byLen) Len() int           { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type item struct {
	name string
	pri  int
}
type pq []*item

func (p pq) Len() int           { return len(p) }
func (p pq) Less(i, j int) bool { return p[i].pri > p[j].pri }
func (p pq) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }
func (p *pq) Push(x any)        { *p = append(*p, x.(*item)) }
func (p *pq) Pop() any          { o := *p; x := o[len(o)-1]; *p = o[:len(o)-1]; return x }
func main() {
	w := byLen{"ccc", "a", "bb"}
	sort.Sort(w)
	fmt.Println(w)
	sort.Sort(sort.Reverse(w))
	fmt.Println(w)
	s := []int{3, 1, 2}
	sort.Ints(s)
	fmt.Println(s, sort.SearchInts(s, 2))
	sort.Slice(s, func(i, j int) bool { return s[i] > s[j] })
	fmt.Println(s)
	h := &pq{}
	heap.Init(h)
	for i, n := range []string{"lo", "hi", "mid"} {
		heap.Push(h, &item{n, []int{1, 9, 5}[i]})
	}
	for h.Len() > 0 {
		fmt.Print(heap.Pop(h).(*item).name, " ")
	}
	fmt.Println()
	ps := []item{{"b", 1}, {"a", 1}, {"c", 0}}
	sort.SliceStable(ps, func(i, j int) bool { return ps[i].pri < ps[j].pri })
	fmt.Println(ps)
	slices.SortFunc(ps, func(a, b item) int { return strings.Compare(b.name, a.name) })
	fmt.Println(ps)
	i, ok := slices.BinarySearch([]string{"a", "c"}, "b")
	fmt.Println(i, ok, slices.IndexFunc(ps, func(x item) bool { return x.pri == 0 }))
	l := list.New()
	l.PushBack(1)
	l.PushFront(0)
	for e := l.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value, " ")
	}
	fmt.Println()
	fmt.Println(slices.Compact([]int{1, 1, 2}), slices.Insert([]int{1, 4}, 1, 2, 3), slices.Delete([]int{0, 1, 2}, 0, 1), slices.Repeat([]int{1}, 3), slices.Chunk([]int{1, 2, 3}, 2) != nil)
}
