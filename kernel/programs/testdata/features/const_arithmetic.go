// Constants are exact and untyped until they are used.
package main

import (
	"fmt"
	"math"
)

const (
	huge  = 1 << 200
	third = 1.0 / 3
	ratio = huge >> 198
	mask  = ^uint8(0)
	minus = -5 % 3
	text  = "abc" + "def"
	l     = len(text)
	isBig = huge > math.MaxInt64
	c     = 3 + 4i
	pi    = math.Pi * 1e100 / 1e100
	div   = 7 / 2
	fdiv  = 7 / 2.0
	char  = 'a' + 1
	fchar = 'a' * 1.0
)

type Celsius float64

const boiling Celsius = 100

func main() {
	fmt.Println(ratio, third*3 == 1, mask, minus, text, l, isBig, c*c, pi == math.Pi)
	fmt.Println(div, fdiv, char, fchar, string(rune(char)))
	fmt.Printf("%T %T %T %T %T %T\n", ratio, third, char, fchar, c, boiling*2)
	var f float32 = 0.1
	fmt.Println(float64(f) == 0.1, f == 0.1, f*3, 0.1+0.2 == 0.3)
	var u uint8 = huge / (1 << 197)
	var i8 int8 = -1 << 7
	var d = 1e3
	var n int = 1e3
	fmt.Println(u, i8, d, n, uint32(1)<<31, int64(1)<<62, math.MaxUint32)
	fmt.Println(real(c), imag(c), complex(1, 2), len([10]int{}), cap([3]string{}))
	const s = "日本"
	fmt.Println(len(s), s[1], []byte(s)[0], huge/1e50 > 1e9)
}
