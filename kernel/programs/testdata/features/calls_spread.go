// Calls: f(g()), method chains, results used at once, arguments evaluated before the call.
package main

import (
	"errors"
	"fmt"
	"strconv"
)

type B struct{ s []string }

func (b *B) Add(s string) *B { b.s = append(b.s, s); return b }
func (b B) With(s string) B  { b.s = append(b.s[:len(b.s):len(b.s)], s); return b }
func (b *B) Done() (string, error) {
	if len(b.s) == 0 {
		return "", errors.New("empty")
	}
	return fmt.Sprint(b.s), nil
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func three() (int, string, error)    { return 1, "a", nil }
func sink(n int, rest ...any) string { return fmt.Sprint(n, len(rest), rest) }
func opt(fs ...func(*B)) *B {
	b := &B{}
	for _, f := range fs {
		f(b)
	}
	return b
}

func main() {
	b := new(B)
	b.Add("x").Add("y").Add("z")
	c := b.With("1")
	d := b.With("2")
	fmt.Println(b.s, c.s, d.s)
	fmt.Println(must(b.Done()), must(strconv.Atoi("42"))+1)
	fmt.Println(sink(three()))
	fmt.Println(three())
	x := 1
	f := func(a, b int) int { return a*10 + b }
	fmt.Println(f(x, func() int { x = 2; return 3 }()))
	fmt.Println(must(opt(func(b *B) { b.Add("o") }, func(b *B) { *b = b.With("p") }).Done()))
	(func(s string) { fmt.Println("called", s) })("paren")
	fn := map[bool]func(...int) int{true: func(n ...int) int { return len(n) }}
	fmt.Println(fn[true](1, 2, 3), fn[len(fn) == 1]([]int{1}...))
	var e interface{ Error() string } = errors.New("dyn")
	fmt.Println(e.Error()[1:], struct{ f func() string }{func() string { return "field" }}.f())
	defer func() {
		r := recover()
		fmt.Println("recovered", r, r.(error).Error() == "empty")
		var nilf func(int) int
		defer func() { fmt.Println(recover()) }()
		fmt.Println(nilf(must(strconv.Atoi("5"))))
	}()
	must((&B{}).Done())
}
