package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

type P struct {
	Name string
	Age  int
}

func main() {
	xs := []int{3, 1, 2}
	slices.Sort(xs)
	fmt.Println(xs, slices.Contains(xs, 2), slices.Index(xs, 3), slices.Max(xs))
	ps := []P{{"b", 2}, {"a", 2}, {"c", 1}}
	slices.SortFunc(ps, func(a, b P) int { return cmp.Or(cmp.Compare(a.Age, b.Age), strings.Compare(a.Name, b.Name)) })
	fmt.Println(ps)
	m := map[string]int{"x": 1, "y": 2}
	ks := slices.Sorted(maps.Keys(m))
	fmt.Println(ks, maps.Clone(m))
	var p atomic.Pointer[P]
	p.Store(&ps[0])
	fmt.Println(p.Load().Name)
	f := sync.OnceValue(func() int { fmt.Println("once"); return 42 })
	fmt.Println(f(), f())
	next, stop := iter.Pull(slices.Values(xs))
	fmt.Println(next())
	fmt.Println(next())
	stop()
	e := fmt.Errorf("w: %w", &fs.PathError{Op: "open", Path: "p", Err: errors.New("x")})
	if pe, ok := errors.AsType[*fs.PathError](e); ok {
		fmt.Println(pe.Op)
	}
	for i, s := range slices.Backward(ks) {
		fmt.Println(i, s)
	}
	for part := range strings.SplitSeq("a,b", ",") {
		fmt.Println(part)
	}
	fmt.Println(slices.Collect(maps.Values(map[int]int{1: 2})), slices.Equal(xs, xs), min(3, 1), max(2.5, 1))
}
