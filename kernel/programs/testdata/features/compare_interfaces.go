// Comparing interfaces, structs and pointers.
package main

import (
	"fmt"
)

type A struct{ n int }
type B struct{ n int }
type E struct{}
type I interface{ M() }

func (A) M()  {}
func (*B) M() {}
func main() {
	var x, y any = A{1}, B{1}
	var i1, i2 I = A{1}, A{1}
	b := &B{2}
	var i3, i4 I = b, &B{2}
	fmt.Println(x == y, x == any(A{1}), i1 == i2, i3 == i4, i3 == b, i1 == A{1}, x == i1)
	fmt.Println(any(1) == any(int64(1)), any(nil) == nil, any((*A)(nil)) == nil, any("a") == any("a"), any(E{}) == any(E{}))
	var np *B
	i3 = np
	fmt.Println(i3 == nil, i3 == np, any([2]any{1, "x"}) == any([2]any{1, "x"}), struct{ a any }{1} == struct{ a any }{1.0})
	m := map[any]string{1: "int", 1.0: "float", "1": "string", A{1}: "A", [1]int{1}: "arr", nil: "nil", true: "t", int8(1): "i8"}
	fmt.Println(m[1], m[1.0], m["1"], m[A{1}], m[[1]int{1}], m[nil], m[any(true)], m[int8(1)], len(m))
	defer func() { fmt.Println(recover()) }()
	fmt.Println(any([]int{1}) == any([]int{1}))
}
