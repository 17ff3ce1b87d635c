// Typed constants wrap nowhere, values do; unsigned arithmetic and bit tricks.
package main

import (
	"fmt"
	"math/bits"
)

const (
	maxU = ^uint(0)
	maxI = int(maxU >> 1)
	minI = -maxI - 1
)

func crc16(data []byte) (crc uint16) {
	crc = 0xffff
	for _, b := range data {
		crc ^= uint16(b) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return
}

func checksum(b []byte) uint16 {
	var sum uint32
	for ; len(b) > 1; b = b[2:] {
		sum += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

func fnv(s string) (h uint32) {
	h = 2166136261
	for i := range len(s) {
		h ^= uint32(s[i])
		h *= 16777619
	}
	return
}

func xorshift(s uint64) uint64 {
	s ^= s << 13
	s ^= s >> 7
	s ^= s << 17
	return s
}

func main() {
	one := 1
	fmt.Println(maxU, maxI, minI, maxI+one == minI)
	fmt.Printf("%#x %#x %d %d\n", crc16([]byte("123456789")), checksum([]byte{0x45, 0, 0, 0x73, 0, 0, 0x40}), fnv("sock"), xorshift(42))
	var i8 int8 = -128
	var u32 uint32 = 1 << 31
	fmt.Println(-i8, i8-1, i8*i8, ^i8, i8>>1, uint8(i8)>>1, u32<<1, u32*2+1, -u32, ^u32)
	fmt.Println(bits.OnesCount(255), bits.Reverse8(1), bits.LeadingZeros16(1), bits.RotateLeft32(0x80000001, 4), 5&-5, 12&^(12-1)|8)
	hi, lo := bits.Mul64(1<<63, 6)
	fmt.Println(hi, lo, uint16(lo>>48), int16(uint16(one)*40000), int32(int64(one)<<40>>8>>1))
	x := uint8(250)
	for i := x; i >= 250; i++ {
		fmt.Print(i, " ")
	}
	fmt.Println()
	var acc int32 = 1
	for i := int32(1); i < 20; i++ {
		acc *= i
	}
	fmt.Println(acc, uint8(acc), acc/7*7+acc%7 == acc)
}
