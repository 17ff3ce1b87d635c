package interp

import (
	"fmt"
	"io"
	"testing"

	"github.com/traefik/yaegi/interp"
)

// The speed of cells beside the bare engine's, for the same text.

var benchTexts = map[string]string{
	"fib25": `func bench() int { return fib(25) }
func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }`,
	"loop10M": `func bench() int { s := 0; for i := 0; i < 10000000; i++ { s += i }; return s }`,
	"sort100k": `func bench() int {
	a := make([]int, 100000)
	x := uint32(1)
	for i := range a { x = x*1664525 + 1013904223; a[i] = int(x >> 8) }
	quick(a, 0, len(a)-1)
	return a[0]
}
func quick(a []int, lo, hi int) {
	for lo < hi {
		p := a[(lo+hi)/2]
		i, j := lo, hi
		for i <= j {
			for a[i] < p { i++ }
			for a[j] > p { j-- }
			if i <= j { t := a[i]; a[i] = a[j]; a[j] = t; i++; j-- }
		}
		if j-lo < hi-i { quick(a, lo, j); lo = i } else { quick(a, i, hi); hi = j }
	}
}`,
	"sha256": `func bench() int {
	var k [64]uint32
	for i := range k { k[i] = uint32(i)*2654435761 + 0x428a2f98 }
	h := [8]uint32{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}
	for block := 0; block < 64; block++ {
		var w [64]uint32
		for i := 0; i < 16; i++ { w[i] = uint32(block*16 + i) }
		for i := 16; i < 64; i++ {
			s0 := rot(w[i-15], 7) ^ rot(w[i-15], 18) ^ (w[i-15] >> 3)
			s1 := rot(w[i-2], 17) ^ rot(w[i-2], 19) ^ (w[i-2] >> 10)
			w[i] = w[i-16] + s0 + w[i-7] + s1
		}
		a, b, c, d, e, f, g, hh := h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7]
		for i := 0; i < 64; i++ {
			t1 := hh + (rot(e, 6) ^ rot(e, 11) ^ rot(e, 25)) + ((e & f) ^ (^e & g)) + k[i] + w[i]
			t2 := (rot(a, 2) ^ rot(a, 13) ^ rot(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
			hh = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2
		}
		h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += hh
	}
	return int(h[0])
}
func rot(x uint32, n uint32) uint32 { return x>>n | x<<(32-n) }`,
}

func BenchmarkCell(b *testing.B) {
	for name, text := range benchTexts {
		b.Run(name, func(b *testing.B) {
			m := New(Options{})
			if _, err := m.Run("text", text); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := m.Run("c", "bench()"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEngine(b *testing.B) {
	for name, text := range benchTexts {
		b.Run(name, func(b *testing.B) {
			in := interp.New(interp.Options{Stderr: io.Discard})
			if _, err := in.Eval(text); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := in.Eval("bench()"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(Options{})
	}
}

func BenchmarkTrivialCell(b *testing.B) {
	m := New(Options{})
	for b.Loop() {
		if _, err := m.Run("c", "1+1"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFirstCellWithTCP(b *testing.B) {
	for b.Loop() {
		m := New(Options{})
		_, err := m.Run("c", `import "net"
l, err := net.Listen("tcp", "127.0.0.1:0")
go func() { c, _ := l.Accept(); c.Write([]byte("hi")); c.Close() }()
c, err := net.Dial("tcp", l.Addr().String())
buf := make([]byte, 2)
n, err := c.Read(buf)
l.Close()
n`)
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckAndLower50Lines(b *testing.B) {
	text := "import \"fmt\"\n"
	for i := range 10 {
		text += fmt.Sprintf("func f%d(a, b int) (int, error) {\n\tif a > b {\n\t\treturn 0, fmt.Errorf(\"%%d > %%d\", a, b)\n\t}\n\treturn a + b, nil\n}\n", i)
	}
	m := New(Options{})
	for b.Loop() {
		if _, err := m.prepare("c", text); err != nil {
			b.Fatal(err)
		}
	}
}
