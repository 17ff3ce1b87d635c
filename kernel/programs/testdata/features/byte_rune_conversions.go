// Conversions between strings, bytes, runes and integers.
package main

import (
	"fmt"
)

type MyBytes []byte
type MyStr string

func main() {
	s := "aé世"
	b := []byte(s)
	r := []rune(s)
	b[0] = 'X'
	fmt.Println(s, len(b), len(r), string(r[2]), string(b[:1]), string(rune(0x4e16)), string(r[1:]))
	var ms MyStr = MyStr(MyBytes("hi"))
	fmt.Println(ms, len(ms), MyBytes(ms)[0], []byte(ms)[1], string(ms)+"!", ms+"?", ms[0] == 'h')
	fmt.Println(int('a'), float64(3)/2, int64(int8(-1)), uint32(1<<32-1), string(rune(-1)))
	var f32 float32 = 16777216.0
	fmt.Println(f32 == f32+1, int32(f32), uint16(int32(-1)&0xffff), complex(float32(1), 2))
}
