// A constraint of []int and [3]int (yaegi #1488).
package main

import (
	"fmt"
)

type vector interface{ []int | [3]int }

func sum[V vector](v V) (out int) {
	for i := 0; i < len(v); i++ {
		out += v[i]
	}
	return
}

type bytesLike interface{ ~[]byte | ~string }

func count[T bytesLike](s T) (n int) {
	for i := range len(s) {
		if s[i] == 'a' {
			n++
		}
	}
	return n + len(s[1:])
}
func main() {
	fmt.Println(sum([3]int{1, 2, 3}), sum([]int{1, 2}), count("banana"), count([]byte("aa")))
}
