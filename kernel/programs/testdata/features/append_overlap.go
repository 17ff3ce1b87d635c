// Append of overlapping parts.
package main

import (
	"fmt"
)

func main() {
	s := []int{1, 2, 3, 4, 5}
	s = append(s[:1], s[2:]...)
	fmt.Println(s, s[:5])
	b := append([]byte("ab"), "cd"...)
	b = append(b[:1], append([]byte{'X'}, b[1:]...)...)
	b = append(b[:2], '5', b[2])
	fmt.Println(string(b))
	copy(b[1:], b)
	fmt.Println(string(b))
	t := append(s[:0:0], s...)
	t[0] = 99
	fmt.Println(s[0], t[0])
}
