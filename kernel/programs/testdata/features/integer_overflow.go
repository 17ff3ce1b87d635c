// Wraparound and shifts of every size.
package main

import (
	"fmt"
	"math"
)

func main() {
	var a int8 = 127
	a++
	var b uint8
	b--
	var c int32 = math.MinInt32
	c = -c
	var d uint64 = 1 << 63
	d <<= 1
	var e int64 = math.MaxInt64
	e *= 2
	var f uint16 = 65535
	f += 2
	var s uint = 40
	fmt.Println(a, b, c, d, e, f, int32(1)<<s, uint8(200)+uint8(b), int8(-128)>>7, uint32(1)<<31>>s, -5>>1, -5/2, -5%3, 5&^4, ^5, ^uint8(5))
	x, y := 7, -2
	fmt.Println(x/y, x%y, x&y, x|y, x^y, x<<1|1, uint8(x*y), int16(40000+x-x))
	var u8 uint8 = 0x0f
	u8 = u8<<4 | u8>>4
	u8 ^= 0xff
	u8 &^= 1
	fmt.Println(u8, uint8(1<<7)>>7, math.MaxInt64+int64(a)-int64(a))
	defer func() { fmt.Println(recover()) }()
	n := -1
	fmt.Println(1 << n)
}
