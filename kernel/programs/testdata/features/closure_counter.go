// Closures share and keep variables.
package main

import (
	"fmt"
)

func gen() (func() int, *int) { n := 0; return func() int { n++; return n }, &n }
func main() {
	f, p := gen()
	f()
	f()
	*p += 10
	fmt.Println(f(), *p)
	var fs []func(int) int
	acc := 0
	for _, k := range []int{1, 2, 3} {
		fs = append(fs, func(x int) int { acc += k * x; k++; return acc })
	}
	for _, f := range fs {
		fmt.Print(f(1), " ", f(10), " ")
	}
	fmt.Println(acc)
	x := 1
	func() { x := x; x++; _ = x }()
	func() { x++ }()
	y := func(y int) int { y++; return y }(x)
	fmt.Println(x, y)
	var fact func(int) int
	fact = func(n int) int {
		if n < 2 {
			return 1
		}
		return n * fact(n-1)
	}
	fmt.Println(fact(10))
	for i := 0; i < 3; i++ {
		defer func(n int) { fmt.Print(n, i, x, " ") }(i * 10)
	}
	x = 100
}
