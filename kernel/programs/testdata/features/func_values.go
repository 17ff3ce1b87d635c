// Functions as values, maps of functions, variadic values, comparison with nil.
package main

import (
	"errors"
	"fmt"
)

type op func(float64, float64) (float64, error)

var ops = map[string]op{"+": func(a, b float64) (float64, error) { return a + b, nil }, "/": div}

func div(a, b float64) (float64, error) {
	if b == 0 {
		return 0, errors.New("zero")
	}
	return a / b, nil
}
func compose(fs ...func(int) int) func(int) int {
	return func(x int) int {
		for _, f := range fs {
			x = f(x)
		}
		return x
	}
}
func variadic(pre string, rest ...int) (string, int) { return pre, len(rest) }
func ret() (int, error)                              { return 3, nil }
func take(n int, err error) string                   { return fmt.Sprint(n, err) }
func main() {
	fmt.Println(ops["+"](1, 2))
	fmt.Println(ops["/"](1, 0))
	fmt.Println(ops["-"] == nil, take(ret()), compose(func(x int) int { return x + 1 }, func(x int) int { return x * x })(4))
	v := variadic
	fmt.Println(v("a", 1, 2))
	fmt.Println(v("b", []int{}...))
	fs := [...]func() string{func() string { return "0" }, nil}
	fmt.Println(fs[0](), fs[1] == nil, func() int { return 9 }())
	func(fs ...func()) {
		for _, f := range fs {
			f()
		}
	}(func() { fmt.Print("x ") }, func() { fmt.Println("y") })
	s := struct{ f func(...any) string }{fmt.Sprint}
	fmt.Println(s.f("a", 1, 2), len(s.f()))
}
