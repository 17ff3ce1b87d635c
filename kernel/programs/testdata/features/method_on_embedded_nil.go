// Nil pointers as receivers, nil embedded interface.
package main

import (
	"fmt"
)

type T struct{ n int }

func (t *T) Safe() string {
	if t == nil {
		return "nil T"
	}
	return fmt.Sprint(t.n)
}

type L struct {
	v    int
	next *L
}

func (l *L) Sum() int {
	if l == nil {
		return 0
	}
	return l.v + l.next.Sum()
}

type W struct{ fmt.Stringer }

func main() {
	var t *T
	fmt.Println(t.Safe(), (&T{4}).Safe(), (*L)(nil).Sum(), (&L{1, &L{2, nil}}).Sum())
	var i interface{ Safe() string } = t
	fmt.Println(i.Safe(), i != nil)
	f := t.Safe
	fmt.Println(f())
	defer func() { fmt.Println(recover()); var p *T; fmt.Println(p.n) }()
	w := W{}
	_ = w.String()
}
