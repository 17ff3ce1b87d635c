// All forms of type switches.
package main

import (
	"fmt"
	"io"
	"time"
)

type S struct{}

func (S) String() string { return "S" }

type A = int

func f(x any) string {
	switch y := x.(type) {
	case nil:
		return "nil"
	case bool, A:
		return fmt.Sprintf("basic %v", y)
	case []any:
		return fmt.Sprint("list of ", len(y), f(y[0]))
	case map[string]int:
		return fmt.Sprint("map ", y["k"])
	case func() int:
		return fmt.Sprint("func ", y())
	case chan<- int, <-chan int:
		return "chan"
	case *S:
		return "pointer " + y.String()
	case fmt.Stringer:
		return "stringer " + y.String()
	case interface{ Error() string }:
		return "error " + y.Error()
	case [2]int:
		return fmt.Sprint(y[1])
	case struct{ X int }:
		return fmt.Sprint("struct ", y.X)
	}
	return fmt.Sprintf("%T", x)
}
func main() {
	for _, x := range []any{nil, true, 3, []any{1}, map[string]int{"k": 5}, func() int { return 7 }, make(<-chan int), make(chan int), &S{}, S{}, io.EOF, [2]int{1, 2}, struct{ X int }{4}, 2.5, []S{}, time.Minute} {
		fmt.Println(f(x))
	}
	var e error
	switch e.(type) {
	case nil:
		fmt.Println("nil error")
	case error:
		fmt.Println("error")
	}
	var s fmt.Stringer = S{}
	switch v := s.(type) {
	case S:
		fmt.Println("S", v == S{})
	default:
		fmt.Println("?")
	}
}
