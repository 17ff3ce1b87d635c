// Assertions on nil interfaces and comparisons with nil in all directions (yaegi #1454, #1496, #1337, #1342).
package main

import (
	"fmt"
	"io"
	"os"
)

type I2 interface{ I2() string }
type I interface{ I2 }
type S struct{ n int }

func (s *S) I2() string {
	if s == nil {
		return "nil S"
	}
	return fmt.Sprint("S", s.n)
}

func f(i any) string {
	switch at := i.(type) {
	case int, int8:
		return fmt.Sprint("integer ", at)
	case io.Reader:
		return fmt.Sprint("reader ", at == nil)
	case nil:
		return "nil"
	}
	return "bye"
}

func isNil(e error) bool { return e == nil }

type E string

func (e E) Error() string { return string(e) }

func get(k string) (e error) {
	if k == "typed" {
		var p *E
		e = p
	}
	if k == "value" {
		e = E("v")
	}
	return
}

func main() {
	var i I
	_, ok := i.(*S)
	_, ok2 := i.(I2)
	fmt.Println(ok, ok2, i == nil)
	i = (*S)(nil)
	s, ok := i.(*S)
	fmt.Println(s == nil, ok, i == nil, i != nil, i.I2(), I2(i).I2())
	var fd *os.File
	var r io.Reader = fd
	fmt.Println(f(r), f(nil), f(int8(3)), f("x"), r == nil, r == (*os.File)(nil), r != io.Reader(nil))
	n := 100
	p := &n
	var a any
	fmt.Println([]byte{} == nil, nil == p, nil == &n, a == nil, nil == a, any(p) == nil, any(p) == any(&n))
	a = "a"
	fmt.Println(a, a == "a", "a" == a, a != "b", a == any('a'), a == nil)
	a = E("v")
	fmt.Println(get("typed") == nil, isNil(get("typed")), isNil(get("none")), get("value") == a, a == E("v"), a == "v", get("value") == E("v"))
	var e1, e2 error
	fmt.Println(e1 == e2, e1 == get("x"), get("value") == get("value"), get("typed") == get("typed"))
	m := map[any]int{nil: 1, (*S)(nil): 2, I(nil): 3}
	fmt.Println(len(m), m[nil], m[(*S)(nil)], m[(*E)(nil)])
	var fn func()
	var c chan int
	fmt.Println(any(fn) == nil, fn == nil, any(c) == nil, c == nil, any((chan int)(nil)) == any(c))
	defer func() { fmt.Println(recover()) }()
	fmt.Println(any(fn) == any(fn))
}
