package main

import (
	"fmt"
	"math"
	"time"
)

type bits uint8

const (
	A bits = 1 << iota
	B
	C
)

func main() {
	var i8 int8 = 127
	i8++
	fmt.Println(i8)
	var u8 uint8 = 0
	u8--
	fmt.Println(u8, A|C, C&^C, ^A)
	var u32 uint32 = 1 << 31
	fmt.Println(u32<<1, u32>>31, int32(u32))
	fmt.Println(-7/2, -7%2, 7/-2, 7%-2, -7>>1, uint8(200)+100)
	var i64 int64 = math.MinInt64
	fmt.Println(-i64, i64/-1, i64%-1)
	f := 0.1
	fmt.Println(f+0.2, float32(f), math.Inf(1), -math.Inf(1), math.NaN(), 1/math.Inf(-1))
	fmt.Println(int(3.99), int(-3.99), uint8(int(300)&0xff), int64(float32(16777217)))
	c := complex(1, 2)
	fmt.Println(c*c, real(c), imag(c), c == complex(1, 2))
	var s uint = 65
	fmt.Println(1<<s == 0, int32(1)<<31)
	const big = 1 << 100
	fmt.Println(big>>98, big/(big-1))
	fmt.Printf("%b %o %x %X %#x %08b %+d %e %g %6.2f|%-8d|%c %U %q\n", 5, 8, 255, 255, 255, 5, 3, 1234.5, 1e21, 3.14159, 7, 'x', 0x1F600, 'y')
	x := 10
	x <<= 2
	x |= 1
	x ^= 3
	x &^= 8
	x %= 7
	fmt.Println(x)
	var d time.Duration = 1500 * time.Millisecond
	fmt.Println(d, d.Seconds(), d/2, int64(d))
	defer func() { fmt.Println(recover()) }()
	z := 0
	fmt.Println(1 / z)
}
