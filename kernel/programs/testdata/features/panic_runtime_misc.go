// Runtime errors of maps, channels, conversions, unhashable keys.
package main

import (
	"fmt"
	"strings"
	"sync"
)

func try(f func()) {
	defer func() {
		r := recover()
		e, ok := r.(error)
		fmt.Println(r, ok && strings.HasPrefix(e.Error(), "runtime error"))
	}()
	f()
}
func main() {
	var c chan int
	try(func() { close(c) })
	z := 0
	try(func() { _ = 5 % z })
	try(func() { _ = map[any]int{[]int{}: 1} })
	try(func() { var a any = map[string]int{}; var b any = map[string]int{}; _ = a == b })
	try(func() { _ = (*[4]int)([]int{1, 2}) })
	try(func() { n := -5; _ = make([]int, n) })
	try(func() { n := -5; _ = make(chan int, n) })
	try(func() { _ = strings.Repeat("x", -1) })
	try(func() { var f func(int) int; f(1) })
	try(func() { type k struct{ f any }; m := map[k]int{}; m[k{func() {}}]++ })
	try(func() { panic(nil) })
	try(func() { var e error; panic(e) })
	var mu sync.Mutex
	mu.Lock()
	mu.Unlock()
	fmt.Println(5 / z)
}
