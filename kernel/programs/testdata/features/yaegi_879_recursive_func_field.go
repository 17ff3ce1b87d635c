// Recursion through function types (yaegi #879, #1304, #378).
package main

import (
	"fmt"
)

type T struct {
	f    func(*T) string
	kids []*T
	by   map[string]*T
	name string
}
type State func(*int) State
type MyT Later
type Later struct{ Name string }

func even(n *int) State {
	if *n == 0 {
		return nil
	}
	*n--
	return odd
}
func odd(n *int) State { *n -= 1; return even }
func main() {
	t := &T{f: func(t *T) string { return t.name + "!" }, name: "root"}
	t.kids = append(t.kids, &T{name: "kid", f: t.f})
	t.by = map[string]*T{"k": t.kids[0]}
	fmt.Println(t.f(t), t.by["k"].f(t.by["k"]), MyT{"m"})
	n, steps := 6, 0
	for s := State(even); s != nil; s = s(&n) {
		steps++
	}
	fmt.Println(n, steps)
}
