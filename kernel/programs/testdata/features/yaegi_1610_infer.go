// Inference for variadic slices and the like (yaegi #1610).
package main

import (
	"fmt"
	"strings"
)

func show[T any](v ...[]T) int { fmt.Printf("%T %v\n", v, v); return len(v) }
func pair[K comparable, V any](m map[K]V, f func(K) V) (n int) {
	for k := range m {
		m[k] = f(k)
		n++
	}
	return
}
func ptr[T any](v T) *T { return &v }
func chanOf[T any](vs ...T) <-chan T {
	c := make(chan T, len(vs))
	for _, v := range vs {
		c <- v
	}
	close(c)
	return c
}
func apply[S ~[]E, E any](s S, f func(E) E) S {
	for i := range s {
		s[i] = f(s[i])
	}
	return s
}

type names []string

func main() {
	show([]string{"a"}, nil)
	fmt.Println(pair(map[string]int{"x": 0}, func(s string) int { return len(s) }), *ptr(3.5), *ptr("s"))
	for v := range chanOf(1, 2) {
		fmt.Print(v, " ")
	}
	fmt.Printf("%T\n", apply(names{"q"}, strings.ToUpper))
}
