// Range over functions: defer, return, labels, panics, goto and nesting inside.
package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Print("<end> ")
		for i := range n {
			if !yield(i) {
				fmt.Print("<stop> ")
				return
			}
		}
	}
}

func pairs(n int) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i := range n {
			if !yield(i, fmt.Sprint("s", i)) {
				return
			}
		}
	}
}

func none(yield func() bool) {
	for yield() {
	}
}

func find(n int) (r string, err error) {
	defer func() { r += "|deferred" }()
	for i := range count(10) {
		defer func() { r += fmt.Sprint("|d", i) }()
		if i == n {
			return fmt.Sprint("found ", i), nil
		}
	}
	return "none", fmt.Errorf("not found")
}

func nested() (out []int) {
outer:
	for i := range count(5) {
		for j := range count(5) {
			switch {
			case j == 3:
				continue outer
			case i == 2:
				break outer
			case j == 1:
				continue
			}
			for k := range count(2) {
				if k == 1 {
					break
				}
				out = append(out, 100*i+10*j+k)
			}
		}
	}
	return
}

func deepReturn() int {
	for i := range count(3) {
		for j := range pairs(3) {
			func() {
				for range count(1) {
					return
				}
			}()
			if i*j == 2 {
				return i*10 + j
			}
		}
	}
	return -1
}

func bad(yield func(int) bool) {
	yield(1)
	yield(2)
}

func swallow(yield func(int) bool) {
	defer func() { recover() }()
	yield(1)
}

func panics() {
	defer func() { fmt.Println("main sees", recover()) }()
	for i := range count(3) {
		if i == 1 {
			panic("in body")
		}
	}
}

func iterPanics() {
	defer func() { fmt.Println("main sees", recover()) }()
	for i := range func(y func(int) bool) { y(1); panic("in iterator") } {
		fmt.Print(i, " ")
	}
}

type Tree struct {
	l, r *Tree
	v    int
}

func (t *Tree) All(yield func(int) bool) bool {
	return t == nil || t.l.All(yield) && yield(t.v) && t.r.All(yield)
}
func (t *Tree) Values() iter.Seq[int] { return func(y func(int) bool) { t.All(y) } }

func named() (x, y int) {
	for x = range count(4) {
		if x == 2 {
			y = 9
			return
		}
	}
	return
}

func gotos() {
	for i := range count(3) {
		if i == 1 {
			goto end
		}
	}
	fmt.Println("never")
end:
	fmt.Println("end")
}

func zip[A, B any](a iter.Seq[A], b iter.Seq[B]) iter.Seq2[A, B] {
	return func(yield func(A, B) bool) {
		next, stop := iter.Pull(b)
		defer stop()
		for x := range a {
			y, ok := next()
			if !ok || !yield(x, y) {
				return
			}
		}
	}
}

func main() {
	fmt.Println(find(2))
	fmt.Println(find(20))
	fmt.Println(nested())
	fmt.Println(deepReturn())
	n := 0
	for range none {
		if n++; n == 4 {
			break
		}
	}
	fmt.Println(n)
	func() {
		defer func() { fmt.Println(recover()) }()
		for i := range bad {
			fmt.Print(i, " ")
			break
		}
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		for i := range swallow {
			panic(i)
		}
	}()
	panics()
	iterPanics()
	t := &Tree{&Tree{nil, nil, 1}, &Tree{&Tree{nil, nil, 3}, nil, 4}, 2}
	for v := range t.Values() {
		if v == 4 {
			break
		}
		fmt.Print(v, " ")
	}
	fmt.Println(slices.Collect(t.Values()))
	fmt.Println(named())
	gotos()
	for k, v := range maps.All(map[string]int{"a": 1}) {
		fmt.Println(k, v)
	}
	for a, b := range zip(count(5), slices.Values([]string{"x", "y"})) {
		fmt.Print(a, b, " ")
	}
	fmt.Println()
	next, stop := iter.Pull2(pairs(3))
	fmt.Println(next())
	fmt.Println(next())
	stop()
	fmt.Println(next())
	var fs []func() int
	for i := range count(3) {
		fs = append(fs, func() int { i += 10; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	var saved func(int) bool
	func() {
		for i := range func(y func(int) bool) { saved = y; y(1) } {
			fmt.Println("body", i)
		}
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		saved(2)
	}()
	for i, c := range slices.Sorted(maps.Keys(map[string]bool{"z": true, "a": false})) {
		fmt.Print(i, c, " ")
	}
	for c := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) {
		fmt.Print(c)
	}
	fmt.Println()
	sum := 0
	for i := range count(3) {
		defer func() { fmt.Println("end of main", i, sum) }()
		sum += i
	}
	for i := range 3 {
		for j := range count(i) {
			if j == 1 {
				continue
			}
			sum += 100
		}
	}
	fmt.Println(sum)
}
