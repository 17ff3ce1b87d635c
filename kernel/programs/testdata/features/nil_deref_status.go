// Nil pointer dereference ends with status 2.
package main

import (
	"fmt"
)

type T struct {
	next *T
	v    int
}

func walk(t *T) int { return t.v + walk(t.next) }
func main()         { fmt.Println("start"); fmt.Println(walk(&T{&T{nil, 1}, 2})) }
