// Type assertions to types and interfaces, with and without ok, and their panics.
package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

type Shape interface{ Area() float64 }
type Named interface{ Name() string }
type Sq struct{ s float64 }

func (s Sq) Area() float64 { return s.s * s.s }
func (s *Sq) Name() string { return "sq" }

type MyErr struct{ code int }

func (e *MyErr) Error() string { return fmt.Sprint("code ", e.code) }

func try(f func()) {
	defer func() {
		r := recover()
		fmt.Println(r)
		if e, ok := r.(error); ok {
			fmt.Println("  an error:", e.Error() != "")
		}
	}()
	f()
}

func main() {
	var x any = Sq{2}
	s, ok := x.(Sq)
	fmt.Println(s, ok)
	sh, ok := x.(Shape)
	fmt.Println(sh.Area(), ok)
	_, ok = x.(Named)
	fmt.Println(ok)
	x = &Sq{3}
	n, ok := x.(Named)
	fmt.Println(n.Name(), ok)
	both, ok := x.(interface {
		Shape
		Named
	})
	fmt.Println(both.Area(), ok)
	var e error = &MyErr{7}
	if m, ok := e.(*MyErr); ok && m.code == 7 {
		fmt.Println(m)
	}
	var target *MyErr
	fmt.Println(errors.As(fmt.Errorf("wrapped: %w", e), &target), target.code)
	var r io.Reader = strings.NewReader("x")
	_, isW := r.(io.Writer)
	_, isS := r.(io.Seeker)
	_, isB := r.(io.ByteReader)
	fmt.Println(isW, isS, isB)
	var nilany any
	i, ok := nilany.(int)
	fmt.Println(i, ok)
	try(func() { _ = nilany.(int) })
	try(func() { _ = x.(Sq) })
	try(func() { _ = x.(int) })
	try(func() { _ = x.(io.Reader) })
	try(func() { _ = any(Sq{}).(Named) })
	try(func() { _ = nilany.(Shape) })
	try(func() { _ = e.(interface{ Timeout() bool }) })
	try(func() { var s Shape; _ = s.(Sq) })
	try(func() { _ = any([]int{}).([]string) })
	try(func() { _ = any(func() {}).(func(int)) })
	m := map[string]any{"a": 1, "b": []any{"c", map[string]any{"d": 2.5}}}
	fmt.Println(m["b"].([]any)[1].(map[string]any)["d"].(float64) * 2)
	if v, ok := m["zzz"].(string); !ok {
		fmt.Printf("%q\n", v)
	}
}
