// Float printing and edge cases.
package main

import (
	"fmt"
	"math"
)

func main() {
	var zero float64
	negz := -zero
	negz2 := math.Copysign(0, -1)
	fmt.Println(negz, negz2, 1/negz2, math.Signbit(negz2), -0.0, 1e20, 1e21, 1e-5, 123456789.125, float32(0.1), 0.1, 100000.0, 2.5e10)
	fmt.Println(math.Inf(1), math.NaN(), math.MaxFloat64, math.SmallestNonzeroFloat64, float32(math.MaxFloat32))
	nan := math.NaN()
	m := map[float64]int{nan: 1}
	m[nan] = 2
	_, ok := m[nan]
	fmt.Println(len(m), ok, nan == nan, nan != nan, nan < 1, min(1, nan), max(negz2, 0))
	println(1.5, float32(2), 1e100, 3, -7, true, "s", 'x')
	x := 0.1
	fmt.Println(x*3, x+x+x == 0.3, int(x*10), int64(-1.9+zero), uint8(3.9+zero))
	var f32 float32 = 1 << 24
	fmt.Println(f32+1 == f32, float64(f32)+1, f32/3)
}
