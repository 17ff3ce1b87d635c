// Promotion through embedded pointers and generic structs.
package main

import (
	"fmt"
)

type Base[T any] struct {
	val   T
	hooks []func(T)
}

func (b *Base[T]) Set(v T) {
	b.val = v
	for _, h := range b.hooks {
		h(v)
	}
}
func (b Base[T]) Get() T { return b.val }

type Named struct {
	*Base[string]
	name string
}
type Both struct {
	Named
	Base[int]
}
type Getter[T any] interface{ Get() T }

func main() {
	n := Named{&Base[string]{}, "n"}
	n.hooks = append(n.hooks, func(s string) { fmt.Println("hook", s, n.name) })
	n.Set("v")
	m := n
	m.Set("w")
	var g Getter[string] = n
	fmt.Println(n.Get(), g.Get(), m.val)
	b := Both{Named: n}
	b.Base.Set(3)
	b.Named.Set("deep")
	fmt.Println(b.Base.Get(), b.Named.Get(), b.name)
	fmt.Printf("%T %v\n", b.Base, b.Base.val)
}
