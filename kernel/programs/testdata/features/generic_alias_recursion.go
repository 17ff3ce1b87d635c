// Generic recursion, mutual recursion, methods returning other instances.
package main

import (
	"cmp"
	"fmt"
	"strings"
)

type Node[K cmp.Ordered, V any] struct {
	k    K
	v    V
	l, r *Node[K, V]
}

func (n *Node[K, V]) put(k K, v V) *Node[K, V] {
	if n == nil {
		return &Node[K, V]{k: k, v: v}
	}
	switch {
	case k < n.k:
		n.l = n.l.put(k, v)
	case k > n.k:
		n.r = n.r.put(k, v)
	default:
		n.v = v
	}
	return n
}
func (n *Node[K, V]) each(f func(K, V)) {
	if n != nil {
		n.l.each(f)
		f(n.k, n.v)
		n.r.each(f)
	}
}

type List[T any] []T

func Pairs[T any](l List[T]) List[Pair[T]] {
	var out List[Pair[T]]
	for i := 1; i < len(l); i++ {
		out = append(out, Pair[T]{l[i-1], l[i]})
	}
	return out
}

type Pair[T any] struct{ a, b T }

func (p Pair[T]) Swap() Pair[T] { return Pair[T]{p.b, p.a} }

type IntList = List[int]

func MapTo[A, B any](l List[A], f func(A) B) (out List[B]) {
	for _, x := range l {
		out = append(out, f(x))
	}
	return
}
func main() {
	var root *Node[string, int]
	for i, w := range strings.Fields("d b a c b") {
		root = root.put(w, i)
	}
	root.each(func(k string, v int) { fmt.Print(k, v, " ") })
	l := IntList{1, 2, 3}
	fmt.Println(Pairs(l), Pairs(l)[0].Swap(), MapTo(Pairs(l), func(p Pair[int]) string { return fmt.Sprint(p.a * p.b) }))
	fmt.Printf("%T %T\n", l, Pairs(l))
}
