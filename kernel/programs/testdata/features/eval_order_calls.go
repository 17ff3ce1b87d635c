// Function calls, method calls and communication happen in lexical order.
package main

import "fmt"

var log string

func f(s string, n int) int { log += s; return n }

type T struct{ m map[string]int }

func (t *T) get(s string) *T   { log += "." + s; return t }
func (t *T) val(n int) int     { log += fmt.Sprint("v", n); return n }
func pair(s string) (int, int) { log += s; return 1, 2 }

func show(v ...any) { fmt.Println(log, v); log = "" }

func main() {
	t := &T{map[string]int{}}
	c := make(chan int, 3)
	c <- 1
	c <- 2
	c <- 3
	x := f("a", 1) + f("b", 2)*f("c", 3) - t.get("g").val(f("d", 4))
	show(x)
	y := []int{f("a", 0), <-c, f("b", 1), <-c}[f("i", 3)]
	show(y)
	t.m["k"], t.get("l").m["n"] = f("p", 5), f("q", 6)
	show(t.m)
	arr := [5]int{}
	p := &arr
	p[f("i", 1)], arr[f("j", 2)] = pair("P")
	show(arr)
	if f("c", 1) < f("d", 0) || f("e", 1) == t.val(1) && f("g", 0) == 1 {
		show("wrong")
	}
	show("if")
	switch f("s", 2) {
	case f("1", 1), f("2", 2), f("3", 3):
		show("switch")
	}
	for i := f("init", 0); i < f("<", 2); i += f("+", 1) {
		log += "body"
	}
	show("for")
	defer show("deferred", f("D", 1))
	show("after defer")
	func(a, b int, r int) { show(a, b, r) }(f("x", 1), f("y", 2), <-c)
	arr[f("k", 3)] += f("v", 7)
	arr[f("k", 3)]++
	show(arr)
	*(&arr[f("z", 0)]), x = f("w", 9), f("u", 8)
	show(arr, x)
	a, b := f("1", 1), func() int { log += "lit"; return f("2", 2) }()
	show(a, b)
	s := fmt.Sprint(f("m", 1), t.get("n").get("o").val(2), len(t.m), f("p", 3))
	show(s)
	go func(int) {}(f("go", 1))
	show("go")
	m := map[int]int{f("K", 1): f("V", 2)}
	m[f("K", 1)], m[f("L", 2)] = m[f("L", 2)], m[f("K", 1)]
	show(m)
}
