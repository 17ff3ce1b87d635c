// Type switches and assertions on type parameters.
package main

import (
	"fmt"
	"io"
	"time"
)

func kind[T any](v T) string {
	switch x := any(v).(type) {
	case int:
		return fmt.Sprint("int ", x+1)
	case string:
		return "string " + x
	case []T:
		return "slice"
	case fmt.Stringer:
		return "stringer " + x.String()
	case nil:
		return "nil"
	}
	return fmt.Sprintf("%T", v)
}
func is[T any](v any) bool { _, ok := v.(T); return ok }

type opt[T any] struct{ v *T }

func some[T any](v T) opt[T] { return opt[T]{&v} }
func (o opt[T]) or(d T) T {
	if o.v == nil {
		return d
	}
	return *o.v
}
func zero[T any]() (z T) { return }
func main() {
	fmt.Println(kind(1), kind("s"), kind(2.5), kind([]int{}), kind(time.Second), kind[error](nil), kind[any](7))
	fmt.Println(is[int](1), is[error](io.EOF), is[fmt.Stringer](1), is[func()](nil), is[opt[int]](some(1)))
	fmt.Println(some("x").or("y"), opt[int]{}.or(5), zero[*int]() == nil, zero[[2]string](), zero[error]() == nil)
	fmt.Printf("%T %T\n", some(map[string]int{}), zero[opt[opt[bool]]]())
}
