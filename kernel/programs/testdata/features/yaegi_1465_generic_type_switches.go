// Type switches on pointers to and values of type parameters (yaegi #1465, #1466, #1571, #1475).
package main

import (
	"fmt"
	"strconv"
)

func Tweak[T int | string | float64](v T) T {
	switch p := any(&v).(type) {
	case *string:
		*p += " abc"
	case *int:
		*p -= 234
	case *float64:
		*p /= 2
	}
	return v
}

func Name[T any]() string {
	var z T
	switch any(z).(type) {
	case int:
		return "int"
	case string:
		return "string"
	case []T:
		return "never"
	case error:
		return "error"
	case nil:
		return "nil interface"
	}
	return fmt.Sprintf("%T", z)
}

func Conv[To, From int | int64 | float64 | uint8](f From) To { return To(f) }

func Parse[T int | bool | string](s string) (out T, err error) {
	switch p := any(&out).(type) {
	case *int:
		*p, err = strconv.Atoi(s)
	case *bool:
		*p, err = strconv.ParseBool(s)
	case *string:
		*p = s
	}
	return
}

type A struct {
	*B[string]
	C B[int]
}
type B[T any] struct {
	data T
	next *B[T]
}

func (b *B[T]) Last() *B[T] {
	for b.next != nil {
		b = b.next
	}
	return b
}

type Num interface{ ~int | ~uint16 }
type my uint16

func Zero[T Num]() T                { return 0 }
func IsZero[T comparable](v T) bool { return v == *new(T) }
func As[T any](v any) (T, bool)     { t, ok := v.(T); return t, ok }

func main() {
	fmt.Println(Tweak("test"), Tweak(1234), Tweak(5.0))
	fmt.Println(Name[int](), Name[string](), Name[error](), Name[fmt.Stringer](), Name[[]int](), Name[B[bool]](), Name[*int]())
	fmt.Println(Conv[uint8](300), Conv[int](3.99), Conv[float64](int64(7)), Conv[int64, float64](-2.5))
	n, err := Parse[int]("42")
	_, err2 := Parse[bool]("maybe")
	s, _ := Parse[string]("x")
	fmt.Println(n, err, err2, s)
	a := &A{B: &B[string]{data: "d", next: &B[string]{data: "e"}}, C: B[int]{data: 3}}
	fmt.Println(a.data, a.Last().data, a.C.Last().data, a.next.next == nil)
	fmt.Println(Zero[my]()+1, Zero[int](), IsZero(""), IsZero(my(2)), IsZero[any](nil), IsZero([2]int{}))
	v, ok := As[int](5)
	w, ok2 := As[string](5)
	e, ok3 := As[error](fmt.Errorf("e"))
	fmt.Println(v, ok, w == "", ok2, e, ok3)
}
