package interp

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
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
// reads.
func FuzzPrograms(f *testing.F) {
	for seed := range uint64(12) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		g := &generator{r: rand.New(rand.NewPCG(seed, 1))}
		path := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(path, []byte(g.program()), 0o644); err != nil {
			t.Fatal(err)
		}
		want := compiledRun(t, path)
		if want.status == 1 {
			t.Fatalf("the generator made what is no Go:\n%s\n%s", want.stderr, g.b.String())
		}
		got := asCell(t, time.Minute, path)
		if got.String() != want.String() {
			t.Errorf("as a cell:\n%s\n%s\ncompiled:\n%s\nprogram:\n%s", got, got.stderr, want, g.b.String())
		}
	})
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

func lit(n int64) int64 { return n } // no constant for the compiler to refuse

func main() {
	var xs []int64
	m := map[int64]int64{}
	v0, v1 := int64(3), int64(-7)
	shapes := []shape{sq{2}, &rect{3, 4}, fn(func(k int64) int64 { return k % 97 })}
	d := derived{base: &base{n: 2}, tag: 3}
	var root *tree
	var fs []func() int64
	s := "s"
	_, _, _, _, _, _, _, _ = xs, m, shapes, v1, d, root, fs, s
`

func (g *generator) program() string {
	g.b.WriteString(fuzzHead)
	g.vars = []string{"v0", "v1"}
	for range 12 + g.r.IntN(12) {
		g.stmt()
	}
	g.b.WriteString("\tfor _, f := range fs {\n\t\tt := f()\n\t\tv1 += t\n\t}\n")
	g.b.WriteString("\tvar vs []int64\n\tfor v := range root.all() {\n\t\tvs = append(vs, v)\n\t}\n")
	g.b.WriteString("\tsort.Slice(xs, func(i, j int) bool { return xs[i] < xs[j] })\n")
	g.b.WriteString("\tfmt.Println(xs, m, v0, v1, vs, *d.base, d.tag, d.arr, len(s), s)\n}\n")
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
	default: // several at once
		w("v0, v1 = v1, %s\n\tif len(xs) > 1 {\n\t\txs[0], xs[1], v0 = xs[1], v0, xs[0]\n\t}", g.expr(1))
	}
}

func (g *generator) stmt() {
	g.depth++
	defer func() { g.depth-- }()
	d := 2
	if g.r.IntN(5) < 3 {
		g.more(g.r.IntN(14))
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
