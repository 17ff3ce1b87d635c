// Variadic parameters of interface type, nil and spreading.
package main

import (
	"fmt"
)

type E struct{}

func (E) Error() string  { return "E" }
func f(xs ...any) string { return fmt.Sprint(len(xs), xs == nil) }
func g(es ...error) (n int) {
	for _, e := range es {
		if e != nil {
			n++
		}
	}
	return
}
func h(first int, rest ...[]int) int {
	for _, r := range rest {
		first += len(r)
	}
	return first
}
func main() {
	s := []any{1, "a", nil}
	fmt.Println(f(), f(nil), f(nil...), f(s), f(s...), f([]string{"x"}), f(s[:0]...))
	fmt.Println(g(), g(nil, E{}, &E{}), g([]error{E{}}...), h(1, nil, []int{1, 2}), h(2))
	fmt.Println(s...)
	w := func(format string, a ...any) { fmt.Printf(format+"\n", a...) }
	w("%v-%v", 1, []int{2})
	w("plain")
	mod := func(xs ...int) { xs[0] = 99 }
	ys := []int{1, 2}
	mod(ys...)
	mod(ys[0], 5)
	fmt.Println(ys)
}
