// Type parameters inferred from arguments, functions, constraints and assignments.
package main

import (
	"fmt"
	"strconv"
	"strings"
)

func Map[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func Filter[S ~[]E, E any](s S, keep func(E) bool) S {
	var out S
	for _, e := range s {
		if keep(e) {
			out = append(out, e)
		}
	}
	return out
}

func Fold[A, T any](xs []T, a A, f func(A, T) A) A {
	for _, x := range xs {
		a = f(a, x)
	}
	return a
}

func Ptr[T any](v T) *T { return &v }

func Zip[A, B any](a []A, b []B) []struct {
	A A
	B B
} {
	var out []struct {
		A A
		B B
	}
	for i := range min(len(a), len(b)) {
		out = append(out, struct {
			A A
			B B
		}{a[i], b[i]})
	}
	return out
}

func Compose[A, B, C any](f func(A) B, g func(B) C) func(A) C { return func(a A) C { return g(f(a)) } }

func Double[T interface{ ~int | ~string | ~float64 }](x T) T { return x + x }

func Apply[T any](x T, fs ...func(T) T) T {
	for _, f := range fs {
		x = f(x)
	}
	return x
}

func Default[T comparable](v, d T) T {
	var zero T
	if v == zero {
		return d
	}
	return v
}

func MapKeys[K comparable, V any, M ~map[K]V](m M, f func(K) K) M {
	out := M{}
	for k, v := range m {
		out[f(k)] = v
	}
	return out
}

type Words []string
type Cache map[string]int

func main() {
	fmt.Println(Map([]int{1, 2, 3}, strconv.Itoa), Map([]string{"a", "bb"}, func(s string) int { return len(s) }))
	w := Filter(Words{"ab", "c", "de"}, func(s string) bool { return len(s) > 1 })
	fmt.Printf("%T %v\n", w, w)
	fmt.Println(Fold([]int{1, 2, 3}, "", func(a string, n int) string { return a + strconv.Itoa(n) }))
	p := Ptr(5)
	*p++
	fmt.Println(*p, *Ptr("s"), **Ptr(Ptr(1.5)))
	fmt.Printf("%v %+v\n", Zip([]int{1, 2, 3}, []string{"a", "b"}), Zip(w, []bool{true}))
	f := Compose(strings.ToUpper, func(s string) int { return len(s) * 10 })
	fmt.Println(f("abc"), Double("x"), Double(2), Double(1.5))
	var dbl func(string) string = Double
	fmt.Println(Apply("q", dbl, Double[string], strings.ToUpper), Default("", "d"), Default(0, 7), Default(3, 7))
	c := MapKeys(Cache{"a": 1}, strings.ToUpper)
	fmt.Printf("%T %v\n", c, c)
	fmt.Println(Map(Map([]float64{1.5}, func(f float64) []float64 { return []float64{f, f} }), func(s []float64) int { return len(s) }))
	g := Map[int, string]
	fmt.Printf("%T %v\n", g, g([]int{7}, func(i int) string { return fmt.Sprint(-i) }))
}
