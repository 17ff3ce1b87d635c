// More of slices and maps.
package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

type ID int

func main() {
	m := map[ID]string{3: "c", 1: "a", 2: "b"}
	keys := slices.Collect(maps.Keys(m))
	slices.Sort(keys)
	vals := slices.Sorted(maps.Values(m))
	c := maps.Clone(m)
	maps.DeleteFunc(c, func(k ID, v string) bool { return k > 1 })
	maps.Copy(c, map[ID]string{9: "z"})
	fmt.Println(keys, vals, c, maps.Equal(m, c), slices.Repeat([]ID{1}, 3), slices.Delete(slices.Clone(keys), 0, 1))
	var p atomic.Pointer[map[ID]string]
	p.Store(&m)
	fmt.Println((*p.Load())[3], p.CompareAndSwap(&c, nil), cmp.Compare(ID(1), 2), cmp.Less("a", "b"), cmp.Or(ID(0), 7))
	f := sync.OnceValue(func() ID { fmt.Print("once "); return 5 })
	fmt.Println(f(), f())
	g := slices.Grow([]ID{1}, 10)
	fmt.Println(len(g), cap(g) >= 11, slices.Compact([]ID{1, 1, 2}), slices.Index(keys, 3))
}
