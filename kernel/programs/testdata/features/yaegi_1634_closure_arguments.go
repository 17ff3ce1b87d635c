// Loop variables in closures that are passed, stored and run later (yaegi #1634, #1643, #1645, #1713).
package main

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

var registered []func() string

func register(f func() string)        { registered = append(registered, f) }
func with(n int, f func(int) int) int { return f(n) }
func each[T any](xs []T, f func(int, T)) {
	for i, x := range xs {
		f(i, x)
	}
}

type handler struct {
	name string
	f    func(...string) string
}

func main() {
	for i := 0; i < 3; i++ {
		register(func() string { return fmt.Sprint("i", i) })
		i := i * 10
		register(func() string { i++; return fmt.Sprint("inner", i) })
	}
	for k, v := range map[string]int{"only": 1} {
		register(func() string { v++; return k + fmt.Sprint(v) })
	}
	for _, f := range registered {
		fmt.Print(f(), " ")
	}
	fmt.Println(registered[1](), registered[6]())
	total := 0
	each([]string{"a", "bb"}, func(i int, s string) {
		total += with(i+len(s), func(n int) int { return n * (i + 1) })
		each([]int{1, 2}, func(j, n int) { total += i * j * n })
	})
	fmt.Println(total)
	var hs []handler
	for i, n := range strings.Fields("x y z") {
		hs = append(hs, handler{n, func(a ...string) string { return n + fmt.Sprint(i, len(a)) }})
	}
	fmt.Println(hs[0].f(), hs[1].f("a"), hs[2].f(hs[0].name, hs[1].name))
	var mu sync.Mutex
	var got []string
	var timers sync.WaitGroup
	for i := range 3 {
		for _, s := range []string{"p", "q"} {
			timers.Add(1)
			time.AfterFunc(time.Microsecond, func() {
				defer timers.Done()
				mu.Lock()
				defer mu.Unlock()
				got = append(got, fmt.Sprint(s, i))
			})
		}
	}
	timers.Wait()
	sort.Strings(got)
	fmt.Println(got)
	xs := []int{3, 1, 2}
	for d := -1; d <= 1; d += 2 {
		slices.SortFunc(xs, func(a, b int) int { return d * (a - b) })
		fmt.Print(xs)
	}
	fmt.Println(slices.IndexFunc(xs, func(x int) bool { return x == len(xs) }))
	var prev func() int
	for i := range 4 {
		p := prev
		prev = func() int {
			if p == nil {
				return i
			}
			return p()*10 + i
		}
	}
	fmt.Println(prev())
	defers := func() (s string) {
		for i, c := range "abc" {
			defer func() { s += string(c) + fmt.Sprint(i) }()
		}
		return
	}
	fmt.Println(defers())
}
