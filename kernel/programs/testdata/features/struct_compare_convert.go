// Comparison and conversion of structs with arrays, interfaces, blanks and embedded ones.
package main

import "fmt"

type P struct{ X, Y float64 }
type Q struct {
	P
	arr [2]any
	err error
}
type R struct {
	a int
	_ string
	b any
}
type S struct {
	X, Y float64
}
type E struct{}

func (E) Error() string { return "E" }

func eq(what string, f func() bool) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(what, "panics:", r)
		}
	}()
	fmt.Println(what, f())
}

func main() {
	a := Q{P{1, 2}, [2]any{1, "x"}, E{}}
	b := a
	eq("same", func() bool { return a == b })
	b.arr[1] = "y"
	eq("array", func() bool { return a == b })
	b = a
	b.err = nil
	eq("nil error", func() bool { return a == b })
	b.err = &E{}
	eq("pointer error", func() bool { return a == b })
	eq("blank", func() bool { return R{1, "a", 2} == R{1, "b", 2} })
	a.arr[0], b.arr[0] = []int{}, []int{}
	eq("uncomparable", func() bool { return a == b })
	b.X = 9
	eq("decided before", func() bool { return a == b })
	eq("converted", func() bool { return P(S{1, 2}) == P{1, 2} && S(P{3, 4}).Y == 4 })
	eq("in any", func() bool { return any(P{1, 2}) == any(S{1, 2}) })
	eq("any and struct", func() bool { var i any = P{1, 2}; return i == P{1, 2} && i != (P{2, 1}) })
	m := map[Q]int{{P: P{1, 1}}: 5}
	eq("as key", func() bool { return m[Q{P{1, 1}, [2]any{}, nil}] == 5 })
	eq("unhashable key", func() bool { return m[a] == 0 })
	x := struct {
		P
		n int
	}{P{1, 2}, 3}
	y := struct {
		P
		n int
	}{n: 3, P: P{X: 1, Y: 2}}
	eq("anonymous", func() bool { return x == y })
	z := [2]struct{ s string }{{"a"}, {"b"}}
	eq("array of anonymous", func() bool { return z == [...]struct{ s string }{{"a"}, {"b"}} })
	nan := 0.0
	nan /= nan
	eq("NaN inside", func() bool { return P{nan, 1} == P{nan, 1} })
	p, q := &P{1, 2}, &P{1, 2}
	eq("pointers", func() bool { return p == q || *p != *q })
	ch := make(chan P, 1)
	eq("channels", func() bool { return ch == ch && ch != make(chan P, 1) })
}
