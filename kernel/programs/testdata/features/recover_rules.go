// Recover works only directly in a deferred function.
package main

import (
	"fmt"
)

func helper() any     { return recover() }
func direct() (r any) { defer func() { r = recover() }(); panic(1) }
func nested() (r any) {
	defer func() { r = recover() }()
	defer func() { func() { recover() }() }()
	panic(2)
}
func viaHelper() (r any) {
	defer func() {
		if r == nil {
			r = recover()
		}
	}()
	defer helper()
	panic(3)
}
func twice() (a, b any) { defer func() { a = recover(); b = recover() }(); panic(4) }
func value() (err error) {
	defer func() { err, _ = recover().(error) }()
	var p *struct{ x int }
	p.x = 1
	return nil
}
func inLoop() (out []any) {
	for i := range 3 {
		func() {
			defer func() { out = append(out, recover()) }()
			if i == 1 {
				panic(i)
			}
		}()
	}
	return
}

type T struct{}

func (T) Rec() { fmt.Println("method recovered", recover()) }
func main() {
	fmt.Println(recover(), direct(), nested(), viaHelper())
	fmt.Println(twice())
	fmt.Println(value(), inLoop())
	func() { defer T{}.Rec(); panic("m") }()
	fmt.Println("alive")
}
