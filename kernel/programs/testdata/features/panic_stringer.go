// Panic with a Stringer and other kinds.
package main

import (
	"fmt"
)

type S struct{ n int }

func (s S) String() string { return "stringer" }

type K string
type N int

func try(v any) { defer func() { r := recover(); fmt.Printf("%v %T\n", r, r) }(); panic(v) }
func main() {
	try(S{1})
	try(K("k"))
	try(N(4))
	try(3.5)
	try(&S{2})
	try([]int{1})
	try(fmt.Errorf("e"))
	panic(N(4))
}
