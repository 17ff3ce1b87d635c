// Function types, variadic parameters, named results, functions that return functions.
package main

import (
	"fmt"
	"strings"
)

type op func(float64, float64) float64
type middleware func(op) op

func sum(nums ...int) (total int) {
	for _, n := range nums {
		total += n
	}
	return
}

func join(sep string, parts ...any) string {
	var out []string
	for _, p := range parts {
		out = append(out, fmt.Sprint(p))
	}
	return strings.Join(out, sep)
}

func change(xs ...int) { xs[0] = 100 }

func chain(f op, ms ...middleware) op {
	for _, m := range ms {
		f = m(f)
	}
	return f
}

func multi() (a, b int, c string) { return 1, 2, "three" }
func takes(a, b int, c string)    { fmt.Println(a, b, c) }
func takesV(xs ...any)            { fmt.Println(len(xs), xs) }

func main() {
	fmt.Println(sum(), sum(1), sum(1, 2, 3), sum([]int{4, 5}...), sum(nil...))
	xs := []int{1, 2}
	change(xs...)
	change(xs[0], xs[1])
	fmt.Println(xs, join("-"), join("-", 1, "a", nil, 2.5), join("+", []any{1, 2}...), join("+", []any{1, 2}))
	double := func(f op) op { return func(a, b float64) float64 { return 2 * f(a, b) } }
	neg := middleware(func(f op) op { return func(a, b float64) float64 { return -f(b, a) } })
	f := chain(func(a, b float64) float64 { return a - b }, double, neg)
	fmt.Println(f(5, 3))
	takes(multi())
	takesV(multi())
	takesV(nil)
	takesV(nil...)
	var nilf op
	fmt.Println(nilf == nil, f != nil)
	fib := func() func() int {
		a, b := 0, 1
		return func() int { defer func() { a, b = b, a+b }(); return a }
	}()
	for range 10 {
		fmt.Print(fib(), " ")
	}
	fmt.Println()
	var rec func(int) int
	rec = func(n int) int {
		if n < 2 {
			return 1
		}
		return n * rec(n-1)
	}
	fmt.Println(rec(10), func(x int) int { return x + 1 }(1))
	fmt.Printf("%T %T\n", sum, chain)
}
