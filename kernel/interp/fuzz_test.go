package interp

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// FuzzPrograms makes a program of each seed from a small grammar (integers of
// all sizes, floats, strings, shifts, arrays, slices, maps, structs with methods
// and embedding, closures, generics, interfaces, type switches, labelled loops,
// range over functions, goroutines with channels, defer and recover) and
// compares what it does compiled and as a cell. Nothing in it depends on what
// the specification leaves open: calls change only what no operand beside them
// reads. TestGenerated does so with many programs at once.
func FuzzPrograms(f *testing.F) {
	f.Add(uint64(12))
	f.Fuzz(func(t *testing.T, seed uint64) { compareGenerated(t, []uint64{seed}) })
}

var (
	generated = flag.Int("generated", 100, "how many programs TestGenerated makes")
	firstSeed = flag.Uint64("seed", 0, "the seed of the first of them")
)

// Generated programs do the same compiled, as functions of one program, and as
// cells of one session.
func TestGenerated(t *testing.T) {
	var seeds []uint64
	for i := range *generated {
		seeds = append(seeds, *firstSeed+uint64(i))
	}
	compareGenerated(t, seeds)
}

func compareGenerated(t *testing.T, seeds []uint64) {
	var program, calls, cells strings.Builder
	program.WriteString(fuzzHead)
	cells.WriteString(strings.TrimPrefix(fuzzHead, "package main\n"))
	texts := map[uint64]string{}
	for _, seed := range seeds {
		g := &generator{r: rand.New(rand.NewPCG(seed, 1))}
		body := g.body()
		texts[seed] = body
		mark := fmt.Sprintf("%s%d\n", programMark, seed)
		fmt.Fprintf(&program, "func main%d() {\n%s}\n\n", seed, body)
		fmt.Fprintf(&calls, "\tfmt.Print(%q)\n\tguarded(main%d)\n", mark, seed)
		fmt.Fprintf(&cells, "%sfmt.Print(%q)\n%s%s", cellMark, mark, cellMark, body)
	}
	fmt.Fprintf(&program, "func main() {\n%s}\n", &calls)
	dir := t.TempDir()
	path, cellPath := filepath.Join(dir, "main.go"), filepath.Join(dir, "cells")
	for name, text := range map[string]string{path: program.String(), cellPath: cells.String()} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := compiledRun(t, path)
	if want.status != 0 {
		t.Fatalf("the generator made what is no Go, or does not end well:\n%s", want.stderr)
	}
	whole := byProgram(want.stdout)
	if len(whole) != len(seeds) {
		t.Fatalf("%d of %d programs printed something", len(whole), len(seeds))
	}
	exe, err := driver()
	if err != nil {
		t.Fatal(err)
	}
	limit := time.Minute + time.Duration(len(seeds))*time.Second
	for name, got := range map[string]result{"program": asCell(t, limit, path), "cells": command(t, limit, nil, exe, "-cells", cellPath)} {
		parts := byProgram(got.stdout)
		for _, seed := range seeds {
			if have := parts[seed]; have != whole[seed] {
				t.Errorf("seed %d as %s:\n%s\ncompiled:\n%s\nprogram:\n%s", seed, name, have, whole[seed], texts[seed])
			}
		}
		if got.status != 0 {
			t.Errorf("as %s: exit status %d\n%s", name, got.status, got.stderr)
		}
	}
}

// programMark begins what a program prints, before its seed; cellMark begins a
// cell.
const (
	programMark = "#### program "
	cellMark    = "\n//// cell\n"
)

// byProgram separates what the programs printed.
func byProgram(out string) map[uint64]string {
	parts := map[uint64]string{}
	for _, part := range strings.Split(out, programMark)[1:] {
		number, text, _ := strings.Cut(part, "\n")
		if seed, err := strconv.ParseUint(number, 10, 64); err == nil {
			parts[seed] = text
		}
	}
	return parts
}

type generator struct {
	r     *rand.Rand
	b     strings.Builder
	vars  []string // of type int64
	count int
	depth int
}

