// Interface types of interface types, assertion between them.
package main

import (
	"fmt"
	"strings"
)

type R interface{ Read() string }
type W interface{ Write(string) int }
type RW interface {
	R
	W
}
type file struct{ s *[]string }

func (f file) Read() string       { return strings.Join(*f.s, "|") }
func (f file) Write(s string) int { *f.s = append(*f.s, s); return len(*f.s) }

type ro struct{ R }

func open() RW { return file{new([]string)} }
func main() {
	rw := open()
	var w W = rw
	w.Write("a")
	fmt.Println(w.(R).Read(), rw.Write("b"))
	var r R = ro{rw}
	_, ok := r.(W)
	w2, ok2 := r.(ro).R.(W)
	fmt.Println(ok, ok2, w2.Write("c"), r.Read())
	var any1 any = rw
	switch v := any1.(type) {
	case interface{ Close() }:
		fmt.Println("closer")
	case RW:
		fmt.Println("rw", v.Read())
	}
	fmt.Println(any1.(interface{ Read() string }).Read() == r.Read())
	_ = r.(W)
}
