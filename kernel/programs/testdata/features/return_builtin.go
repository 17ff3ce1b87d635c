// Calls of builtins among several results.
package main

import "fmt"

type stack []int

func a(pre string, rest ...int) (string, int)       { return pre, len(rest) }
func b(n int, rest []int) (int, int)                { return n, cap(rest) }
func c(n int, s []int) (int, []int)                 { return n, append(s, n) }
func d(n int) (int, *int, map[int]int)              { return n, new(int), make(map[int]int, n) }
func e(x any, s []byte) (any, int, error)           { return x, copy(s, "abc"), nil }
func f(x, y int) (string, int, int)                 { return "f", min(x, y), max(x, y) }
func g(c complex128) (bool, float64, float64)       { return true, real(c), imag(c) }
func (s stack) pop() (stack, int)                   { return s[:len(s)-1], s[len(s)-1] }
func (s stack) size() (string, int)                 { return fmt.Sprint(s), len(s) }
func h(m map[string]int) (n int, s string, e error) { return len(m), "x", nil }
func i[T any](x T, xs ...T) (T, int)                { return x, len(xs) }
func j(xs []int) (n, m int)                         { return len(xs) + 1, (cap(xs)) }
func named(xs []int) (s string, n int)              { defer func() { n++ }(); return "d", len(xs) }

func main() {
	fmt.Println(a("a", 1, 2))
	fmt.Println(b(7, make([]int, 1, 3)))
	fmt.Println(c(5, []int{1}))
	n, p, m := d(4)
	fmt.Println(n, *p, m)
	fmt.Println(e("x", make([]byte, 2)))
	fmt.Println(f(9, 3))
	fmt.Println(g(1 + 2i))
	s, top := stack{1, 2, 3}.pop()
	fmt.Println(s, top)
	fmt.Println(s.size())
	fmt.Println(h(map[string]int{"k": 1}))
	fmt.Println(i("y", "z"))
	fmt.Println(j(make([]int, 2, 9)))
	fmt.Println(named([]int{1}))
	k := func(n int, s string) (int, int) { return n, len(s) }
	fmt.Println(k(10, "four"))
}
