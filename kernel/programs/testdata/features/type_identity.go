// Identical types: struct tags, anonymous structs, functions, channels, names.
package main

import "fmt"

type A struct {
	X int `json:"x"`
}
type B struct {
	X int `json:"y"`
}
type C = struct {
	X int `json:"x"`
}
type F func(int) string
type G func(int) string
type S []int
type M map[string]S
type P *A

func kind(v any) string {
	switch v.(type) {
	case A:
		return "A"
	case B:
		return "B"
	case struct{ X int }:
		return "struct{X}"
	case struct {
		X int `json:"x"`
	}:
		return "struct{X tag}"
	case F:
		return "F"
	case func(int) string:
		return "func"
	case []int:
		return "[]int"
	case S:
		return "S"
	case map[string]S:
		return "map[string]S"
	case map[string][]int:
		return "map[string][]int"
	case chan int:
		return "chan"
	case <-chan int:
		return "<-chan"
	}
	return fmt.Sprintf("? %T", v)
}

func main() {
	f := func(n int) string { return fmt.Sprint("f", n) }
	var c chan int
	for _, v := range []any{A{1}, B(A{1}), struct{ X int }{1}, C(A{2}), F(f), f, G(F(f)), S{1}, []int(S{1}), M{}, map[string]S(M{}), map[string][]int{}, c, (<-chan int)(c), (chan<- int)(c), P(&A{})} {
		fmt.Println(kind(v))
	}
	var p P = &A{3}
	fmt.Println((*A)(p).X, p.X)
	a, b := A{1}, struct {
		X int `json:"x"`
	}{1}
	fmt.Println(a == b, F(f)(1), G(f)(2))
	var x any = a
	var y any = b
	fmt.Println(x == y, x == any(A{1}))
}
