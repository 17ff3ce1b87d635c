// The new builtins.
package main

import (
	"fmt"
	"time"
)

func main() {
	fmt.Println(min(3, 1, 2), max(2.5, 1), min("b", "a"), max('a', 'b'), min(1, 2.5))
	x, y := 3, 7
	var f float32 = 2
	fmt.Println(min(x, y, 5), max(x, y)*2, max(f, 3), min(x))
	s := []string{"a", "b"}
	t := s[:1]
	clear(t)
	m := map[string][]int{"a": {1}}
	clear(m)
	fmt.Printf("%q %v %d\n", s, m, len(m))
	type D time.Duration
	fmt.Println(max(time.Second, 3), min(D(4), 2))
}
