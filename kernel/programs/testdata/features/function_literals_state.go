// Function literals: recursion, mutual calls, captured parameters, results, receivers and loops.
package main

import "fmt"

type acc struct{ n int }

func (a *acc) adder() func(int) *acc { return func(d int) *acc { a.n += d; return a } }
func (a acc) frozen() func() int     { return func() int { a.n++; return a.n } }

func counter(start int) (inc, dec func() int, reset func()) {
	n := start
	inc = func() int { n++; return n }
	dec = func() int { n--; return n }
	reset = func() { n = start }
	return
}

func named() (n int, f func()) {
	f = func() { n++ }
	f()
	defer f()
	return n + 10, f
}

func memo(f func(int) int) func(int) int {
	seen := map[int]int{}
	return func(n int) int {
		if v, ok := seen[n]; ok {
			return v
		}
		v := f(n)
		seen[n] = v
		return v
	}
}

func main() {
	a := &acc{}
	a.adder()(1).adder()(2)
	fz := a.frozen()
	fmt.Println(a.n, fz(), fz(), a.n)
	inc, dec, reset := counter(10)
	fmt.Println(inc(), inc(), dec())
	reset()
	fmt.Println(dec())
	n, f := named()
	f()
	fmt.Println(n)
	calls := 0
	var fib func(int) int
	fib = memo(func(n int) int {
		calls++
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	})
	fmt.Println(fib(50), calls)
	var even, odd func(int) bool
	even = func(n int) bool { return n == 0 || odd(n-1) }
	odd = func(n int) bool { return n != 0 && even(n-1) }
	fmt.Println(even(100), odd(100))
	compose := func(fs ...func(int) int) func(int) int {
		return func(n int) int {
			for _, f := range fs {
				n = f(n)
			}
			return n
		}
	}
	var fs []func(int) int
	for i := 1; i <= 3; i++ {
		fs = append(fs, func(n int) int { i += n; return i })
	}
	fmt.Println(compose(fs...)(1), compose(fs...)(1))
	ycomb := func(g func(func(int) int) func(int) int) func(int) int {
		type rec func(rec) func(int) int
		r := rec(func(x rec) func(int) int { return g(func(n int) int { return x(x)(n) }) })
		return r(r)
	}
	fmt.Println(ycomb(func(self func(int) int) func(int) int {
		return func(n int) int {
			if n == 0 {
				return 1
			}
			return n * self(n-1)
		}
	})(6))
	func(xs ...int) {
		defer func() { xs[0]++; fmt.Println(xs) }()
		xs[1] = 7
	}(1, 2)
}
