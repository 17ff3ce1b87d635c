// Arrays are values.
package main

import (
	"fmt"
)

type T struct{ a [3]int }

func change(a [3]int) [3]int { a[0] = 100; return a }
func main() {
	a := [3]int{1, 2, 3}
	b := a
	b[1] = 20
	t := T{a}
	u := t
	u.a[2] = 30
	for i, v := range a {
		a[2] = 10
		fmt.Print(i, v, " ")
	}
	fmt.Println(a, b, t, u, change(a), a == b, t == T{[3]int{1, 2, 3}})
	m := map[[2]string]int{{"a", "b"}: 1}
	k := [2]string{"a", "b"}
	m[k]++
	fn := func() { a[0]++ }
	c := a
	fn()
	pa := &a
	pa[1]--
	for i := range pa {
		pa[i] *= 2
	}
	fmt.Println(m, a, c, *pa == a)
	aa := [2][2]int{{1, 2}, {3, 4}}
	row := aa[0]
	row[0] = 99
	aa[1] = row
	fmt.Println(aa, interface{}(a) == interface{}(*pa))
}
