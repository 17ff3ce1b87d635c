// Swapping elements, fields, through functions and maps.
package main

import (
	"fmt"
)

type T struct{ a, b int }

func main() {
	s := []int{1, 2, 3}
	s[0], s[2] = s[2], s[0]
	t := T{1, 2}
	t.a, t.b = t.b, t.a
	m := map[string]int{"a": 1, "b": 2}
	m["a"], m["b"] = m["b"], m["a"]
	i, j := 0, 1
	s[i], i = 10, 2
	s[j], s[i] = s[i], s[j]
	ts := []T{{1, 2}, {3, 4}}
	ts[0], ts[1] = ts[1], ts[0]
	p, q := &ts[0], &ts[1]
	*p, *q = *q, *p
	p, q = q, p
	a, b := 0, 1
	for range 10 {
		a, b = b, a+b
	}
	arr := [2][2]int{{1, 2}, {3, 4}}
	arr[0], arr[1] = arr[1], arr[0]
	fmt.Println(s, t, m, ts, *p, a, b, arr, i)
	f, g := func() int { return 1 }, func() int { return 2 }
	f, g = g, f
	fmt.Println(f(), g())
}
