// What closures see: variables, each of its own, at every kind of loop.
package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

type counter struct{ n int }

func (c *counter) inc() int { c.n++; return c.n }
func (c counter) get() int  { return c.n }

func gen() (inc, get func() int, set func(int)) {
	x := 0
	return func() int { x++; return x }, func() int { return x }, func(y int) { x = y }
}

func fib() func() int {
	a, b := 0, 1
	return func() int {
		defer func() { a, b = b, a+b }()
		return a
	}
}

func params(x int, ys ...int) func() int {
	x++
	return func() int { x += len(ys); ys = append(ys, x); return x }
}

func result() (f func() int, x int) {
	f = func() int { x++; return x }
	x = 10
	f()
	return f, x
}

func compose(fs ...func(int) int) func(int) int {
	return func(x int) int {
		for _, f := range slices.Backward(fs) {
			x = f(x)
		}
		return x
	}
}

func main() {
	inc, get, set := gen()
	inc()
	inc()
	set(get() + 10)
	fmt.Println(inc(), get())
	f := fib()
	for range 10 {
		fmt.Print(f(), " ")
	}
	fmt.Println()
	p := params(1, 2, 3)
	fmt.Println(p(), p(), p())
	r, x := result()
	fmt.Println(x, r(), r())
	var fs []func() string
	for i := 0; i < 3; i++ {
		fs = append(fs, func() string { i += 10; return fmt.Sprint("a", i) })
		i := i * 2
		fs = append(fs, func() string { i++; return fmt.Sprint("b", i) })
	}
	for i, s := range []string{"x", "y"} {
		fs = append(fs, func() string { s += "!"; i--; return fmt.Sprint(s, i) })
	}
	for k := range map[string]int{"k": 1} {
		fs = append(fs, func() string { k += "."; return k })
	}
	for i := range 2 {
		fs = append(fs, func() string { i++; return fmt.Sprint("n", i) })
	}
	for i, c := range "hé" {
		fs = append(fs, func() string { c++; return fmt.Sprint(i, string(c)) })
	}
	ch := make(chan int, 2)
	ch <- 5
	ch <- 6
	close(ch)
	for v := range ch {
		fs = append(fs, func() string { v++; return fmt.Sprint("c", v) })
	}
	for v := range slices.Values([]int{7, 8}) {
		fs = append(fs, func() string { v++; return fmt.Sprint("v", v) })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	var addrs []*int
	for i := range 3 {
		addrs = append(addrs, &i)
	}
	for i := 0; i < 3; i++ {
		addrs = append(addrs, &i)
	}
	for _, a := range addrs {
		fmt.Print(*a, " ")
	}
	fmt.Println()
	c := &counter{}
	cinc, cget, cgetp := c.inc, c.get, (*counter).get
	cinc()
	cinc()
	fmt.Println(cget(), c.get(), cgetp(c), c.n)
	var rec func(int) int
	rec = func(n int) int {
		if n <= 1 {
			return 1
		}
		return n * rec(n-1)
	}
	old := rec
	rec = func(n int) int { return -old(n) }
	fmt.Println(rec(5))
	up := func(s string) func() string { s = strings.ToUpper(s); return func() string { s += s; return s } }
	a, b := up("a"), up("b")
	a()
	fmt.Println(a(), b())
	fmt.Println(compose(func(x int) int { return x + 1 }, func(x int) int { return x * 10 })(4))
	func() {
		y := 1
		defer func(y int) { fmt.Println("deferred", y) }(y)
		func() { y = 2 }()
		fmt.Println(y)
	}()
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for i := range 10 {
		wg.Add(1)
		go func(n int) {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			sum += i * n
		}(i)
	}
	wg.Wait()
	fmt.Println(sum)
	type op struct {
		name string
		f    func(int, int) int
	}
	for _, o := range []op{{"+", func(a, b int) int { return a + b }}, {"-", func(a, b int) int { return a - b }}} {
		fmt.Print(o.name, o.f(7, 3), " ")
	}
	m := map[string]func(...int) int{"n": func(x ...int) int { return len(x) }, "s": func(x ...int) (s int) {
		for _, v := range x {
			s += v
		}
		return
	}}
	fmt.Println(m["n"](1, 2, 3), m["s"](1, 2, 3), m["none"] == nil)
	if g := func() bool { return sum > 0 }; g() {
		sum := "shadow"
		h := func() string { return sum }
		sum = "changed"
		fmt.Println(h())
	}
	switch y := 5; {
	case y > 3:
		z := y
		h := func() int { y++; z += y; return z }
		h()
		fmt.Println(h(), y, z)
	}
	arr := [3]int{1, 2, 3}
	h := func() [3]int { arr[0]++; return arr }
	h2 := h()
	h()
	fmt.Println(h2, arr)
	outer := 1
	l1 := func() func() func() int {
		mid := 10
		return func() func() int {
			in := 100
			return func() int { outer++; mid++; in++; return outer + mid + in }
		}
	}()
	q, w := l1(), l1()
	fmt.Println(q(), q(), w(), outer)
}
