// The range expression is evaluated once; arrays are copied, slices are not; appended elements are not seen.
package main

import "fmt"

var calls int

func get() []int { calls++; return []int{1, 2, 3} }

type T struct{ xs [3]int }

func main() {
	for i := range get() {
		_ = i
	}
	for range get() {
	}
	fmt.Println(calls)
	a := [3]int{1, 2, 3}
	for i, v := range a {
		a[2] = 10
		if i == 2 {
			fmt.Println("array", v)
		}
	}
	a = [3]int{1, 2, 3}
	for i, v := range &a {
		a[2] = 10
		if i == 2 {
			fmt.Println("pointer", v)
		}
	}
	s := []int{1, 2, 3}
	for i, v := range s {
		s = append(s, v*10)
		s[2] = 77
		if i == 2 {
			fmt.Println("slice", v)
		}
	}
	fmt.Println(len(s), s)
	var np *[4]int
	for i := range np {
		fmt.Print(i)
	}
	fmt.Println(len(np))
	t := T{[3]int{1, 2, 3}}
	var i int
	for i, t.xs[0] = range t.xs {
		_ = i
	}
	fmt.Println(t)
	var m map[string]int = map[string]int{}
	for i, m["last"] = range []int{5, 6, 7} {
	}
	fmt.Println(i, m)
	str := "añ"
	for i, r := range str {
		str = "changed"
		fmt.Print(i, r, " ")
	}
	fmt.Println(str)
	var p struct{ k, v int }
	for p.k, p.v = range []int{4, 5} {
	}
	fmt.Println(p)
	c := make(chan int, 5)
	for v := range 3 {
		c <- v
	}
	d := c
	close(c)
	for v := range c {
		c = nil
		fmt.Print(v)
	}
	fmt.Println(c == nil, len(d))
	for i, row := range [][]int{{1}, {2, 3}, nil} {
		for j := range row {
			fmt.Print(i, j, " ")
		}
	}
	fmt.Println()
	for k, v := range []struct{ a, b int }{{1, 2}, {3, 4}} {
		v.a = 100
		fmt.Print(k, v.a+v.b, " ")
	}
	sum := 0
	for _, f := range []func(int) int{func(n int) int { return n + 1 }, func(n int) int { return n * n }} {
		sum += f(5)
	}
	fmt.Println(sum)
}
