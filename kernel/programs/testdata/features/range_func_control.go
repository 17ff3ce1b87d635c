// Break, continue, return, goto, defer, labels in range over functions.
package main

import (
	"fmt"
	"iter"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Print("<", n, ">")
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}
func find(want int) (idx int, ok bool) {
	for i := range count(10) {
		for j := range count(10) {
			if i*j == want {
				return i*100 + j, true
			}
		}
	}
	return
}
func lbl() (s string) {
a:
	for i := range count(3) {
	b:
		for j := range count(3) {
			for k := range count(3) {
				switch {
				case k == 2:
					continue b
				case j == 1:
					continue a
				case i == 2:
					break a
				}
				s += fmt.Sprint(i, j, k, " ")
			}
		}
	}
	return
}
func def() (n int) {
	defer func() { n *= 2 }()
	for i := range count(3) {
		defer func() { n += i }()
	}
	return 10
}
func main() {
	fmt.Println(find(12))
	fmt.Println(lbl())
	fmt.Println(def())
	defer func() { fmt.Println("recovered", recover()) }()
	for i := range count(5) {
		if i == 2 {
			panic("in body")
		}
	}
}
