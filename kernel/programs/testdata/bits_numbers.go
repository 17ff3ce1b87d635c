// Numbers: bit sets, popcount, Gray code, integer limits, floats, complex,
// big numbers, matrices, primes, statistics, conversions.
package main

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"math/cmplx"
	"strings"
)

type IntSet struct{ words []uint64 }

func (s *IntSet) Add(xs ...int) *IntSet {
	for _, x := range xs {
		w, b := x/64, uint(x%64)
		for w >= len(s.words) {
			s.words = append(s.words, 0)
		}
		s.words[w] |= 1 << b
	}
	return s
}
func (s *IntSet) Has(x int) bool { return x/64 < len(s.words) && s.words[x/64]&(1<<uint(x%64)) != 0 }
func (s *IntSet) Union(t *IntSet) {
	for i, w := range t.words {
		if i < len(s.words) {
			s.words[i] |= w
		} else {
			s.words = append(s.words, w)
		}
	}
}
func (s *IntSet) Len() (n int) {
	for _, w := range s.words {
		for ; w != 0; w &= w - 1 {
			n++
		}
	}
	return
}
func (s *IntSet) String() string {
	var parts []string
	for i, w := range s.words {
		for j := range 64 {
			if w&(1<<j) != 0 {
				parts = append(parts, fmt.Sprint(64*i+j))
			}
		}
	}
	return "{" + strings.Join(parts, " ") + "}"
}

type Matrix [][]float64

var ErrShape = errors.New("shapes do not fit")

func (a Matrix) Mul(b Matrix) (Matrix, error) {
	if len(a[0]) != len(b) {
		return nil, fmt.Errorf("%dx%d * %dx%d: %w", len(a), len(a[0]), len(b), len(b[0]), ErrShape)
	}
	c := make(Matrix, len(a))
	for i := range c {
		c[i] = make([]float64, len(b[0]))
		for j := range c[i] {
			for k, v := range a[i] {
				c[i][j] += v * b[k][j]
			}
		}
	}
	return c, nil
}

func (a Matrix) T() Matrix {
	t := make(Matrix, len(a[0]))
	for i := range t {
		for j := range a {
			t[i] = append(t[i], a[j][i])
		}
	}
	return t
}

func det(m [3][3]int) (d int) {
	for i := range 3 {
		d += m[0][i] * (m[1][(i+1)%3]*m[2][(i+2)%3] - m[1][(i+2)%3]*m[2][(i+1)%3])
	}
	return
}

func power(b, e, m int) int {
	r := 1
	for ; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = r * b % m
		}
		b = b * b % m
	}
	return r
}

func fact(n int64) *big.Int {
	if n <= 1 {
		return big.NewInt(1)
	}
	return new(big.Int).Mul(big.NewInt(n), fact(n-1))
}

func sqrt(x float64) (float64, error) {
	if x < 0 {
		return math.NaN(), fmt.Errorf("sqrt of %g", x)
	}
	z := 1.0
	for range 20 {
		z -= (z*z - x) / (2 * z)
	}
	return z, nil
}

func stats(xs ...float64) (mean, dev float64) {
	defer func() { dev = math.Sqrt(dev / float64(len(xs))) }()
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		dev += (x - mean) * (x - mean)
	}
	return
}

func main() {
	s := new(IntSet).Add(1, 144, 9)
	t := (&IntSet{}).Add(9, 42, 200)
	s.Union(t)
	fmt.Println(s, s.Len(), s.Has(42), s.Has(43), *t)
	for i := range uint8(8) {
		g := i ^ i>>1
		fmt.Printf("%03b ", g)
	}
	fmt.Println(bits.OnesCount(255), bits.LeadingZeros16(1), bits.TrailingZeros(8), bits.Reverse8(1), bits.Len(1023))
	var x uint32 = 0xF0F0
	fmt.Printf("%x %x %x %x %d\n", x&0xff00, x|1, x^0xffff, x&^0xf000, bits.RotateLeft32(x, 20))
	var n uint = 70
	fmt.Println(1<<3, uint8(1)<<n, int32(-1)>>n, -7>>1, 0b1010, 0o17, 0x_ff, 1_000_000)
	a, b := math.MaxInt64, math.MinInt64
	a++
	b--
	fmt.Println(a, b, -b, uint64(math.MaxUint64), int32(math.MaxInt32))
	hi, lo := bits.Mul64(1<<63, 6)
	sum, carry := bits.Add64(math.MaxUint64, 1, 0)
	fmt.Println(hi, lo, sum, carry)
	zero := 0.0
	inf, nan := 1/zero, zero/zero
	fmt.Println(inf, -inf, nan, nan == nan, math.IsNaN(nan), math.Inf(1) > math.MaxFloat64, 0.1+0.2, float32(0.1)+float32(0.2), 1/(-1/inf))
	f := 0.1
	fmt.Println(f+0.2, f+0.2 == 0.3, int(-27*f), int(27*f), math.Round(-2.5), math.Floor(-2.5), math.Trunc(2.9), uint8(int(300)&0xff), math.Float64bits(-0.0))
	big1 := 1e100
	fmt.Println(int64(float32(16777217)), float32(16777217), math.Mod(7, -3), 7%-3, big1, 1e6, 1e20, 1e21, 123456789.0, float32(1)/3)
	c := complex(3, 4)
	fmt.Println(c, real(c), imag(c), cmplx.Abs(c), c*c, c/(1-2i), c == 3+4i, cmplx.Sqrt(-1))
	fmt.Printf("%.2f %v\n", cmplx.Exp(1i*math.Pi), complex64(c)*2)

	m := Matrix{{1, 2, 3}, {4, 5, 6}}
	p, err := m.Mul(m.T())
	fmt.Println(p, err)
	_, err = m.Mul(m)
	fmt.Println(err, errors.Is(err, ErrShape))
	fmt.Println(det([3][3]int{{2, 0, 1}, {1, 3, 2}, {1, 1, 4}}), power(7, 560, 561), power(2, 10, 10000))
	fmt.Println(fact(30), fact(25).Cmp(fact(24)), new(big.Int).Exp(big.NewInt(2), big.NewInt(100), nil))
	r := big.NewRat(1, 3)
	r.Add(r, big.NewRat(1, 6))
	bi, ok := new(big.Int).SetString("ffffffffffffffffffff", 16)
	fmt.Println(r, r.FloatString(3), bi, ok, bi.BitLen(), new(big.Int).Mod(bi, big.NewInt(97)))
	z, _ := sqrt(2)
	_, err = sqrt(-2)
	fmt.Printf("%.12f %v\n", z, err)
	mean, dev := stats(2, 4, 4, 4, 5, 5, 7, 9)
	fmt.Println(mean, dev)
	const huge = 1 << 100
	const third = 1.0 / 3
	fmt.Println(huge>>98, third*3 == 1, len([huge >> 97]int{}), 'a'+1, string(rune('a'+1)), 5/2*2.0, 5.0/2*2)
	type Celsius float64
	type Meters int
	d := Celsius(36.6)
	fmt.Println(d*2, Meters(5)/2, float64(d) > 36, Meters(int(d)))
	var i8 int8 = -128
	fmt.Println(-i8, i8-1, i8*i8, uint8(i8), i8/-1)
}
