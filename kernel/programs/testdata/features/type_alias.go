// Aliases, also generic ones, of own and compiled types.
package main

import (
	"fmt"
	"strings"
)

type Celsius float64
type C = Celsius
type Map[V any] = map[string]V
type B = strings.Builder
type Fn = func(C) string
type Node = struct {
	Val  int
	Next *int
}

func (c C) Warm() bool { return c > 20 }
func main() {
	var c C = 25
	var m Map[int] = map[string]int{"a": 1}
	var b B
	b.WriteString("x")
	var f Fn = func(c C) string { return fmt.Sprint(c) }
	var n Node = struct {
		Val  int
		Next *int
	}{1, nil}
	fmt.Printf("%T %T %T %T %v %v %s %s\n", c, m, f, n, c.Warm(), n.Val, b.String(), f(3))
	var x any = c
	_, ok := x.(Celsius)
	type local = []C
	fmt.Println(ok, local{1, 2}, len(Map[bool]{}))
}
