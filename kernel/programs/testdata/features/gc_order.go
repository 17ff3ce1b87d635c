// What the specification leaves open, and the compiler does: calls come before
// operands that are variables.
package main

import "fmt"

type T struct{ n int }

func (t *T) Inc() int { t.n++; return t.n }

func main() {
	t := T{1}
	fmt.Println(t, t.n, t.Inc(), t)
	i := 1
	f := func() int { i *= 10; return i }
	a := []int{i, f(), i}
	fmt.Println(a, i+f(), i)
	m := map[string]int{"a": i, "b": f()}
	fmt.Println(m)
}
