package main

import (
	"fmt"
)

type R interface{ Read() string }
type W interface{ Write(s string) }
type RW interface {
	R
	W
}
type file struct{ buf []string }

func (f *file) Read() string {
	if len(f.buf) == 0 {
		return ""
	}
	s := f.buf[0]
	f.buf = f.buf[1:]
	return s
}
func (f *file) Write(s string) { f.buf = append(f.buf, s) }

type logged struct {
	RW
	n int
}

func (l *logged) Write(s string) { l.n++; l.RW.Write("[" + s + "]") }
func main() {
	var rw RW = &logged{RW: &file{}}
	rw.Write("a")
	rw.Write("b")
	var r R = rw
	fmt.Println(r.Read(), rw.(*logged).n, r.(W) != nil)
	_, ok := r.(interface{ Close() })
	fmt.Println(ok)
	fmt.Printf("%T %T\n", rw, r)
}
