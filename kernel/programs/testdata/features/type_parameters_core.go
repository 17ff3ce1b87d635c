// Type parameters whose constraint has one underlying type: made, ranged, indexed, sent, called.
package main

import (
	"fmt"
	"sort"
)

type IDs []int
type Reg map[string]float64
type Pipe chan string
type Op func(int, int) int

func Make[S ~[]E, E any](n int, f func(int) E) S {
	s := make(S, 0, n)
	for i := range n {
		s = append(s, f(i))
	}
	return s
}
func Rev[S ~[]E, E any](s S) S {
	out := make(S, len(s))
	for i, e := range s {
		out[len(s)-1-i] = e
	}
	return out[:len(out):len(out)]
}
func Merge[M ~map[K]V, K comparable, V any](ms ...M) M {
	out := make(M)
	for _, m := range ms {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}
func Drain[C ~chan E, E any](c C) (out []E) {
	close(c)
	for e := range c {
		out = append(out, e)
	}
	return
}
func Send[C ~chan E | ~chan<- E, E any](c C, es ...E) C {
	for _, e := range es {
		c <- e
	}
	return c
}
func Call[F ~func(A, A) R, A, R any](f F, a, b A) R { return f(a, b) }
func Sum[T ~[]E, E int | float64](xs T) (s E) {
	for i := range len(xs) {
		s += xs[i]
	}
	return
}
func Bytes[T ~string | ~[]byte](x T) (n int) {
	for i := range len(x) {
		if x[i] == 'a' {
			n++
		}
	}
	return n + len(x[1:])
}
func Deref[P ~*T, T any](p P) T           { return *p }
func Grow[S ~[]E, E any](s *S, e ...E) *S { *s = append(*s, e...); return s }
func SortBy[S ~[]E, E any, K int | string](s S, key func(E) K) S {
	sort.SliceStable(s, func(i, j int) bool { return key(s[i]) < key(s[j]) })
	return s
}

type Tree[T interface{ Less(T) bool }] struct {
	l, r *Tree[T]
	v    T
}

func (t *Tree[T]) Add(v T) *Tree[T] {
	switch {
	case t == nil:
		return &Tree[T]{v: v}
	case v.Less(t.v):
		t.l = t.l.Add(v)
	default:
		t.r = t.r.Add(v)
	}
	return t
}
func (t *Tree[T]) Do(f func(T)) {
	if t != nil {
		t.l.Do(f)
		f(t.v)
		t.r.Do(f)
	}
}

type word string

func (w word) Less(o word) bool { return len(w) < len(o) || len(w) == len(o) && w < o }

func main() {
	ids := Make[IDs](4, func(i int) int { return i * i })
	fmt.Printf("%T %v %v\n", ids, ids, Rev(ids))
	fmt.Printf("%T %v\n", Merge(Reg{"a": 1}, Reg{"b": 2, "a": 3}), len(Merge[Reg]()))
	fmt.Println(Drain(Send(make(Pipe, 3), "x", "y")), Call(Op(func(a, b int) int { return a * b }), 6, 7), Call(func(a, b string) bool { return a < b }, "a", "b"))
	fmt.Println(Sum([]int{1, 2, 3}), Sum([]float64{1, 2, 0.5}), Sum(ids), Bytes("banana"), Bytes([]byte("aa")), Bytes(word("ax")))
	n := 5
	fmt.Println(Deref(&n), *Grow(&ids, 7, 8), SortBy([]string{"ccc", "a", "bb"}, func(s string) int { return len(s) }))
	fmt.Println(SortBy(IDs{3, 1, 2}, func(i int) string { return fmt.Sprint(9 - i) }))
	var t *Tree[word]
	for _, w := range []word{"pear", "fig", "apple", "kiwi"} {
		t = t.Add(w)
	}
	t.Do(func(w word) { fmt.Print(w, " ") })
	fmt.Println()
}
