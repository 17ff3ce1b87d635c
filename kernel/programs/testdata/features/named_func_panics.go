// Panics in named functions that are called as values.
package main

import "fmt"

type handler func(s []int) int

func at(s []int) int       { return s[len(s)+2] }
func conv(s string) rune   { return rune(s[10]) }
func slice(s []int) int    { return len(s[3 : 1+len(s)]) }
func pick[T any](s []T) T  { return s[5] }
func deep(s []int) int     { return safe(at, s) }
func (h handler) run() int { return h([]int{1, 2}) }

func safe(f func([]int) int, s []int) (n int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("recovered:", r)
			n = -1
		}
	}()
	return f(s)
}

func main() {
	fmt.Println(safe(at, []int{1}), safe(slice, make([]int, 4)), safe(pick[int], nil), safe(deep, nil))
	h := handler(at)
	fmt.Println(safe(func([]int) int { return h.run() }, nil))
	fs := map[string]func(string) rune{"conv": conv}
	defer func() { fmt.Println(recover()); fmt.Println(at(nil)) }()
	fs["conv"]("abc")
}
