// Slice bounds.
package main

import (
	"fmt"
)

func main() {
	s := "hello"
	i, j := 3, 10
	for _, f := range []func(){func() { _ = s[i:j] }, func() { _ = s[j:] }, func() { _ = s[i:1] }, func() { _ = make([]int, 3)[i:j:j] }, func() { _ = make([]int, 3, 20)[:i:2] }, func() { _ = [3]int{}[i] }, func() { _ = s[i+i] }} {
		func() { defer func() { fmt.Println(recover()) }(); f() }()
	}
	k := -1
	_ = []int{1}[k]
}
