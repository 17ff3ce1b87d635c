// Iota in every position: skipped, in expressions, several a line, in functions.
package main

import "fmt"

type Weekday int

const (
	Sunday Weekday = iota
	Monday
	_
	Wednesday
	last = iota
)

const (
	a, b = iota, iota * 10
	c, d
	_, _
	e, f
)

const (
	KB = 1 << (10 * (iota + 1))
	MB
	GB
)

const (
	x = "s"
	y
	z = iota
	w
	v = 'a' + iota
	u
	t float32 = iota / 2.0
	r
)

type Flags uint8

const (
	Up Flags = 1 << iota
	Broadcast
	Loopback
	All = Up | Broadcast | Loopback
)

func (f Flags) Has(g Flags) bool { return f&g == g }

func main() {
	const (
		p = iota + 1
		q
	)
	fmt.Println(Sunday, Monday, Wednesday, last, a, b, c, d, e, f)
	fmt.Println(KB, MB, GB, x, y, z, w, v, u, t, r, p, q)
	fmt.Println(All, All.Has(Loopback), Up.Has(Broadcast), All&^Up)
	fmt.Printf("%T %T %T %T\n", Wednesday, last, u, r)
	const iota = 7
	fmt.Println(iota)
}
