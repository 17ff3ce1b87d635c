// Range over functions: state in the iterator, early exit, nested, yield kept, panics pass through, defers in the body.
package main

import (
	"fmt"
	"iter"
	"slices"
)

func count(log *[]string, n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer func() { *log = append(*log, "cleanup") }()
		for i := range n {
			if !yield(i) {
				*log = append(*log, fmt.Sprint("stopped at ", i))
				return
			}
		}
		*log = append(*log, "exhausted")
	}
}

type tree struct {
	l, r *tree
	v    int
}

func (t *tree) all(yield func(int, *tree) bool) bool {
	return t == nil || t.l.all(yield) && yield(t.v, t) && t.r.all(yield)
}
func (t *tree) Each() iter.Seq2[int, *tree] { return func(y func(int, *tree) bool) { t.all(y) } }

func firstOver(t *tree, n int) (found int) {
	defer func() { found *= 10 }()
	for v := range t.Each() {
		if v > n {
			return v
		}
	}
	return -1
}

func defers() (s string) {
	for i := range 3 {
		for j := range count(new([]string), 2) {
			defer func() { s += fmt.Sprint(i, j, " ") }()
		}
	}
	return "r "
}

func main() {
	var log []string
	for i := range count(&log, 10) {
		if i%2 == 1 {
			continue
		}
		if i > 4 {
			break
		}
		fmt.Print(i, " ")
	}
	fmt.Println(log)
	t := &tree{&tree{nil, nil, 1}, &tree{&tree{nil, nil, 3}, nil, 5}, 2}
	fmt.Println(firstOver(t, 2), firstOver(t, 9), defers())
outer:
	for a := range count(&log, 3) {
		for b := range count(&log, 3) {
			if b == 2 {
				continue outer
			}
			if a == 1 {
				break outer
			}
			fmt.Print(a, b, " ")
		}
	}
	fmt.Println(len(log))
	func() {
		defer func() { fmt.Println("recovered", recover(), log[len(log)-1]) }()
		for i := range count(&log, 5) {
			if i == 2 {
				panic(fmt.Sprint("at ", i))
			}
		}
	}()
	next, stop := iter.Pull2(t.Each())
	for range 2 {
		v, n, ok := next()
		fmt.Print(v, n.v, ok, " ")
	}
	stop()
	_, _, ok := next()
	fmt.Println(ok)
	var kept func(int) bool
	func() {
		defer func() { fmt.Println(recover()) }()
		for range func(yield func(int) bool) { kept = yield; yield(1) } {
		}
		kept(2)
	}()
	n := 0
	for range func(yield func() bool) {
		for yield() {
		}
	} {
		if n++; n == 5 {
			break
		}
	}
	fmt.Println(n, slices.Collect(count(&log, 4)), slices.Sorted(slices.Values([]int{3, 1, 2})))
	var fs []func() int
	for i := range count(&log, 3) {
		fs = append(fs, func() int { i++; return i })
	}
	fmt.Println(fs[0](), fs[0](), fs[2]())
	func() {
		defer func() { fmt.Println(recover()) }()
		for range func(yield func() bool) { yield(); yield() } {
			break
		}
	}()
}
