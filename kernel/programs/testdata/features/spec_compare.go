// Comparison: interfaces, arrays, structs, channels, pointers, what panics.
package main

import (
	"errors"
	"fmt"
	"math"
)

type P struct {
	x int
	s string
	_ int
}
type I interface{ M() }
type T1 struct{ a any }
type T2 struct{ a any }
type Fn struct{ f func() }
type E struct{}

func (T1) M()  {}
func (*T2) M() {}

func try(name string, f func() any) {
	defer func() {
		if r := recover(); r != nil {
			_, re := r.(interface{ RuntimeError() })
			fmt.Println(name, "panics:", r, re)
		}
	}()
	fmt.Println(name, f())
}

func main() {
	var a, b any
	try("nil", func() any { return a == b })
	try("slices", func() any { a, b = []int{1}, []int{1}; return a == b })
	try("slice and int", func() any { a, b = []int{1}, 1; return a == b })
	try("maps in struct", func() any { a, b = T1{map[string]int{}}, T1{map[string]int{}}; return a == b })
	try("differ first", func() any {
		x, y := [2]any{1, []int{}}, [2]any{2, []int{}}
		return x == y
	})
	try("funcs", func() any { a, b = Fn{}, Fn{}; return a == b })
	try("map key", func() any { m := map[any]int{}; m[[]int{}] = 1; return m })
	try("map key struct", func() any { m := map[any]int{}; return m[T1{func() {}}] })
	try("map key array", func() any { m := map[any]int{}; delete(m, [1]any{map[int]int{}}); return len(m) })
	try("blank", func() any { x, y := P{x: 1, s: "a"}, P{1, "a", 5}; return x == y })
	try("P in any", func() any { a, b = P{1, "a", 2}, P{1, "a", 5}; return a == b })
	try("NaN", func() any {
		n := math.NaN()
		a, b = n, n
		return fmt.Sprint(n == n, a == b, a == a, [1]float64{n} == [1]float64{n})
	})
	try("zeros", func() any { z := 0.0; return fmt.Sprint(z == -z, any(z) == any(-z), 1/z == 1/(-z)) })
	try("types", func() any {
		return fmt.Sprint(any(1) == any(int64(1)), any(int8(1)) == any(uint8(1)), any('a') == any(int32(97)), any(byte(1)) == any(uint8(1)))
	})
	try("iface", func() any {
		var i, j I = T1{1}, T1{1}
		k := &T2{1}
		var l, m I = k, k
		return fmt.Sprint(i == j, l == m, l == I(&T2{1}), i == l, i == any(T1{1}), any(T1{1}) == i, i == T1{1}, k == l)
	})
	try("chan", func() any {
		c := make(chan int)
		var r <-chan int = c
		return fmt.Sprint(c == r, r == c, any(c) == any(r))
	})
	try("errors", func() any {
		e := errors.New("x")
		var f error
		return fmt.Sprint(e == errors.New("x"), e == e, f == nil, nil == f)
	})
	try("nil pointers", func() any {
		var p *T2
		var i I = p
		return fmt.Sprint(p == nil, i == nil, i == (*T2)(nil), any(p) == any((*T1)(nil)))
	})
	try("empty", func() any {
		a, b = E{}, E{}
		return fmt.Sprint(a == b, E{} == E{}, [0]int{} == [0]int{}, any(struct{}{}) == any(E{}))
	})
	try("anon", func() any {
		x := struct {
			A int
			B string
		}{1, "b"}
		type Named struct {
			A int
			B string
		}
		return fmt.Sprint(x == Named{1, "b"}, any(x) == any(Named{1, "b"}), any(x) == any(struct {
			A int
			B string
		}{1, "b"}))
	})
	try("complex", func() any { return fmt.Sprint(1+2i == complex(1, 2), complex(math.NaN(), 0) == complex(math.NaN(), 0)) })
	try("strings", func() any {
		s := "ab"
		return fmt.Sprint("a" < s, s >= "ab", "é" > "z", "" < "a", s[:1] == "a", s != "ab")
	})
	try("switch", func() any {
		defer func() { fmt.Println("deferred") }()
		switch x := any([]int{}); x {
		case nil:
			return "nil"
		case 1:
			return "one"
		case x:
			return "itself"
		}
		return "none"
	})
	try("array of iface", func() any { return [2]any{1, "a"} == [2]any{1, "a"} })
	m := map[any]string{1: "int", int8(1): "int8", 1.0: "float", "1": "string", true: "bool", [1]int{1}: "array", T1{1}: "T1", E{}: "E", nil: "nil"}
	fmt.Println(m[1], m[int8(1)], m[1.0], m["1"], m[true], m[[1]int{1}], m[T1{1}], m[T1{int8(1)}], m[E{}], m[nil], m[struct{}{}], len(m))
	nan := map[float64]int{}
	nan[math.NaN()]++
	nan[math.NaN()]++
	nan[0]++
	z := 0.0
	nan[-z]++
	fmt.Println(len(nan), nan[0], nan[math.NaN()])
	delete(nan, math.NaN())
	fmt.Println(len(nan))
	clear(nan)
	fmt.Println(len(nan))
}
