package main

import (
	"errors"
	"fmt"
)

type res struct{ name string }

func (r *res) Close() error { fmt.Println("close", r.name); return errors.New("e-" + r.name) }
func open(n string) *res    { fmt.Println("open", n); return &res{n} }
func named() (n int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("wrapped: %v", e)
			n *= 2
		}
	}()
	n = 21
	panic("boom")
}
func order() (s string) {
	for i := range 3 {
		defer func() { s += fmt.Sprint(i) }()
	}
	return "r"
}
func nested() {
	defer fmt.Println("outer deferred")
	defer func() {
		defer func() { fmt.Println("inner recover:", recover()) }()
		panic("second")
	}()
	defer func() { fmt.Println("recover 1:", recover()) }()
	panic("first")
}
func args() {
	x := 1
	defer fmt.Println("x was", x)
	x = 2
	defer func(y int) { fmt.Println("y", y, "x", x) }(x)
	x = 3
}
func rethrow() {
	defer func() { r := recover(); fmt.Println("got", r); panic(fmt.Sprint("again ", r)) }()
	panic(1)
}
func closeErr() (err error) {
	r := open("f")
	defer func() {
		if c := r.Close(); err == nil {
			err = c
		}
	}()
	return nil
}
func main() {
	fmt.Println(named())
	fmt.Println(order())
	nested()
	args()
	fmt.Println(closeErr())
	defer func() { fmt.Println("main recovers", recover()) }()
	rethrow()
}
