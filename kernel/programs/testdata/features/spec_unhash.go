// What cannot be a key of a map, and the words for it.
package main

import "fmt"

func try(f func()) { defer func() { fmt.Println(recover()) }(); f() }

type I interface{ M() }
type S []int

func (S) M() {}

type T struct{ a any }

func main() {
	m := map[any]int{}
	try(func() { m[[]int{}] = 1 })
	try(func() { _ = m[[]int{}] })
	try(func() { _, _ = m[[]int{}] })
	try(func() { delete(m, any(T{[]int{}})) })
	try(func() { m[T{[]int{}}]++ })
	try(func() { m[T{[]int{}}] -= 2 })
	m[1] = 1
	try(func() { m[[]int{}] = 1 })
	try(func() { _ = m[[]int{}] })
	try(func() { _, _ = m[T{func() {}}] })
	try(func() { delete(m, [1]any{[]int{}}) })
	try(func() { m[S{}] += 2 })
	mi := map[I]int{}
	try(func() { mi[S{}] = 2 })
	try(func() { _ = mi[S{}] })
	var n map[any]int
	try(func() { _ = n[[]int{}] })
	try(func() { delete(n, any(S{})) })
	try(func() { n[S{}] = 1 })
	mt := map[T]int{}
	try(func() { mt[T{S{}}] = 1 })
	try(func() { _ = mt[T{S{}}] })
	try(func() { _ = map[any]int{S{}: 1} })
	try(func() { _ = map[any]int{any(1): 1, any(1): 2} })
}
