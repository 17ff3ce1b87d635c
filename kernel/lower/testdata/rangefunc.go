package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

func countTo(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 1; i <= n; i++ {
			if !yield(i) {
				fmt.Println("stopped at", i)
				return
			}
		}
	}
}
func pairs(s string) iter.Seq2[int, rune] {
	return func(yield func(int, rune) bool) {
		for i, r := range s {
			if !yield(i, r) {
				return
			}
		}
	}
}
func find(n int) (res int) {
	for x := range countTo(10) {
		for y := range countTo(x) {
			if x*y == n {
				return x*100 + y
			}
		}
	}
	return -1
}
func labels() int {
	c := 0
outer:
	for x := range countTo(5) {
		for range countTo(5) {
			c++
			if c%3 == 0 {
				continue outer
			}
			if x == 4 {
				break outer
			}
		}
	}
	return c
}
func withDefer() {
	for x := range countTo(2) {
		defer fmt.Println("deferred", x)
	}
	fmt.Println("end")
}
func main() {
	for i := range countTo(3) {
		fmt.Print(i, " ")
	}
	fmt.Println()
	for i, r := range pairs("ab") {
		fmt.Print(i, string(r), " ")
	}
	fmt.Println()
	fmt.Println(find(12), find(97))
	fmt.Println(labels())
	withDefer()
	for range countTo(2) {
		fmt.Print(".")
	}
	fmt.Println()
	next, stop := iter.Pull(countTo(3))
	fmt.Println(next())
	fmt.Println(next())
	stop()
	fmt.Println(next())
	fmt.Println(slices.Collect(countTo(4)), maps.Collect(slices.All([]string{"a"})))
	for i := range 3 {
		defer func() { fmt.Print(i) }()
	}
	var n int8 = 3
	for i := range n {
		fmt.Printf("%T%d ", i, i)
	}
	fmt.Println()
}
