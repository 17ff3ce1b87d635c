// Maps: missing, delete while ranging, nil, clear, struct values, printing sorted.
package main

import (
	"fmt"
	"maps"
)

type v struct{ a, b int }

func main() {
	var nilm map[string]int
	fmt.Println(nilm["x"], len(nilm), nilm == nil)
	for range nilm {
	}
	delete(nilm, "x")
	m := map[int]v{3: {1, 2}, 1: {3, 4}}
	x := m[3]
	x.a = 99
	fmt.Println(m, m[3].a, m[7])
	for k := range m {
		delete(m, k)
	}
	fmt.Println(len(m))
	b := map[bool][]int{}
	for i := range 5 {
		b[i%2 == 0] = append(b[i%2 == 0], i)
	}
	fmt.Println(b)
	c := map[string]*v{"p": {}}
	c["p"].b += 5
	if e, ok := c["p"]; ok {
		fmt.Println(e.b)
	}
	type key struct {
		s string
		n [2]int
	}
	d := map[key]func() string{{"k", [2]int{1, 2}}: func() string { return "found" }}
	fmt.Println(d[key{"k", [2]int{1, 2}}](), d[key{}] == nil)
	clear(b)
	e := map[any]any{1: map[string]int{"z": 1, "a": 2}, "k": nil}
	fmt.Println(len(b), e, e["k"] == nil, maps.Clone(c)["p"] == c["p"])
	seen := 0
	big := map[int]int{}
	for i := range 100 {
		big[i] = i
	}
	for k := range big {
		if k%2 == 0 {
			delete(big, k+1)
		}
		seen++
	}
	fmt.Println(len(big), seen >= 50, seen <= 100)
	nilm["boom"] = 1
}
