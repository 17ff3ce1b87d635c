// SHA-256 by hand as a hash.Hash, and HMAC on it, against the library's.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"math"
	"math/bits"
	"strings"
)

var (
	k  [64]uint32
	h0 [8]uint32
)

func init() {
	n := 0
candidates:
	for p := 2; n < 64; p++ {
		for d := 2; d*d <= p; d++ {
			if p%d == 0 {
				continue candidates
			}
		}
		k[n] = frac(math.Cbrt(float64(p)))
		if n < 8 {
			h0[n] = frac(math.Sqrt(float64(p)))
		}
		n++
	}
}

func frac(x float64) uint32 { return uint32((x - math.Floor(x)) * (1 << 32)) }

type digest struct {
	h   [8]uint32
	buf []byte
	len uint64
}

func New() hash.Hash { d := new(digest); d.Reset(); return d }

func (d *digest) Reset()         { d.h, d.buf, d.len = h0, nil, 0 }
func (d *digest) Size() int      { return 32 }
func (d *digest) BlockSize() int { return 64 }

func (d *digest) Write(p []byte) (int, error) {
	d.len += uint64(len(p))
	d.buf = append(d.buf, p...)
	for len(d.buf) >= 64 {
		d.block(d.buf[:64])
		d.buf = d.buf[64:]
	}
	return len(p), nil
}

func (d *digest) block(p []byte) {
	var w [64]uint32
	for i := range w {
		if i < 16 {
			w[i] = binary.BigEndian.Uint32(p[4*i:])
			continue
		}
		s0 := bits.RotateLeft32(w[i-15], -7) ^ bits.RotateLeft32(w[i-15], -18) ^ w[i-15]>>3
		s1 := bits.RotateLeft32(w[i-2], -17) ^ bits.RotateLeft32(w[i-2], -19) ^ w[i-2]>>10
		w[i] = w[i-16] + s0 + w[i-7] + s1
	}
	a, b, c, dd, e, f, g, h := d.h[0], d.h[1], d.h[2], d.h[3], d.h[4], d.h[5], d.h[6], d.h[7]
	for i, kk := range k {
		S1 := bits.RotateLeft32(e, -6) ^ bits.RotateLeft32(e, -11) ^ bits.RotateLeft32(e, -25)
		ch := e&f ^ ^e&g
		t1 := h + S1 + ch + kk + w[i]
		S0 := bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22)
		maj := a&b ^ a&c ^ b&c
		a, b, c, dd, e, f, g, h = t1+S0+maj, a, b, c, dd+t1, e, f, g
	}
	for i, v := range [...]uint32{a, b, c, dd, e, f, g, h} {
		d.h[i] += v
	}
}

func (d digest) Sum(in []byte) []byte {
	d.buf = bytes.Clone(d.buf)
	n := d.len
	d.Write([]byte{0x80})
	for len(d.buf) != 56 {
		d.Write([]byte{0})
	}
	d.Write(binary.BigEndian.AppendUint64(nil, n*8))
	for _, v := range d.h {
		in = binary.BigEndian.AppendUint32(in, v)
	}
	return in
}

func main() {
	fmt.Printf("%08x %08x %08x\n", k[0], k[63], h0)
	for _, s := range []string{"", "abc", strings.Repeat("a", 55), strings.Repeat("b", 56), strings.Repeat("xyz", 100)} {
		d := New()
		io.WriteString(d, s[:len(s)/2])
		d.Sum(nil)
		io.WriteString(d, s[len(s)/2:])
		want := sha256.Sum256([]byte(s))
		fmt.Println(len(s), hex.EncodeToString(d.Sum(nil)[:6]), bytes.Equal(d.Sum(nil), want[:]), d.Size())
	}
	mac := hmac.New(New, []byte("key"))
	fmt.Fprint(mac, "The quick brown fox jumps over the lazy dog")
	std := hmac.New(sha256.New, []byte("key"))
	fmt.Fprint(std, "The quick brown fox jumps over the lazy dog")
	fmt.Println(hex.EncodeToString(mac.Sum(nil)), hmac.Equal(mac.Sum(nil), std.Sum(nil)))
	var d hash.Hash = &digest{}
	fmt.Printf("%T %d\n", d, len(d.Sum([]byte("prefix"))))
}
