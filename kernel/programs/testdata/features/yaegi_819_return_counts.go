// Functions of no, one and many results used in every place that takes them (yaegi #819, #443, #230, #464).
package main

import (
	"errors"
	"fmt"
	"strings"
)

func none()                               {}
func one() int                            { return 1 }
func three() (a int, b string, err error) { a, b = 3, "three"; return }
func named(fail bool) (n int, err error) {
	defer func() {
		if err != nil {
			n = -n
		}
	}()
	n = 5
	if fail {
		err = errors.New("asked to")
		return
	}
	return n * 2, nil
}
func pass() (int, string, error)         { return three() }
func vari(n int, rest ...any) (int, int) { return n, len(rest) }
func fns() (func() int, func(int) (int, bool)) {
	return one, func(n int) (int, bool) { return n, n > 0 }
}

type T struct{ n int }

func (t *T) Next() (*T, bool) { t.n++; return t, t.n < 3 }

func main() {
	none()
	fmt.Println(one(), one()+one())
	fmt.Println(three())
	fmt.Println(pass())
	fmt.Println(vari(one()))
	fmt.Println(vari(three()))
	a, _, _ := pass()
	var b, c = vari(a, b0, nil)
	fmt.Println(a, b, c)
	fmt.Println(named(true))
	fmt.Println(named(false))
	f, g := fns()
	if n, ok := g(f()); ok {
		fmt.Println(n)
	}
	if _, err := named(true); err != nil {
		fmt.Println(err)
	}
	switch n, err := named(false); {
	case err == nil:
		fmt.Println("switch", n)
	}
	t := &T{}
	for t, ok := t.Next(); ok; t, ok = t.Next() {
		fmt.Print(t.n, " ")
	}
	fmt.Println(t.n)
	m := map[string]int{}
	m["x"], m["y"] = vari(7, 8, 9)
	var arr [2]int
	arr[0], arr[1] = arr[1], one()
	fmt.Println(m, arr)
	func() (int, error) { return named(true) }()
	s := strings.Fields(fmt.Sprint(three()))
	fmt.Println(len(s), s)
	ch := make(chan int, 1)
	ch <- one()
	v, ok := <-ch
	fmt.Println(v, ok)
	defer fmt.Println(vari(1, 2))
	go none()
}

var b0 = one() * 10
