// Constant divisions stay integers (yaegi #920, #893, #470, #727, #467).
package main

import (
	"fmt"
	"time"
)

const w, h = 64, 48

var area uint = w * h / 2
var third = 10 / 3
var fr = 10 / 4.0

type Ms int64

const tick Ms = 1000 / 60
const half = tick / 2

func wait(d time.Duration) string { return d.String() }

func main() {
	fmt.Println(area, third, fr, tick, half, w/h, h/w, -7/2, 7/-2*2.0, 'a'/2)
	fmt.Println(wait(time.Second/3), wait(3*time.Minute/2), wait(1e9), wait(time.Millisecond*5/2), time.Duration(1.5*float64(time.Second)))
	x := 7
	fmt.Println(x/2*2.0, 2.0*(x/2), float64(x)/2, x*1e2, x+'a'-'A', x%w/3)
	var f32 float32 = 1 / 3.0
	var i8 = int8(-w / 3)
	fmt.Println(f32, i8, 1/3, 1/3.0, 5.0/2, 5/2)
	fmt.Printf("%T %T %T %T %T\n", w/h, fr, half, 5.0/2, 'a'*2)
	const big = 1 << 100
	fmt.Println(big/(1<<98), big%7, (big+1)/2 == big/2, big/3*3 == big)
}
