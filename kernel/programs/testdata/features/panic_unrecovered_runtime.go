// Unhashable keys, comparisons that fault and their texts.
package main

import "fmt"

type key struct{ v any }

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	m := map[any]int{}
	try(func() { m[[]int{1}] = 1 })
	try(func() { m[key{map[string]int{}}] = 1 })
	m[1] = 1
	try(func() { fmt.Println(m[func() {}]) })
	try(func() { delete(m, []string{}) })
	try(func() { fmt.Println(any(key{[]int{}}) == any(key{[]int{}})) })
	try(func() { fmt.Println(any(key{[]int{}}) == any(key{1})) })
	try(func() { fmt.Println(any([2]any{1, []int{}}) == any([2]any{2, []int{}})) })
	try(func() { fmt.Println(key{1} == key{1}, key{1} == key{int8(1)}) })
	ks := map[key]int{{1}: 1}
	ks[key{"x"}]++
	fmt.Println(len(ks), len(m))
	ks[key{[]int{}}]++
}
