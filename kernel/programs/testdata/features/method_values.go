// Method values bind receivers now, expressions later.
package main

import (
	"fmt"
)

type C struct{ n int }

func (c C) Val() int { return c.n }
func (c *C) Inc() *C { c.n++; return c }

type I interface{ Val() int }

func main() {
	c := C{1}
	v, inc := c.Val, c.Inc
	c.n = 10
	inc().Inc()
	fmt.Println(v(), c.n, C.Val(c), (*C).Inc(&c).n, (*C).Val(&c), I.Val(c))
	var i I = c
	iv := i.Val
	i = C{99}
	fmt.Println(iv(), i.Val())
	fs := []func() int{c.Val, (&C{7}).Val, i.Val}
	for _, f := range fs {
		fmt.Print(f(), " ")
	}
	m := map[string]func(*C) *C{"inc": (*C).Inc}
	fmt.Println(m["inc"](&c).n)
	defer func() { fmt.Println("deferred", recover()) }()
	var n I
	g := n.Val
	fmt.Println(g())
}
