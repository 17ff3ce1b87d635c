// The operands of a shift have types of their own (yaegi #308, #168, #278, #383).
package main

import "fmt"

type Bits uint16

func mask(width uint8, at int) Bits { return (1<<width - 1) << at }

func main() {
	var u uint64 = 3
	var v uint32 = 60
	var s int8 = 2
	var b Bits = 1
	fmt.Println(u<<v, u<<s, b<<s, b<<15<<1, int16(-256)>>v, 1<<s, uint8(1)<<s<<7)
	fmt.Println(mask(3, 4), mask(16, 0), mask(4, 14), mask(0, 3))
	const c = 1 << 3.0
	var f = float64(1 << 3)
	var i = 1 << s
	fmt.Println(c, f, i, 1.0<<3, len([1 << 2]int{}))
	x := []int{1 << 2: 7}[1<<s]
	fmt.Println(x)
	b <<= s + 1
	b >>= uint64(1)
	b |= 1 << (s * 4)
	fmt.Printf("%b %T %T %T\n", b, b<<u, 1<<s, int64(1)<<v)
	var w uint8 = 255
	for n := uint(0); n < 10; n += 3 {
		fmt.Print(w>>n, w<<n, int8(w)>>n, " ")
	}
	fmt.Println(^uint32(0)>>(32-8), -1<<s, -1>>s, uint(1)<<63>>63)
}
