// Types declared in functions, same names in different ones.
package main

import (
	"fmt"
)

func a() any        { type T struct{ n int }; return T{1} }
func b() any        { type T struct{ n int }; return T{1} }
func g[X any]() any { type L struct{ v X }; var l L; return l }
func main() {
	type T struct{ s string }
	type list []T
	type fn func(T) list
	var f fn = func(t T) list { return list{t, {"x"}} }
	fmt.Printf("%v %T %T %T\n", f(T{"y"}), a(), T{}, f)
	fmt.Println(a() == a(), a() == b(), g[int]() == g[int](), g[int]() == g[string]())
	for i := range 2 {
		type T struct{ i int }
		x := T{i}
		fmt.Print(x, " ")
	}
	fmt.Println()
}
