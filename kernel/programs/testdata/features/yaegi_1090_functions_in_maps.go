// Functions, methods and main itself in maps, slices and variables (yaegi #1090, #1202, #1459, #1145, #435).
package main

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
)

type Foo int

func (f Foo) String() string { return "foo-" + strconv.Itoa(int(f)) }

func print1(arg any) { fmt.Println(arg) }

var depth int
var methods = map[string]func(){}

type handlers struct {
	list []func(string) func() string
	by   map[string]func(...int) int
}

func later(s string) func() string { return func() string { return "later " + s } }

func main() {
	methods["main"] = main
	if depth++; depth == 1 {
		methods["main"]()
		return
	}
	methods["x"] = func() { fmt.Println("x", len(methods)) }
	methods["x"]()
	h := handlers{by: map[string]func(...int) int{}}
	h.list = append(h.list, later, func(s string) func() string { return func() string { return strings.ToUpper(s) } })
	for _, f := range h.list {
		fmt.Println(f("arg")())
	}
	h.by["sum"] = func(xs ...int) (n int) {
		for _, x := range xs {
			n += x
		}
		return
	}
	h.by["len"] = func(xs ...int) int { return len(xs) }
	fmt.Println(h.by["sum"](1, 2, 3), h.by["len"]([]int{4, 5}...))
	f := print1
	f(Foo(3))
	var p func(any) = f
	p([]Foo{1, 2})
	var wg sync.WaitGroup
	wg.Add(2)
	done := wg.Done
	go done()
	defer fmt.Println("end")
	done()
	wg.Wait()
	type table [2]map[rune]func(float64, float64) float64
	ops := table{{'+': func(a, b float64) float64 { return a + b }}, {'-': func(a, b float64) float64 { return a - b }}}
	ops[1]['*'] = func(a, b float64) float64 { return ops[0]['+'](a, b) * ops[1]['-'](a, b) }
	fmt.Println(ops[1]['*'](3, 2), ops[0]['?'] == nil)
	cur := strings.Fields
	fmt.Println(cur(" a b "), func() func() int { return func() int { return 5 } }()())
}
