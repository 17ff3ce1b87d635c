package main

import (
	"errors"
	"fmt"
	"time"
)

type I interface{ M() int }
type A int
type B struct{ x int }

func (a A) M() int  { return int(a) }
func (b *B) M() int { return b.x }
func kind(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int, int8:
		return fmt.Sprintf("int %v", v)
	case string:
		return "string " + v
	case []int:
		return fmt.Sprint("ints ", len(v))
	case map[string]int:
		return fmt.Sprint("map ", v["a"])
	case func() int:
		return fmt.Sprint("func ", v())
	case error:
		return "error " + v.Error()
	case I:
		return fmt.Sprint("I ", v.M())
	case *int:
		return fmt.Sprint("ptr ", *v)
	case struct{ X int }:
		return fmt.Sprint("anon ", v.X)
	case chan int:
		return fmt.Sprint("chan ", cap(v))
	case [2]bool:
		return fmt.Sprint("arr ", v[1])
	case fmt.Stringer:
		return "stringer " + v.String()
	}
	return fmt.Sprintf("other %T", x)
}
func main() {
	n := 5
	for _, x := range []any{nil, 1, int8(2), int16(3), "s", []int{1}, map[string]int{"a": 4}, func() int { return 6 }, errors.New("e"), A(7), &B{8}, B{9}, &n, struct{ X int }{3}, make(chan int, 2), [2]bool{false, true}, time.Second, 2.5, 'r', any(A(1)), []any{1}} {
		fmt.Println(kind(x))
	}
	var i I = A(3)
	a, ok := i.(A)
	fmt.Println(a, ok)
	_, ok = i.(*B)
	fmt.Println(ok)
	defer func() { e := recover(); fmt.Println(e); _, isErr := e.(error); fmt.Println(isErr) }()
	fmt.Println(i.(*B))
}
