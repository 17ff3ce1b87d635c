// Conversions between all numeric types: truncation, sign, rounding, constants.
package main

import (
	"fmt"
	"math"
)

type Port uint16
type Temp float32

func main() {
	f := 3.99
	n := -1
	big := 1 << 40
	var u8 uint8 = 200
	fmt.Println(int(f), int(-f), uint8(n), int8(u8), uint16(n), int32(big), uint32(big+5), int64(uint32(1<<31)))
	fmt.Println(float32(16777217), float64(float32(0.1)), int64(float32(1<<24)+1), uint(u8)<<56, u8<<1, u8*u8)
	p := Port(8080)
	fmt.Println(p, Port(n), uint8(p), p>>8, byte(p&0xff), Port(70000%65536))
	t := Temp(36.6)
	fmt.Println(t, float64(t), int(t), Temp(1)/3, float64(Temp(1))/3)
	c := complex64(complex(f, -f))
	fmt.Println(c, real(c), complex128(c) == complex(f, -f))
	fmt.Println(math.MaxInt64, uint64(math.MaxUint64), -math.MaxFloat32, int64(math.MinInt64))
	i64 := int64(math.MaxInt64)
	fmt.Println(i64+1, float64(i64), int32(i64), uint64(i64)+1, -(i64 + 1))
	r := 'é'
	fmt.Println(int(r), byte(r), string(r), rune(u8), float32(r), uintptr(r))
	for _, x := range []float64{0.5, 1.5, -0.5, -2.7, 1e10} {
		fmt.Print(int(x), " ", int64(x), " ", float32(x), "; ")
	}
	fmt.Println()
	var i any = Port(1)
	_, isU := i.(uint16)
	fmt.Println(isU, uint16(i.(Port))+1)
	x, y := 7, 2
	fmt.Println(float64(x/y), float64(x)/float64(y), x/y*y+x%y == x, -x/y, -x%y, x/-y, x%-y)
	h := 0
	for _, b := range []byte("hash me") {
		h = int(int32(h)*31 + int32(b))
	}
	fmt.Println(h, uint8(h), int8(h))
}
