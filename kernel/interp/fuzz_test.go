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
// all sizes, shifts, slices, maps, structs with methods, closures, generics,
// interfaces, defer and recover) and compares what it does compiled and as a
// cell.
func FuzzPrograms(f *testing.F) {
	for seed := range uint64(8) {
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

import "fmt"

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
	shapes := []shape{sq{2}, &rect{3, 4}}
	_, _, _, _ = xs, m, shapes, v1
`

func (g *generator) program() string {
	g.b.WriteString(fuzzHead)
	g.vars = []string{"v0", "v1"}
	for range 12 + g.r.IntN(12) {
		g.stmt()
	}
	g.b.WriteString("\tfmt.Println(xs, m, v0, v1)\n}\n")
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
	switch g.r.IntN(16) {
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
		return "shapes[uint(" + x + ") % 2].area(" + y + ")"
	case 14:
		return "min(" + x + ", max(" + y + ", 5))"
	}
	return "int64(fold([]int8{int8(" + x + "), 3, int8(" + y + ")}, func(a, b int8) int8 { return a*5 + b }))"
}

func (g *generator) stmt() {
	g.depth++
	defer func() { g.depth-- }()
	d := 2
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
		g.stmt()
		g.b.WriteString("\t} else {\n")
		g.stmt()
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
