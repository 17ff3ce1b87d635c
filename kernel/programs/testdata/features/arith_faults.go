// Integer division by zero, negative shifts, overflow without faults, floats that do not fault.
package main

import (
	"fmt"
	"math"
)

func try(what string, f func() any) {
	defer func() {
		if r := recover(); r != nil {
			_, isErr := r.(error)
			fmt.Println(what, "panics:", r, isErr)
		}
	}()
	fmt.Println(what, f())
}

func main() {
	zero, neg, min64, minus := 0, -3, int64(math.MinInt64), int64(-1)
	var u uint8
	fz := 0.0
	try("1/0", func() any { return 1 / zero })
	try("%0", func() any { return 7 % zero })
	try("u/0", func() any { return 7 / u })
	try("<<neg", func() any { return 1 << neg })
	try(">>neg", func() any { return 8 >> neg })
	try("<<= neg", func() any { x := 5; x <<= neg; return x })
	try("/= 0", func() any { x := int8(5); x /= int8(zero); return x })
	try("min/-1", func() any { return min64 / minus })
	try("min%-1", func() any { return min64 % minus })
	try("-min", func() any { return -min64 == min64 })
	try("1.0/0", func() any { return 1 / fz })
	try("0.0/0", func() any { return fz / fz })
	try("nan", func() any { n := math.NaN(); return []bool{n == n, n < 1, n > 1, n != n, !(n >= 0)} })
	try("-0", func() any {
		z := -fz
		return []any{z, math.Signbit(z), math.Copysign(0, -1) == 0, 1 / math.Copysign(0, -1)}
	})
	try("inf", func() any {
		return []float64{math.Inf(1) - math.Inf(1), math.MaxFloat64 * (fz + 2), -math.MaxFloat64 * (fz + 2)}
	})
	try("c/0", func() any { var c complex128; return 1 / c })
	try("wrap", func() any {
		x := int8(127)
		x++
		y := uint16(0)
		y--
		return []any{x, y, int32(math.MaxInt32) + int32(zero+1)}
	})
	try("in expr", func() any { return []int{1, 2 / zero} })
	try("in call", func() any { return fmt.Sprint("never", 3%zero) })
	x := 10
	func() {
		defer func() { recover() }()
		x = 20
		x = x / zero
	}()
	fmt.Println(x)
	fmt.Println(7 / neg)
	fmt.Println(7 / zero)
}
