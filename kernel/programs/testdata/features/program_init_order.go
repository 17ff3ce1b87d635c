// Initialization by dependency across functions and methods, in declaration order else.
package main

import "fmt"

var trace []string

func note(s string, n int) int { trace = append(trace, s); return n }

var (
	a    = note("a", c+b)
	b    = note("b", f())
	c    = note("c", 1)
	d    = note("d", 3)
	_    = note("_", 0)
	e, g = pair()
	t    = T{note("t", h)}
	h    = note("h", 5)
	m    = T.get(T{note("m", 2)})
	fn   = func() int { return z }
	y    = note("y", fn())
	z    = note("z", 4)
	arr  = [...]int{note("arr0", k), note("arr1", 1)}
	k    = note("k", len(mp))
	mp   = map[string]int{"x": note("mp", 1)}
)

type T struct{ n int }

func (t T) get() int { return t.n + d }
func f() int         { d++; return d }
func pair() (int, int) {
	return note("pair", 1), i2
}

var i2 = note("i2", 8)

const lateConst = early * 2
const early = 21

type later struct{ *earlier }
type earlier struct{ l *later }

func main() {
	fmt.Println(trace)
	fmt.Println(a, b, c, d, e, g, t, h, m, y, z, arr, k, mp, i2, lateConst)
	fmt.Println(later{&earlier{}}.l == nil)
}
