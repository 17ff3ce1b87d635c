// Conversions between types of every kind, at their limits.
package main

import (
	"fmt"
	"math"
)

type Celsius float64
type Text string
type Bytes []byte
type Runes []rune
type Octet byte
type Octets []Octet
type Point struct{ X, Y int }
type Spot struct {
	X int `json:"x"`
	Y int
}
type Handler func(int) int
type Reader interface{ Read() string }
type ReadWriter interface {
	Reader
	Write(string)
}
type file struct{ s string }

func (f *file) Read() string   { return f.s }
func (f *file) Write(s string) { f.s += s }

func main() {
	var m64 int64 = math.MinInt64
	f := 1e10 + 0.7
	n := -1
	u8 := uint8(200)
	i8 := int8(u8)
	fmt.Println(int64(f), int8(n), uint8(n), uint16(n), uint32(n), uint64(n), i8, int(i8), uint(u8)<<1)
	fmt.Println(float32(f) == float32(1e10), float64(float32(0.1)), int(f))
	i := 0x1234567890
	fmt.Println(int8(i), int16(i), int32(i), uint8(i), uint16(i), uint32(i), byte(i>>4))
	fmt.Println(string(rune(0x4e16)), string(rune(-1)), string(rune(0x10ffff+1)), []byte(string(rune(0xd800))))
	r := 'x'
	fmt.Println(string(r), string([]rune{r, 'é', 0x1f600}), []rune("aé\xff世"), []byte("é"), Text([]byte("hi")), Bytes("yo"), Runes("ab"))
	o := Octets("héy")
	fmt.Println(o, string(o), len(o))
	s := Spot(Point{1, 2})
	p := (*Point)(&s)
	p.X = 9
	fmt.Println(s, Point(s), *p)
	h := Handler(func(i int) int { return i * 2 })
	fmt.Println(h(4), (func(int) int)(h)(5))
	var rw ReadWriter = &file{"a"}
	var rd Reader = rw
	rd.(ReadWriter).Write("b")
	fmt.Println(rd.Read(), Reader(rw).Read())
	arr := [4]int([]int{1, 2, 3, 4, 5}[:4])
	ap := (*[2]int)([]int{7, 8, 9})
	ap[0] = 70
	fmt.Println(arr, *ap, len(ap))
	var nilSlice []int
	fmt.Println((*[0]int)(nilSlice) == nil, (*[0]int)([]int{}) == nil)
	func() {
		defer func() { fmt.Println(recover()) }()
		_ = [4]int([]int{1})
	}()
	c := make(chan int, 1)
	var ro <-chan int = c
	var so chan<- int = c
	so <- 4
	fmt.Println(<-ro, cap(ro), len(so))
	fmt.Println(complex64(complex(1, 2)), real(complex64(3+4i)), complex(float32(1), 2))
	fmt.Println(math.MaxInt64, uint64(math.MaxUint64), int64(math.MinInt64), -m64)
	var x interface{} = Celsius(3)
	_, isFloat := x.(float64)
	fmt.Println(isFloat, float64(x.(Celsius)))
	fmt.Printf("%T %T %T %T\n", o[0], Text("a")[0], Runes("a")[0], Handler(nil))
	const big = 1 << 62
	fmt.Println(big>>60, uint8(big>>55), float32(big))
	var np *Point
	fmt.Println((*Spot)(np) == nil)
	var e8 uint8 = 255
	e8++
	var m8 int8 = -128
	fmt.Println(e8, -m8, m8/-1, m8%-1, m8-1)
	fmt.Println(int32(-1)<<31, 1<<uint(n&63)>>63, int8(-128)>>9)
}
