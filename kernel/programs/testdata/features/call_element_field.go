// Calls of functions in fields of elements, as arguments.
package main

import "fmt"

type T struct {
	f    func(*T) string
	kids []*T
	by   map[string]*T
	name string
}

type cmd struct {
	name string
	run  func(args ...string) (int, error)
}

var table = []cmd{{"len", func(a ...string) (int, error) { return len(a), nil }}, {"bad", func(...string) (int, error) { return 0, fmt.Errorf("bad") }}}
var byName = map[string]cmd{"x": table[0]}

func main() {
	t := &T{f: func(t *T) string { return t.name + "!" }, name: "root"}
	t.kids = append(t.kids, &T{name: "kid", f: t.f})
	t.by = map[string]*T{"k": t.kids[0]}
	fmt.Println(t.f(t), t.by["k"].f(t.by["k"]), t.kids[0].f(t))
	fmt.Println(table[0].run("a", "b"))
	for i := range table {
		n, err := table[i].run("q")
		fmt.Println(n, err)
	}
	n, _ := byName["x"].run()
	fmt.Println(n, len(t.by["k"].f(t)))
	arr := [2]struct{ g func() []func() int }{{func() []func() int { return []func() int{func() int { return 7 }} }}}
	fmt.Println(arr[0].g()[0]())
	if t.by["k"].f(t) == "root!" {
		defer table[1].run()
		go table[0].run()
	}
	x := []any{t.kids[0].f(t), len(t.kids)}
	fmt.Println(x...)
}
