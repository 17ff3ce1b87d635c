// Assignments to several places at once (yaegi #1181, #1052, #1306, #1365, #1311).
package main

import (
	"fmt"
	"strconv"
)

type T struct {
	v    any
	next *T
	a    [3]int
}

func check() (result bool, err error) { return true, nil }
func genInt() (int, error)            { return 3, nil }
func getInt() (value int) {
	value, err := genInt()
	if err != nil {
		panic(err)
	}
	return
}
func f() (ret int64, err error) { ret += 2; return }

func fibs(n int) (out []int) {
	a, b := 1, 1
	for range n {
		out = append(out, a)
		a, b = b, a+b
	}
	return
}

func reverse(l *T) (r *T) {
	for l != nil {
		l.next, r, l = r, l, l.next
	}
	return
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func main() {
	a, b, c := 1, 2, 3
	a, b, c = b, -a, a+b
	a, b = b, a
	fmt.Println(a, b, c, fibs(10), gcd(48, 36))
	result, error := check()
	fmt.Println(result, error, getInt())
	t := &T{}
	t.v, _ = f()
	fmt.Println(t.v.(int64))
	var err interface{ Error() string }
	t.v, err = strconv.Atoi("x")
	fmt.Println(t.v, err)
	l := &T{v: 1, next: &T{v: 2, next: &T{v: 3}}}
	for n := reverse(l); n != nil; n = n.next {
		fmt.Print(n.v, " ")
	}
	fmt.Println()
	t.a = [3]int{1, 2, 3}
	i := 0
	i, t.a[i] = 2, 9
	t.a[0], t.a[1], t.a[2] = t.a[2], t.a[0], t.a[1]
	fmt.Println(i, t.a)
	m := map[string]int{"x": 1, "y": 2}
	m["x"], m["y"], m["z"] = m["y"], m["x"], len(m)
	fmt.Println(m)
	s := []int{1, 2, 3}
	s, s[0] = s[1:], 10
	fmt.Println(s)
	p, q := &a, &b
	*p, *q, p, q = *q, *p, q, p
	fmt.Println(a, b, *p, *q)
	x := []int{0, 1, 2}
	x[0], x = 5, nil
	var y [2][2]int
	y[0], y[1] = [2]int{1, 2}, y[0]
	fmt.Println(x == nil, y)
	var n, ok = t.v.(int)
	v, ok2 := m["none"]
	_, _, _ = n, v, ok2
	fmt.Println(ok, ok2)
}
