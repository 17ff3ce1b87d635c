package main

import (
	"fmt"
)

func counter() (inc func() int, get func() int) {
	n := 0
	inc = func() int { n++; return n }
	get = func() int { return n }
	return
}
func compose(fs ...func(int) int) func(int) int {
	return func(x int) int {
		for _, f := range fs {
			x = f(x)
		}
		return x
	}
}
func main() {
	inc, get := counter()
	inc()
	inc()
	fmt.Println(get())
	fmt.Println(compose(func(x int) int { return x + 1 }, func(x int) int { return x * 2 })(5))
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	fmt.Println(fib(10))
	m := map[string]func() string{}
	for _, w := range []string{"a", "b"} {
		m[w] = func() string { return w + w }
	}
	fmt.Println(m["a"](), m["b"]())
	var acc []func() int
	for i, j := 0, 10; i < 3; i, j = i+1, j-1 {
		acc = append(acc, func() int { i += 100; return i*1000 + j })
	}
	for _, f := range acc {
		fmt.Print(f(), " ", f(), " ")
	}
	fmt.Println()
	x := 1
	p := &x
	f := func() { *p = 5; x++ }
	f()
	fmt.Println(x, *p)
	fmt.Println(func(a, b int) (int, int) { return b, a }(1, 2))
}
