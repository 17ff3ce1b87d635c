// Range over everything.
package main

import (
	"fmt"
)

type Seq func(yield func(string) bool)

func (s Seq) Len() (n int) {
	for range s {
		n++
	}
	return
}
func main() {
	for i := range 3 {
		i *= 2
		fmt.Print(i, " ")
	}
	var n8 int8 = 3
	for i := range n8 {
		fmt.Printf("%T%d ", i, i)
	}
	for range 2 {
		fmt.Print("- ")
	}
	for i, r := range "aé\xff" {
		fmt.Print(i, ":", r, " ")
	}
	for i := range "世x" {
		fmt.Print(i, " ")
	}
	for i, b := range []byte("hi") {
		fmt.Print(i, b, " ")
	}
	s := []int{1, 2, 3}
	for i, v := range s {
		if i == 0 {
			s = append(s, 4)
			s[1] = 20
		}
		fmt.Print(v, " ")
	}
	a := [3]int{1, 2, 3}
	for i, v := range a {
		a[2] = 30
		if i == 2 {
			fmt.Print(v, " ")
		}
	}
	for i, v := range &a {
		a[2] = 40
		if i == 2 {
			fmt.Print(v, " ")
		}
	}
	fmt.Println()
	words := Seq(func(yield func(string) bool) {
		for _, w := range []string{"x", "y"} {
			if !yield(w) {
				return
			}
		}
	})
	for w := range words {
		fmt.Print(w, " ")
		break
	}
	var x struct {
		i int
		m map[string]int
	}
	for x.i = range 5 {
		if x.i == 3 {
			break
		}
	}
	var k string
	for k, x.i = range map[string]int{"q": 9} {
	}
	fmt.Println(words.Len(), x.i, k)
	func() {
		for i := range 3 {
			defer fmt.Print(i, " ")
		}
	}()
	for i, f := range []func() int{func() int { return 1 }} {
		fmt.Println(i, f())
	}
	var np *[4]int
	for i := range np {
		fmt.Print(i)
	}
	fmt.Println(len(np))
}
