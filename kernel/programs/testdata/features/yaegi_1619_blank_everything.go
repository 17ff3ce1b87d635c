// The blank identifier in every place (yaegi #1619, #186, #1068).
package main

import (
	"fmt"
	"os"
	"strings"
)

type T struct {
	_ int
	a int
	_ string
}
type I interface {
	M(_ int, _ string) (_ bool)
}

func (_ T) M(_ int, _ string) bool { return true }
func (T) N(int, ...string) int     { return 7 }

var _ I = T{}
var _ = strings.ToUpper
var _, _ = os.Args, 1

const (
	_ = iota
	one
	_
	three
)

func two() (int, error)           { return 2, nil }
func _()                          { panic("never") }
func _(x int) int                 { return x }
func gen[_ any, B any](_ B) (_ B) { var b B; return b }

func main() {
	_ = 1 + 1
	_ = "s" + strings.Repeat("x", 2)
	_, x := two()
	y, _ := two()
	var _, z = two()
	_, _ = two()
	fmt.Println(x, y, z, one, three, T{a: 3}.a, T{}.M(1, ""), T{}.N(1))
	for _, _ = range []int{1, 2} {
		y++
	}
	for _ = range 2 {
		y++
	}
	for _, v := range map[string]int{"a": 5} {
		y += v
	}
	fmt.Println(y)
	_ = func(_ int, _ ...any) int { y *= 2; return y }(1, 2)
	var _ error = nil
	var i any = 5
	_, ok := i.(int)
	_ = i.(int)
	switch _ = i; v := i.(type) {
	case int:
		_ = v
	}
	m := map[int]int{1: 2}
	_, ok2 := m[1]
	_ = m[7]
	c := make(chan int, 2)
	c <- 1
	_ = <-c
	close(c)
	_, ok3 := <-c
	fmt.Println(ok, ok2, ok3, y, gen[bool](3), gen[int]("s") == "")
	func() {
		defer func() { _ = recover() }()
		_ = m[1] / m[2]
	}()
	defer func() { fmt.Println(recover()) }()
	var p *T
	_ = p.a
}
