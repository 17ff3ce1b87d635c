// Failed type assertions in all forms.
package main

import (
	"fmt"
	"io"
)

type I interface {
	M()
	N()
}
type A struct{}

func (A) M() {}

type B struct{}

func (*B) M() {}
func (*B) N() {}
func try(f func()) {
	defer func() { r := recover(); _, isRuntime := r.(interface{ RuntimeError() }); fmt.Println(r, isRuntime) }()
	f()
}
func main() {
	var x any = A{}
	var n any
	try(func() { _ = x.(I) })
	try(func() { _ = x.(*B) })
	try(func() { _ = n.(A) })
	try(func() { _ = n.(I) })
	try(func() { _ = any(B{}).(I) })
	try(func() { var e error = io.EOF; _ = e.(fmt.Stringer) })
	try(func() { _ = any(1).(string) })
	_ = x.(map[string]int)
}
