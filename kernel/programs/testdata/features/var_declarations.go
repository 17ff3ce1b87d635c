// Variables: groups, several at once, types from values, zero values, redeclaration.
package main

import (
	"errors"
	"fmt"
	"os"
)

var (
	a, b    = 1, "b"
	c       float32
	d, e, f int8                        = 1, 2, 3
	g                                   = h + 1
	h                                   = k()
	m, n                                = pair()
	i       interface{ Error() string } = errors.New("e")
)

func k() int              { return 41 }
func pair() (int, string) { return 5, "five" }

func open(fail bool) (n int, err error) {
	if fail {
		return 0, errors.New("failed")
	}
	n, err = 1, nil
	if n := 7; n > 1 {
		n, err := n*2, errors.New("inner")
		_, _ = n, err
	}
	return
}

func main() {
	fmt.Println(a, b, c, d, e, f, g, h, m, n, i)
	x, err := open(false)
	y, err := open(true)
	fmt.Println(x, y, err)
	p := &x
	x, z := 10, 11
	fmt.Println(*p, z, p == &x)
	var q, r = 1.5, []int(nil)
	var s struct {
		t [2]map[string]int
		u *int
	}
	fmt.Println(q, r == nil, s.t[0] == nil, s.u == nil, len(s.t))
	if _, err := os.Open("/nowhere/file"); err != nil {
		fmt.Println(errors.Is(err, os.ErrNotExist))
	}
	fmt.Println(err)
	var (
		i8 = int8(-128)
		t  = -i8
	)
	fmt.Println(t)
}