const fuzzHead = `package main

import (
	"errors"
	"fmt"
	"iter"
	"sort"
)

type num interface{ ~int8 | ~uint16 | ~int64 }

func fold[T num](xs []T, f func(T, T) T) (r T) {
	for _, x := range xs {
		r = f(r, x)
	}
	return
}

type shape interface{ area(int64) int64 }
type sq struct{ a int64 }
type rect struct{ a, b int64 }

func (s sq) area(k int64) int64    { return s.a*s.a + k }
func (r *rect) area(k int64) int64 { r.a += k; return r.a * r.b }

type fn func(int64) int64

func (f fn) area(k int64) int64 { return f(k) + 1 }

type pair[A, B any] struct {
	a A
	b B
}

func (p pair[A, B]) swap() pair[B, A]     { return pair[B, A]{p.b, p.a} }
func (p *pair[A, B]) set(a A) *pair[A, B] { p.a = a; return p }

func mapf[T, U any](xs []T, f func(T) U) (out []U) {
	for _, x := range xs {
		out = append(out, f(x))
	}
	return
}

type base struct {
	n   int64
	log []int64
}

func (b *base) bump(k int64) int64 { b.n += k; b.log = append(b.log, k); return b.n }
func (b base) peek() int64         { b.n++; return b.n }

type derived struct {
	*base
	tag celsius
	arr [3]int64
}

func (d derived) peek() int64 { return d.base.peek() * 2 }

type celsius int32

func (c celsius) String() string { return fmt.Sprintf("%d°", int32(c)) }

type codeErr struct{ code int64 }

func (e *codeErr) Error() string { return fmt.Sprint("code ", e.code) }

func check(n int64) error {
	switch {
	case n%5 == 0:
		return &codeErr{n}
	case n%7 == 0:
		return fmt.Errorf("wrapped: %w", &codeErr{-n})
	}
	return nil
}

func codeOf(err error) int64 {
	var e *codeErr
	if errors.As(err, &e) {
		return e.code
	}
	return 1
}

type tree struct {
	l, r *tree
	v    int64
}

func (t *tree) put(v int64) *tree {
	if t == nil {
		return &tree{v: v}
	}
	if v < t.v {
		t.l = t.l.put(v)
	} else {
		t.r = t.r.put(v)
	}
	return t
}

func (t *tree) all() iter.Seq[int64] {
	return func(yield func(int64) bool) { t.walk(yield) }
}

func (t *tree) walk(yield func(int64) bool) bool {
	return t == nil || t.l.walk(yield) && yield(t.v) && t.r.walk(yield)
}

func first(t *tree, min int64) (r int64) {
	defer func() { r *= 3 }()
	for v := range t.all() {
		if v < min {
			continue
		}
		return v
	}
	return -1
}

func kind(x any) int64 {
	switch x := x.(type) {
	case nil:
		return 1
	case int64:
		return x
	case int8, uint16:
		return int64(len(fmt.Sprint(x)))
	case string:
		return int64(len(x)) * 2
	case fmt.Stringer:
		return int64(len(x.String()))
	case error:
		return codeOf(x)
	case []int64:
		return int64(len(x) + cap(x[:0:0]))
	case pair[int64, string]:
		return x.swap().b
	case *pair[int64, string]:
		return x.a + 1
	case func() int64:
		return x()
	case shape:
		return 17
	}
	return -5
}

func try(f func() int64) (r int64) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println("recovered", e)
			r = -1
		}
	}()
	return f()
}

type vec [3]int16

func (v vec) dot(w vec) (n int16) {
	for i := range v {
		n += v[i] * w[i]
	}
	return
}
func (v *vec) scale(k int16) *vec {
	for i := range v {
		v[i] *= k
	}
	return v
}

type node[K comparable, V any] struct {
	key  K
	vals []V
	next *node[K, V]
}

type table[K comparable, V any] struct {
	heads [4]*node[K, V]
	hash  func(K) uint8
	n     int
}

func (t *table[K, V]) add(k K, v ...V) *node[K, V] {
	h := &t.heads[t.hash(k)%4]
	for n := *h; n != nil; n = n.next {
		if n.key == k {
			n.vals = append(n.vals, v...)
			return n
		}
	}
	*h = &node[K, V]{k, v, *h}
	t.n++
	return *h
}

func (t *table[K, V]) each(yield func(K, []V) bool) {
	for _, h := range t.heads {
		for n := h; n != nil; n = n.next {
			if !yield(n.key, n.vals) {
				return
			}
		}
	}
}

func sum[T ~int8 | ~int16 | ~int64 | ~float64](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return t
}

type key struct {
	a int8
	b string
	c [2]any
}

type machine struct {
	shape
	state  func(*machine, int64) int64
	steps  int
	matrix [2][3]celsius
	point  struct{ x, y float32 }
}

func idle(m *machine, n int64) int64 {
	if m.steps++; n%2 == 0 {
		m.state = (*machine).busy
	}
	return n + 1
}

func (m *machine) busy(n int64) int64 {
	if m.steps += 2; m.steps%5 == 0 {
		m.state = idle
	}
	return n * 3
}

type closer interface{ close() error }
type file struct {
	name string
	err  error
	out  *[]string
}

func (f file) close() error { *f.out = append(*f.out, "close "+f.name); return f.err }

func closing(n int64, c ...closer) (err error) {
	for i, c := range c {
		defer func() {
			if e := c.close(); e != nil && err == nil {
				err = fmt.Errorf("%d: %w", i, e)
			}
		}()
	}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case error:
			err = errors.Join(err, e)
		default:
			err = fmt.Errorf("panic %v", e)
		}
	}()
	if n%4 == 0 {
		panic(n)
	}
	_ = [2]int64{}[n%3]
	return check(n)
}

func fold2(z complex128, n int64) complex128 {
	for i := range n % 4 {
		z = z*complex(0.5, float64(i)) + 1i
	}
	return z
}

func lit(n int64) int64 { return n } // no constant for the compiler to refuse

// guarded says how f ends.
func guarded(f func()) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println("panic:", e)
		}
	}()
	f()
}

`

