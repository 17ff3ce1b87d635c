// Untyped constants, iota, overflow of constants.
package main

import (
	"fmt"
	"math"
	"time"
)

const (
	big   = 1 << 100
	small = big >> 99
	f     = 1.0 / 3
	c     = 'a' + 1
	s     = "const" + "ant"
	t     = len(s)
	u     = ^uint8(0)
	b     = t > 3 && s != ""
)
const (
	_  = iota
	kb = 1 << (10 * iota)
	mb
)
const (
	x0, y0 = iota, -iota
	x1, y1
	_, _
	x3, y3
)

type Month int

const (
	Jan Month = iota + 1
	Feb
	Mar
)

type Bits uint8

const (
	F0 Bits = 1 << iota
	F1
	_
	F3
)
const typed int64 = 5

func main() {
	fmt.Println(small, f*3 == 1, c, string(rune(c)), s, t, u, b, kb, mb, x1, y1, x3, y3, Mar, F3|F0, typed/2, 5/2, 5.0/2, 7%4, -7/2)
	var f32 float32 = f
	var i8 int8 = -1 << 7
	var d time.Duration = 2 * time.Second
	fmt.Println(f32, i8, d, time.Duration(1.5*float64(time.Second)), math.MaxUint32, uint64(math.MaxUint64), 1e3, 0x1p-2, 07, 1_000)
	const local = iota
	var arr [small * 2]int
	fmt.Println(local, len(arr), big/(big-1), math.Pi*big > 1e30)
}
