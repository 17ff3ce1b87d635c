// Run-time errors in what compiled code calls, printed by that code.
package main

import "fmt"

type N struct {
	n *int
	s []int
}

func (n N) String() string { return fmt.Sprint(*n.n) }

type I int

func (i I) String() string { return []string{"a", "b"}[i] }

type M map[string]int

func (m M) Error() string { m["x"]++; return "M" }

func main() {
	fmt.Println(N{})
	fmt.Println(I(1), I(7))
	fmt.Println(M(nil), M{})
}