// fuzzVars begins each program.
const fuzzVars = `	var xs []int64
	m := map[int64]int64{}
	v0, v1 := int64(3), int64(-7)
	shapes := []shape{sq{2}, &rect{3, 4}, fn(func(k int64) int64 { return k % 97 })}
	d := derived{base: &base{n: 2}, tag: 3}
	var root *tree
	var fs []func() int64
	s := "s"
	vv := vec{1, 2, 3}
	tab := &table[string, int64]{hash: func(s string) uint8 { return uint8(len(s)) * 7 }}
	keys := map[key]int64{}
	mach := machine{shape: sq{1}, state: idle}
	var trace []string
	_, _, _, _, _, _, _, _, _, _ = xs, m, shapes, v1, d, root, fs, s, mach, trace
`

// body is the body of a program's main.
func (g *generator) body() string {
	g.b.WriteString(fuzzVars)
	g.vars = []string{"v0", "v1"}
	for range 12 + g.r.IntN(12) {
		g.stmt()
	}
	g.b.WriteString("\tfor _, f := range fs {\n\t\tt := f()\n\t\tv1 += t\n\t}\n")
	g.b.WriteString("\tvar vs []int64\n\tfor v := range root.all() {\n\t\tvs = append(vs, v)\n\t}\n")
	g.b.WriteString("\tsort.Slice(xs, func(i, j int) bool { return xs[i] < xs[j] })\n")
	g.b.WriteString("\tfmt.Println(xs, m, v0, v1, vs, *d.base, d.tag, d.arr, len(s), s, vv, tab.n, len(keys), mach.steps, mach.matrix)\n")
	return g.b.String()
}

func (g *generator) v() string { return g.vars[g.r.IntN(len(g.vars))] }

