// Iterators: iter.Seq and Seq2, range over functions, adapters, Pull, early
// ends, defer in a loop body.
package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"strings"
)

func Count(from, to int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := from; i < to; i++ {
			if !yield(i) {
				fmt.Print("(stopped at ", i, ") ")
				return
			}
		}
	}
}

func Map[A, B any](s iter.Seq[A], f func(A) B) iter.Seq[B] {
	return func(yield func(B) bool) {
		for a := range s {
			if !yield(f(a)) {
				return
			}
		}
	}
}

func Filter[A any](s iter.Seq[A], keep func(A) bool) iter.Seq[A] {
	return func(yield func(A) bool) {
		s(func(a A) bool { return !keep(a) || yield(a) })
	}
}

func Take[A any](s iter.Seq[A], n int) iter.Seq[A] {
	return func(yield func(A) bool) {
		if n <= 0 {
			return
		}
		i := 0
		for a := range s {
			if !yield(a) {
				return
			}
			if i++; i == n {
				break
			}
		}
	}
}

func Reduce[A, B any](s iter.Seq[A], b B, f func(B, A) B) B {
	for a := range s {
		b = f(b, a)
	}
	return b
}

func Zip[A, B any](as iter.Seq[A], bs iter.Seq[B]) iter.Seq2[A, B] {
	return func(yield func(A, B) bool) {
		next, stop := iter.Pull(bs)
		defer stop()
		for a := range as {
			b, ok := next()
			if !ok || !yield(a, b) {
				return
			}
		}
	}
}

type Tree struct {
	Left, Right *Tree
	Value       string
}

func (t *Tree) All() iter.Seq[string] {
	return func(yield func(string) bool) { t.push(yield) }
}

func (t *Tree) push(yield func(string) bool) bool {
	if t == nil {
		return true
	}
	return t.Left.push(yield) && yield(t.Value) && t.Right.push(yield)
}

func (t *Tree) Insert(v string) *Tree {
	if t == nil {
		return &Tree{Value: v}
	}
	if v < t.Value {
		t.Left = t.Left.Insert(v)
	} else {
		t.Right = t.Right.Insert(v)
	}
	return t
}

func find(words iter.Seq2[int, string], w string) (at int) {
	defer func() { at *= 10 }()
	for i, x := range words {
		if x == w {
			return i
		}
	}
	return -1
}

func nested() (out []string) {
outer:
	for i := range Count(0, 5) {
		for j := range Count(0, 5) {
			switch {
			case j == 2:
				continue outer
			case i == 2:
				break outer
			}
			out = append(out, fmt.Sprint(i, j))
		}
	}
	return
}

func deferred() {
	for i := range Count(0, 3) {
		defer fmt.Println("deferred", i)
	}
	fmt.Println("end of deferred")
}

func main() {
	even := func(n int) bool { return n%2 == 0 }
	for s := range Take(Map(Filter(Count(0, 100), even), func(n int) string { return strings.Repeat("*", n) }), 4) {
		fmt.Printf("%q ", s)
	}
	fmt.Println()
	fmt.Println(Reduce(Count(1, 6), 1.0, func(p float64, n int) float64 { return p * float64(n) }))
	var root *Tree
	for _, w := range strings.Fields("m c x a d z y") {
		root = root.Insert(w)
	}
	for v := range root.All() {
		if v == "y" {
			break
		}
		fmt.Print(v, " ")
	}
	fmt.Println(slices.Collect(root.All()))
	for n, w := range Zip(Count(1, 10), root.All()) {
		fmt.Print(n, w, " ")
	}
	fmt.Println()
	words := []string{"a", "b", "c"}
	fmt.Println(find(slices.All(words), "c"), find(slices.All(words), "q"), find(slices.Backward(words), "a"))
	fmt.Println(nested())
	deferred()

	next, stop := iter.Pull(Count(7, 9))
	a, ok := next()
	b, ok2 := next()
	c, ok3 := next()
	stop()
	fmt.Println(a, ok, b, ok2, c, ok3)

	m := map[string]int{"x": 1, "y": 2, "z": 3}
	keys := slices.Sorted(maps.Keys(m))
	vals := slices.Collect(maps.Values(m))
	sort.Ints(vals)
	fmt.Println(keys, vals)
	inverse := maps.Collect(func(yield func(int, string) bool) {
		for k, v := range m {
			if !yield(v, k) {
				return
			}
		}
	})
	fmt.Println(inverse)
	var fs []func() int
	for i := range 3 {
		fs = append(fs, func() int { i *= 10; return i })
	}
	for i, f := range fs {
		fmt.Print(i, ":", f(), f(), " ")
	}
	for range Count(0, 2) {
		fmt.Print("again ")
	}
	fmt.Println()
	for chunk := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) {
		fmt.Print(chunk, len(chunk), " ")
	}
	for i, s := range strings.Fields("range over fields") {
		defer func() { fmt.Print(i, s, ";") }()
	}
	fmt.Println()
	bad := func(yield func(int) bool) {
		yield(1)
		yield(2)
	}
	defer func() { fmt.Println("recovered:", recover()) }()
	for x := range bad {
		fmt.Println("got", x)
		break
	}
}
