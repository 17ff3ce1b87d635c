// What can be assigned to what without a conversion.
package main

import (
	"fmt"
	"io"
	"strings"
)

type Ints []int
type Fn func(int) int
type Recv <-chan string
type RS interface{ io.ReadSeeker }

func take(i Ints, f Fn, c <-chan string, r io.Reader) {
	fmt.Println(len(i), f(2), <-c)
	b, err := io.ReadAll(r)
	fmt.Println(string(b), err)
}

type node struct{ next *node }

func main() {
	c := make(chan string, 3)
	c <- "one"
	c <- "two"
	c <- "three"
	var rs RS = strings.NewReader("text")
	take([]int{1, 2}, func(n int) int { return n * n }, c, rs)
	var i Ints = []int{1}
	var s []int = i
	s[0] = 9
	var rc Recv = c
	fmt.Println(i, <-rc, len(c))
	var p *node = nil
	var m map[string]int = nil
	var e error = nil
	var a any = p
	fmt.Println(p == nil, m == nil, e == nil, a == nil, a == (*node)(nil))
	var f64 float64 = 'a'
	var r rune = 1e2
	var by byte = 'z' - 'a'
	var cx complex64 = 2
	fmt.Println(f64, r, by, cx)
	var send chan<- string = c
	send <- "four"
	close(send)
	for v := range c {
		fmt.Println(v)
	}
	var st struct{ A int } = struct{ A int }{1}
	type T struct{ A int }
	var t T = st
	fmt.Println(t)
}