// expr is an expression of type int64; it may panic only inside try.
func (g *generator) expr(d int) string {
	if d <= 0 {
		if g.r.IntN(3) == 0 {
			return fmt.Sprintf("lit(%d)", g.r.Int64N(200)-100)
		}
		return g.v()
	}
	x, y := g.expr(d-1), g.expr(d-1)
	switch g.r.IntN(30) {
	case 15:
		return "int64(uint8(" + x + ")*uint8(" + y + "))"
	case 16:
		return "int64(int32(" + x + ")<<(uint8(" + y + ")%40)>>3)"
	case 17:
		return "int64(float64((" + x + ")%1000)/3*float64((" + y + ")%50))"
	case 18:
		return "(pair[int64, int64]{" + x + ", " + y + "}).swap().a"
	case 19:
		return "kind(any(" + g.any(x) + "))"
	case 20:
		return "codeOf(check(" + x + "))"
	case 21:
		return "int64(len(mapf([]int64{" + x + ", " + y + "}, func(x int64) string { return fmt.Sprint(x) })[" + fmt.Sprint(g.r.IntN(2)) + "]))"
	case 22:
		return "first(root, " + x + ")"
	case 23:
		return "try(func() int64 { return int64(s[(" + x + ")%10]) })"
	case 24:
		return "try(func() int64 { var e error = check(" + x + "); return e.(*codeErr).code })"
	case 25:
		return "func(a, b int64) (r int64) { defer func() { r += a }(); return b - a }(" + x + ", " + y + ")"
	case 26:
		return "d.arr[uint64(" + x + ")%3]"
	case 27:
		return "(&pair[int64, string]{b: \"q\"}).set(" + x + ").swap().b"
	case 28:
		return "shape.area(shapes[uint(" + x + ")%3], " + y + ")"
	case 29:
		return "int64(fold(mapf([]int64{" + x + ", 4}, func(x int64) uint16 { return uint16(x) }), func(a, b uint16) uint16 { return a<<1 ^ b }))"
	case 0, 1:
		return "(" + x + " + " + y + ")"
	case 2:
		return "(" + x + " * " + y + ")"
	case 3:
		return "(" + x + " - " + y + ")"
	case 4:
		return "(" + x + " &^ " + y + ")"
	case 5:
		return "(" + x + " ^ " + y + ")"
	case 6:
		return "(" + x + " << (uint8(" + y + ") % 70))"
	case 7:
		return "(" + x + " >> (uint16(" + y + ") % 70))"
	case 8:
		return "int64(int8(" + x + "))"
	case 9:
		return "int64(uint16(" + x + ") + uint16(" + y + "))"
	case 10:
		return "try(func() int64 { return " + x + " / (" + y + " % 3) })"
	case 11:
		return "try(func() int64 { return xs[" + x + "] })"
	case 12:
		return "m[" + x + "]"
	case 13:
		return "shapes[uint(" + x + ") % 3].area(" + y + ")"
	case 14:
		return "min(" + x + ", max(" + y + ", 5))"
	}
	return "int64(fold([]int8{int8(" + x + "), 3, int8(" + y + ")}, func(a, b int8) int8 { return a*5 + b }))"
}

// any is an expression of any type that kind tells apart.
func (g *generator) any(x string) string {
	return []string{
		x, "int8(" + x + ")", "uint16(" + x + ")", "fmt.Sprint(" + x + ")", "celsius(" + x + ")", "check(" + x + ")", "[]int64{" + x + "}",
		"pair[int64, string]{" + x + ", \"p\"}", "&pair[int64, string]{" + x + ", \"p\"}", "func() int64 { return " + x + " }", "sq{" + x + "}",
		"struct{ n int64 }{" + x + "}", "nil", "d.tag", "errors.Unwrap(check(" + x + "))",
	}[g.r.IntN(15)]
}

// block is one or two statements.
func (g *generator) block() {
	g.stmt()
	if g.r.IntN(2) == 0 {
		g.stmt()
	}
}

