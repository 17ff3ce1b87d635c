// Initialization of package variables by dependency, constants, iota.
package main

import (
	"fmt"
	"math"
	"strings"
	"time"
)

var (
	a                   = c + b
	b                   = f()
	c                   = g("c", 1)
	_                   = g("blank", 0)
	x, y                = pair(d)
	d                   = g("d", 4)
	m                   = map[string]func() int{"h": h}
	t                   = T{n: len(m)}
	p                   = &t
	q                   = p.val() + g("q", 0)
	arr                 = [...]string{2: "two", 0: "zero", "one"}
	fn                  = func() int { return late }
	r                   = fn()
	late                = g("late", 9)
	iface  fmt.Stringer = p
	s                   = iface.String() + suffix
	suffix              = strings.Repeat("!", n)
)

const n = 2

type T struct{ n int }

func (t *T) val() int       { return t.n + e }
func (t *T) String() string { return fmt.Sprint("T", t.n) }

var e = g("e", 100)

func f() int                { d++; return d }
func g(s string, i int) int { fmt.Print("init ", s, "; "); return i }
func h() int                { return a }
func pair(i int) (int, string) {
	fmt.Print("pair; ")
	return i, fmt.Sprint(i)
}

func init() { fmt.Println("\ninit 1", a, b, c, d) }
func init() { fmt.Println("init 2", x, y, q, r, s) }

type Day int

const (
	Sun Day = iota
	Mon
	_
	Wed
	Big = iota * 10
	Str = "s"
	Again
	Next, Sq = iota, iota * iota
	Next2, Sq2
)
const (
	_  = iota
	KB = 1 << (10 * iota)
	MB
	GB
)
const (
	A, B = iota, -iota
	C, D
	_, _
	E, F
)
const (
	flagA uint8 = 1 << iota
	flagB
	flagC
	mask = flagA | flagC
	inv  = ^flagA
)

func (d Day) String() string { return [...]string{"Sun", "Mon", "Tue", "Wed"}[d] }

const (
	huge           = 1 << 100
	small          = huge >> 98
	third          = 1.0 / 3
	typed  float32 = third
	rn             = 'a' + 1
	str            = "const" + "ant"
	cmplx          = (1 + 2i) * (3 - 1i)
	dur            = 1500 * time.Millisecond
	trunc          = 7 / 2
	exact          = 7 / 2.0
	isTrue         = huge > 1e30 && len(str) == 8
	neg            = -5 % 3
	shift          = 1.0 << 3
)

func typeOf(x any) string { return fmt.Sprintf("%T=%v", x, x) }

func main() {
	fmt.Println(arr, len(arr), m["h"](), t, late)
	fmt.Println(Sun, Mon, Wed, Big, Str, Again, Next, Sq, Next2, Sq2, KB, MB, GB, A, B, C, D, E, F)
	fmt.Println(flagA, flagB, flagC, mask, inv, small, typed, rn, str, cmplx, dur, trunc, exact, isTrue, neg, shift)
	for _, v := range []any{rn, third, small, cmplx, shift, 'x', 1 << 3, 2.0, "s", isTrue, Wed, math.Pi, dur, len("abc"), 1.0 + 'a', math.MaxUint32} {
		fmt.Print(typeOf(v), " ")
	}
	fmt.Println()
	var i8 int8 = 1<<7 - 1
	var f32 float32 = 1 << 24
	var u64 uint64 = 1<<64 - 1
	var sh uint = 3
	var z1 = 1 << sh
	var z2 int64 = 1 << sh
	var z3 = uint8(1) << (sh + 5)
	var z4 = 1.0 * float64(int(1)<<sh)
	var w = 2 * sh
	fmt.Println(i8, f32+1, u64, z1, z2, z3, z4, w, u64>>sh, i8>>sh, -7>>1, -7/2, uint8(7)&^5, 6^3, ^6)
	var k = make([]byte, 1<<sh)
	fmt.Println(len(k), "abc"[1], "héllo"[1:3] == "é", len("héllo"), len([]rune("héllo")), 0x1p-2, 0b101, 0o17, 1_000_000, 'é', '\x41', "\u00e9\t\"", `raw\n`)
	const big = math.MaxInt64
	fmt.Println(uint64(big)+1, big/10, float64(big), math.MinInt64, big == 1<<63-1, int32(math.MaxInt32), 5.0/2, 5/2, 5/2.0, 1/3.0*3 == 1)
	var d2 time.Duration = 3
	fmt.Println(d2*time.Second, time.Second*2, 2*time.Second/4, time.Duration(1.5*float64(time.Second)))
	x := 10
	var pf *float64
	_ = pf
	switch {
	case x > 5 && x < 20:
		const x = "inner"
		fmt.Println(x, len(x))
	}
	const local = iota + 5
	fmt.Println(local, math.Inf(1) > math.MaxFloat64, -0.0 == 0.0, 1/math.Inf(-1))
}
