// Container/heap on an own type (yaegi #167).
package main

import (
	"container/heap"
	"fmt"
)

type H []struct {
	p int
	s string
}

func (h H) Len() int           { return len(h) }
func (h H) Less(i, j int) bool { return h[i].p < h[j].p }
func (h H) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *H) Push(x any) {
	*h = append(*h, x.(struct {
		p int
		s string
	}))
}
func (h *H) Pop() any { o := *h; x := o[len(o)-1]; *h = o[:len(o)-1]; return x }
func main() {
	h := &H{{3, "c"}, {1, "a"}}
	heap.Init(h)
	heap.Push(h, struct {
		p int
		s string
	}{2, "b"})
	(*h)[0].p = 9
	heap.Fix(h, 0)
	for h.Len() > 0 {
		fmt.Print(heap.Pop(h), " ")
	}
	fmt.Println()
}