// more are the statements beside those of stmt.
func (g *generator) more(n int) {
	w := func(format string, args ...any) { fmt.Fprintf(&g.b, format+"\n", args...) }
	g.count++
	id := g.count
	switch n {
	case 0: // labelled loops
		w("outer%d:\n\tfor i := range int64(%d) {\n\t\tfor j := int64(0); j < 4; j++ {", id, 2+g.r.IntN(3))
		w("if (i+j+%s)%%3 == 0 {\n\t\t\t\tcontinue outer%d\n\t\t\t}", g.expr(1), id)
		w("if i*j > 4 {\n\t\t\t\tbreak outer%d\n\t\t\t}\n\t\t\tv0 += i*10 + j", id)
		if g.depth < 3 {
			g.stmt()
		}
		w("}\n\t}")
	case 1: // closures that keep variables of their pass
		w("for i := int64(0); i < %d; i++ {\n\t\tk := %s\n\t\tfs = append(fs, func() int64 { i++; k += i; return k })\n\t}", 1+g.r.IntN(3), g.expr(1))
	case 2: // call them
		w("for _, f := range fs {\n\t\tt := f()\n\t\tv0 = v0*3 + t\n\t}")
	case 3: // a goroutine and a channel
		w("c%d := make(chan int64, %d)", id, g.r.IntN(3))
		w("go func(a, b int64) {\n\t\tdefer close(c%d)\n\t\tfor i := range a %% 5 {\n\t\t\tc%d <- i*b\n\t\t}\n\t}(%s, %s)", id, id, g.expr(1), g.expr(1))
		w("for x := range c%d {\n\t\tv1 = v1*7 + x\n\t}", id)
		w("select {\n\tcase x, ok := <-c%d:\n\t\tif !ok {\n\t\t\tv1 += x + 1\n\t\t}\n\t}", id)
	case 4: // arrays are copied, slices are not
		w("a%d := [3]int64{%s, v0, v1}\n\tb%d, t%d := a%d, a%d[:]\n\tt%d[1], b%d[2] = %s, %s", id, g.expr(1), id, id, id, id, id, id, g.expr(1), g.expr(1))
		w("if a%d != b%d {\n\t\td.arr = a%d\n\t}\n\td.arr[len(xs)%%3]++", id, id, id)
	case 5: // aliasing
		w("if n := len(xs); n > 1 {\n\t\ty := xs[:n/2]\n\t\ty = append(y, %s)\n\t\tcopy(xs[1:], y)\n\t\tv0 += int64(len(y)) + xs[n-1]\n\t}", g.expr(1))
	case 6: // trees and range over functions
		w("root = root.put(%s %% 100)\n\troot = root.put(%s %% 50)", g.expr(1), g.v())
		w("for v := range root.all() {\n\t\tif v%%2 == 0 {\n\t\t\tcontinue\n\t\t}\n\t\tv1 += v\n\t\tif v > 40 {\n\t\t\tbreak\n\t\t}\n\t}")
	case 7: // a panic through defers
		w("func() {\n\t\tdefer func() {\n\t\t\tr := recover()\n\t\t\ts += fmt.Sprint(r)\n\t\t\tif len(s) > 60 {\n\t\t\t\ts = s[:20]\n\t\t\t}\n\t\t}()")
		w("defer func() { v1 ^= %s }()\n\t\tif x := %s; x%%2 == 0 {\n\t\t\tpanic(check(x * 5))\n\t\t} else if x%%3 == 0 {\n\t\t\tpanic(celsius(x))\n\t\t}\n\t}()", g.expr(1), g.expr(1))
	case 8: // embedding, method values and expressions
		w("f%d, p%d := d.bump, d.peek\n\tf%d(%s)\n\td.n %%= 1000\n\tv0 += p%d() + d.peek() + d.base.peek() + (*base).bump(d.base, 1)", id, id, id, g.expr(1), id)
	case 9: // strings
		w("s += fmt.Sprintf(\"%%x\", uint8(%s))\n\tfor i, r := range s {\n\t\tif i > 5 {\n\t\t\tbreak\n\t\t}\n\t\tv0 = v0*31 + int64(r)\n\t}", g.expr(1))
	case 10: // a type switch over a list
		w("for i, x := range []any{%s, %s, nil, xs} {\n\t\tv1 += int64(i+1) * kind(x)\n\t\tif e, ok := x.(error); ok {\n\t\t\tfmt.Println(e)\n\t\t}\n\t}", g.any(g.expr(1)), g.any(g.expr(1)))
	case 11: // a switch in a loop, with labels
		w("loop%d:\n\tfor i := int64(0); ; i++ {\n\t\tswitch t := i + %s%%4; {\n\t\tcase i > 5:\n\t\t\tbreak loop%d\n\t\tcase t == 2:\n\t\t\tcontinue loop%d\n\t\tcase t < 0:\n\t\t\tbreak\n\t\tdefault:\n\t\t\tv0 += t\n\t\t}\n\t\tv1--\n\t}", id, g.v(), id, id)
	case 12: // maps of structs and of functions
		w("m%d := map[string]pair[int64, []int64]{\"a\": {%s, nil}}\n\te%d := m%d[\"a\"]\n\te%d.b = append(e%d.b, %s)\n\tm%d[\"b\"] = e%d\n\tv0 += m%d[\"a\"].a + int64(len(m%d[\"a\"].b)) + m%d[\"b\"].b[0] + m%d[\"c\"].a", id, g.expr(1), id, id, id, id, g.expr(1), id, id, id, id, id, id)
	case 13: // arrays with methods
		w("w%d := vv\n\tvv.scale(int16(%s)).scale(2)\n\tv0 += int64(vv.dot(w%d)) - int64(vec.dot(*w%d.scale(-1), vv))\n\tvv[uint8(%s)%%3] >>= 3", id, g.expr(1), id, id, g.expr(1))
	case 14: // a generic type with a function in it
		w("n%d := tab.add(fmt.Sprint(%s %% 9), %s, v1)\n\tn%d.vals[0]++\n\tif tab.n > 6 {\n\t\t*tab = table[string, int64]{hash: tab.hash}\n\t}", id, g.expr(1), g.expr(1), id)
		w("for k, vs := range tab.each {\n\t\tif len(k) > 1 {\n\t\t\tcontinue\n\t\t}\n\t\tv0 = v0*3 + sum(vs...)\n\t\tif v0%%5 == 0 {\n\t\t\tbreak\n\t\t}\n\t}")
	case 15: // keys that are structs with interfaces
		w("k%d := key{int8(%s), s[:1], [2]any{%s, celsius(3)}}\n\tkeys[k%d] += %s\n\tj%d := k%d\n\tj%d.c[1] = int32(3)\n\tv1 += keys[k%d] + keys[j%d]", id, g.expr(1), g.v(), id, g.expr(1), id, id, id, id, id)
		w("fmt.Println(k%d == j%d, k%d.c[0] == any(v0), len(keys) > 0)", id, id, id)
	case 16: // a state machine of functions, an embedded interface
		w("for range 3 {\n\t\tv0 = mach.state(&mach, v0%%1000)\n\t}\n\tmach.shape = shapes[%s&1]\n\tv1 += mach.area(%s) + int64(mach.steps)", g.v(), g.v())
		w("mach.matrix[mach.steps%%2][1]++\n\tc%d := mach\n\tc%d.matrix[0][1] = 9\n\tc%d.point.x += 0.5\n\tfmt.Println(mach.matrix, c%d.matrix, mach.point == c%d.point)", id, id, id, id, id)
	case 17: // closing in reverse, errors joined
		w("e%d := closing(%s, file{\"a\", nil, &trace}, file{\"b\", check(%s), &trace})\n\tfmt.Println(e%d, trace)\n\ttrace = trace[:0]", id, g.expr(1), g.expr(1), id)
	case 18: // complex numbers and floats
		w("z%d := fold2(complex(float64(%s %% 10), 2), %s)\n\tfmt.Println(z%d, real(z%d) > imag(z%d), z%d == z%d*1)\n\tfmt.Printf(\"%%.3g %%8.2f %%v\\n\", float32(%s)/3, float64(v0%%999)/7, float32(v1%%99)*0.1)", id, g.expr(1), g.expr(1), id, id, id, id, id, g.expr(1))
	case 19: // select
		w("a%d, b%d, q%d := make(chan int64, 3), make(chan string, 1), make(chan bool)\n\ta%d <- %s\n\ta%d <- 7\n\tclose(q%d)", id, id, id, id, g.expr(1), id, id)
		w("drain%d:\n\tfor i := 0; ; i++ {\n\t\tselect {\n\t\tcase x := <-a%d:\n\t\t\tif x%%2 == 0 {\n\t\t\t\tcontinue drain%d\n\t\t\t}\n\t\t\tv0 += x\n\t\tcase b := <-b%d:\n\t\t\ts += b\n\t\tdefault:\n\t\t\tv1 += int64(i)\n\t\t\tbreak drain%d\n\t\t}\n\t}\n\tif _, ok := <-q%d; !ok {\n\t\tv1++\n\t}", id, id, id, id, id, id)
	case 20: // goto
		w("{\n\tn%d := int64(0)\nagain%d:\n\tif n%d++; n%d < %s%%5 {\n\t\tv0 += n%d\n\t\tgoto again%d\n\t}\n\t}", id, id, id, id, g.v(), id, id)
	case 21: // slices of slices, three-index slices, copies of rows
		w("g%d := make([][]int64, 3)\n\tfor i := range g%d {\n\t\tg%d[i] = append([]int64(nil), %s, int64(i))\n\t}\n\tr%d := g%d[1][:1:1]\n\tr%d = append(r%d, 5)\n\tg%d[2], g%d[0] = r%d, g%d[1]\n\tg%d[0][0]--\n\tfmt.Println(g%d, len(r%d), cap(r%d[:1]) > 0)", id, id, id, g.expr(1), id, id, id, id, id, id, id, id, id, id, id, id)
	case 22: // pointers to elements, fields and variables
		w("p%d, q%d := &d.arr[1], &d.n\n\t*p%d += %s\n\t*q%d ^= *p%d\n\tpp%d := &p%d\n\t**pp%d = **pp%d%%100 + 1\n\t*pp%d = &v0\n\t*p%d++\n\tfmt.Println(p%d == &v0, *q%d == d.n)", id, id, id, g.expr(1), id, id, id, id, id, id, id, id, id, id)
	case 23: // method values keep their receiver
		w("sq%d := sq{%s}\n\tf%d := sq%d.area\n\tsq%d.a = 0\n\th%d := shape(sq%d).area\n\tt%d := sq.area\n\tv0 += f%d(1) + h%d(2) + t%d(sq{3}, 4)", id, g.expr(1), id, id, id, id, id, id, id, id, id)
	case 24: // defers in a loop, arguments evaluated at once, a result changed
		w("v1 += func() (r int64) {\n\t\tfor i := range int64(3) {\n\t\t\tdefer func(k int64) { r = r*2 + k + i }(r + v0%%7)\n\t\t\tr += i\n\t\t}\n\t\treturn %s\n\t}()", g.expr(1))
	case 25: // panics replaced by panics
		w("v0 += try(func() (r int64) {\n\t\tdefer func() {\n\t\t\tif e := recover(); e != nil {\n\t\t\t\tpanic(fmt.Sprint(\"again \", e))\n\t\t\t}\n\t\t}()\n\t\tdefer func() { r += 2 }()\n\t\tvar none []celsius\n\t\treturn int64(none[%s&3])\n\t})", g.v())
	case 26: // nil everywhere
		w("{\n\tvar nm map[string][]int64\n\tvar nt *tree\n\tvar ns shape\n\tvar nf func(int64) int64\n\tv0 += int64(len(nm[\"x\"])) + first(nt, 3)")
		w("v1 += try(func() int64 { nm[\"k\"] = nil; return 1 }) + try(func() int64 { return nt.v }) + try(func() int64 { return ns.area(%s) }) + try(func() int64 { return nf(2) })\n\t}", g.v())
	case 27: // strings, runes and bytes
		w("b%d := []byte(s + \"é\")\n\tb%d[0] += byte(%s)\n\tr%d := []rune(string(b%d))\n\tfor i, c := range string(r%d) {\n\t\tv0 += int64(i) * int64(c)\n\t}\n\tfmt.Printf(\"%%q %%x %%d %%v\\n\", r%d[len(r%d)-1], b%d, len(r%d), s < string(b%d))", id, id, g.expr(1), id, id, id, id, id, id, id, id)
	case 28: // anonymous structs, composites that leave types out
		w("l%d := []struct {\n\t\tid  int64\n\t\tpos *struct{ x, y int8 }\n\t}{{1, nil}, {%s, &struct{ x, y int8 }{2, int8(v0)}}}\n\tfor _, e := range l%d {\n\t\tif e.pos != nil {\n\t\t\te.pos.x--\n\t\t}\n\t\te.id = 0\n\t}\n\tfmt.Println(l%d[1].id, *l%d[1].pos, map[string][]vec{\"a\": {{1}, {2: 5}}})", id, g.expr(1), id, id, id)
	case 29: // constants and untyped arithmetic
		w("const c%d = 1 << (10 + iota*3)\n\tconst f%d = c%d / 3.0\n\tv0 += c%d%%%d + int64(len(fmt.Sprint(f%d))) + int64(len(\"const\"+\"ants\"))\n\tvar u%d uint8 = c%d >> 3\n\tu%d += uint8(%s)\n\tv1 -= int64(u%d) | int64(int8(u%d))<<2", id, id, id, id, 7+g.r.IntN(9), id, id, id, id, g.v(), id, id)
	case 30: // a loop's variable is each pass's own, whatever changes it
		w("{\n\tvar ps []*int64\n\tfor i := int64(0); i < 6; i += 2 {\n\t\tps = append(ps, &i)\n\t\tif i == %s%%4 {\n\t\t\ti++\n\t\t}\n\t}\n\tfor i, p := range ps {\n\t\tv0 += *p * int64(i+1)\n\t}\n\t}", g.v())
	default: // several at once
		w("v0, v1 = v1, %s\n\tif len(xs) > 1 {\n\t\txs[0], xs[1], v0 = xs[1], v0, xs[0]\n\t}", g.expr(1))
	}
}

