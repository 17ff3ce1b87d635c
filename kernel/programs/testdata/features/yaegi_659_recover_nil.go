// What recover returns is compared, printed, asserted and passed on (yaegi #659, #1022, #10, #280).
package main

import (
	"errors"
	"fmt"
)

func div(a, b int) (result int, err error) {
	defer func() {
		r := recover()
		if r != nil {
			result, err = -1, fmt.Errorf("div: %v", r)
		}
		fmt.Printf("r = %#v; ", r == nil)
	}()
	return a / b, nil
}

func nested(level int) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = fmt.Sprint(level, "<", r, ">")
			if level > 0 {
				panic(s)
			}
		}
	}()
	if level == 3 {
		panic("deep")
	}
	return nested(level + 1)
}

type custom struct{ code int }

func catch(v any) (out string) {
	defer func() {
		switch r := recover().(type) {
		case nil:
			out = "nothing"
		case error:
			out = "error " + r.Error()
		case fmt.Stringer:
			out = "stringer " + r.String()
		case custom:
			out = fmt.Sprint("custom ", r.code)
		case *custom:
			r.code++
			out = fmt.Sprint("*custom ", r.code)
		case func() string:
			out = r()
		default:
			out = fmt.Sprintf("%T %v", r, r)
		}
	}()
	if v != "skip" {
		panic(v)
	}
	return
}

func main() {
	fmt.Println(div(30, 2))
	fmt.Println(div(30, 0))
	fmt.Println(nested(0))
	for _, v := range []any{"Ho Ho", errors.New("e"), custom{1}, &custom{1}, 3, func() string { return "fn" }, []int{1}, "skip", 1.5, struct{}{}} {
		fmt.Println(catch(v))
	}
	func() {
		defer func() { fmt.Println(recover() == nil, recover()) }()
	}()
	func() {
		defer func() {
			r := recover()
			e, ok := r.(error)
			fmt.Println(ok, e)
		}()
		panic(nil)
	}()
	fmt.Println("done", recover())
}