func (g *generator) stmt() {
	g.depth++
	defer func() { g.depth-- }()
	d := 2
	if g.r.IntN(5) < 3 {
		g.more(g.r.IntN(32))
		return
	}
	switch n := g.r.IntN(11); {
	case n == 0:
		g.count++
		name := fmt.Sprintf("w%d", g.count)
		fmt.Fprintf(&g.b, "\t%s := %s\n\t_ = %s\n", name, g.expr(d), name)
		if g.depth == 1 {
			g.vars = append(g.vars, name)
		}
	case n == 1:
		fmt.Fprintf(&g.b, "\txs = append(xs, %s, %s)\n", g.expr(d), g.expr(1))
	case n == 2:
		fmt.Fprintf(&g.b, "\tm[%s] += %s\n", g.expr(1), g.expr(d))
	case n == 3 && g.depth < 3:
		fmt.Fprintf(&g.b, "\tif %s > %s {\n", g.expr(1), g.expr(1))
		g.block()
		g.b.WriteString("\t} else {\n")
		g.block()
		g.b.WriteString("\t}\n")
	case n == 4 && g.depth < 3:
		fmt.Fprintf(&g.b, "\tfor i := range int64(%d) {\n\t\tv0 += i\n", 1+g.r.IntN(3))
		g.stmt()
		g.b.WriteString("\t}\n")
	case n == 5:
		fmt.Fprintf(&g.b, "\tswitch x := %s; {\n\tcase x < 0:\n\t\tv1++\n\tcase x == 0, x == 3:\n\t\tv0--\n\t\tfallthrough\n\tdefault:\n\t\tv1 += x\n\t}\n", g.expr(d))
	case n == 6:
		fmt.Fprintf(&g.b, "\tfunc() {\n\t\tdefer func(k int64) { %s ^= k }(%s)\n\t\tv1 = %s\n\t}()\n", g.v(), g.expr(1), g.expr(1))
	case n == 7:
		fmt.Fprintf(&g.b, "\tif n := int64(len(xs)); n > 2 {\n\t\txs[n/2], xs[0] = xs[0], %s\n\t\txs = xs[1:]\n\t}\n", g.expr(1))
	case n == 8:
		fmt.Fprintf(&g.b, "\tfor i, x := range xs {\n\t\tif i > 3 {\n\t\t\tbreak\n\t\t}\n\t\tv0 = v0*31 + x\n\t}\n")
	case n == 9:
		fmt.Fprintf(&g.b, "\tfmt.Printf(\"%%v %%T %%d\\n\", shapes[0], shapes[1], %s)\n", g.expr(d))
	default:
		fmt.Fprintf(&g.b, "\t%s %s= %s\n", g.v(), []string{"+", "-", "*", "^", "|"}[g.r.IntN(5)], g.expr(d))
	}
}
