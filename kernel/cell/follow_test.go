package cell

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"math/rand/v2"
	"strings"
	"testing"
)

// parts are what random cells are made of: names that mean many things, and
// mention each other.
var parts = []string{
	"type A struct{ x int }", "type A struct{ x string }", "type A int", "type A struct{ b B }", "type A struct{ b *B; n [N]int }",
	"type A interface{ M() int }", "type A = B", "type A struct{ B; x int }", "type A func(B) A",
	"type B struct{ x int }", "type B struct{ a *A }", "type B []A", "type B string", "type B interface{ A | ~int }", "type B struct{ C }",
	"type C struct{ s S[A] }", "type C map[string]A", "type C struct{ y int }", "type C interface{ M() int; K() int }",
	"type S[T any] struct{ v T; a A }", "type S[T any] struct{ v []T }", "type S[T C] struct{ v T }",
	"func (a A) M() int { return N }", "func (a A) M() string { return \"\" }", "func (a *A) M() int { return 1 }", "func (a *A) P() B { var b B; return b }",
	"func (a A) K() int { return f(1) }", "func (b B) M() int { return 2 }", "func (b B) K() int { return b.M() }", "func (c C) Q() A { var a A; return a }",
	"func (s S[T]) Get() T { return s.v }", "func (s S[T]) A() A { return s.a }", "func (s *S[T]) M() int { return N }",
	"func f(i int) int { return i + x }", "func f(i int) int { return N }", "func f(s string) int { return len(s) }", "func f(i int) A { var a A; return a }",
	"func g() A { var a A; return a }", "func g() B { var b B; return b }", "func g() int { return f(N) }", "func g() (int, error) { return f(1), nil }",
	"func h() int { return f(g().x) }", "func h() any { return g().M() }", "func h() any { var s S[int]; return s.Get() }", "func h() any { return G(y) }", "func h() C { return y }",
	"func G[T any](t T) A { var a A; return a }", "func G[T any](t T) S[T] { var s S[T]; return s }", "func G[T C](t T) int { return t.M() }",
	"const N = 2", "const N = \"s\"", "const (\n\tN = iota + 1\n\tM\n)", "const M = N", "const N, L = 3, 4",
	"x := 1", "x := \"a\"", "var x A", "var y A", "var y *B", "z := g()", "y := G(x)", "f := func(i int) int { return i }", "N := 5", "z := h", "var s S[B]",
	"_ = f(1)", "g()", "_ = y", "x = x", "_ = z", "h()",
}

// base is a first cell with all the names, consistent.
const base = `type A struct{ x int }
type B struct{ x int }
type C struct{ y int }
type S[T any] struct{ v T; a A }
func (a A) M() int { return N }
func (s S[T]) Get() T { return s.v }
func f(i int) int { return i + x }
func g() A { var a A; return a }
func h() any { return G(y) }
func G[T any](t T) A { var a A; return a }
const N = 2
const M = N
x := 1
var y A
z := g()
var s S[B]`

// TestFollow plays random cells, and after each one looks at every definition:
// one that is alive mentions what names mean now, and compiles as it is
// written; one that is stale does not.
func TestFollow(t *testing.T) {
	sessions, cells := 100, 15
	if testing.Short() {
		sessions = 50
	}
	accepted, alive, stale := 0, 0, 0
	for seed := range sessions {
		random := rand.New(rand.NewPCG(uint64(seed), 2))
		e := NewEnv()
		var played []string
		for n := range cells {
			text := base
			if n > 0 {
				lines := []string{parts[random.IntN(len(parts))]}
				for random.IntN(3) == 0 {
					lines = append(lines, parts[random.IntN(len(parts))])
				}
				text = strings.Join(lines, "\n")
			}
			played = append(played, text)
			c, err := e.Check(fmt.Sprintf("cell [%d]", n), text)
			if err != nil {
				continue
			}
			e.Define(c)
			accepted++
			a, s := lookAtAll(t, e, func() string { return fmt.Sprintf("seed %d\n%s", seed, strings.Join(played, "\n--\n")) })
			alive, stale = alive+a, stale+s
			if t.Failed() {
				return
			}
		}
	}
	t.Logf("%d cells accepted, %d definitions alive, %d stale", accepted, alive, stale)
	if accepted < sessions || alive < sessions || stale == 0 && !testing.Short() {
		t.Error("the cells are of no use")
	}
}

func lookAtAll(t *testing.T, e *Env, session func() string) (alive, stale int) {
	keys := make([]string, 0, len(e.defs))
	for key := range e.defs {
		keys = append(keys, key)
	}
	for _, key := range keys {
		d := e.defs[key]
		if d.node == nil {
			continue
		}
		text := sourceOf(d)
		if f, ok := d.node.(*ast.FuncDecl); ok && f.Recv != nil && funcKey(f) != key {
			continue // written with an alias, which may mean another type by now
		}
		if base, _, method := methodKey(key); method && d.stale != nil && isAlias(e.defs[base]) {
			continue // as a new cell it would be a method of what the alias means
		}
		_, err := e.Check("again", text)
		if d.stale != nil {
			stale++
			if err == nil {
				t.Errorf("%s is stale (%s), but compiles:\n%s\n\n%s", key, d.stale.msg, text, session())
			}
			continue
		}
		alive++
		if err != nil {
			t.Errorf("%s is alive, but does not compile:\n%s\n%v\n\n%s", key, text, err, session())
		}
		for k, obj := range d.uses {
			if now := e.defs[k]; obj.Pkg() == e.pkg && (now == nil || !sameThing(now, obj)) {
				t.Errorf("%s mentions another %s than there is now: %v\n\n%s", key, k, obj, session())
			}
		}
	}
	return alive, stale
}

func isAlias(d *definition) bool {
	t, ok := d.obj.(*types.TypeName)
	return ok && t.IsAlias()
}

// sameThing says whether obj is what d means, or a function that the one of d
// takes the place of.
func sameThing(d *definition, obj types.Object) bool {
	if d.stale != nil {
		return false
	}
	if d.obj == obj {
		return true
	}
	now, ok := d.obj.(*types.Func)
	old, ok2 := obj.(*types.Func)
	return ok && ok2 && types.Identical(now.Type(), old.Type()) && sameReceiver(now, old) && !d.generic()
}

func sourceOf(d *definition) string {
	if g, ok := d.node.(*ast.GenDecl); ok {
		var b strings.Builder
		b.WriteString("const (\n")
		for _, s := range g.Specs {
			s := s.(*ast.ValueSpec)
			var names, values []string
			for _, id := range s.Names {
				names = append(names, id.Name)
			}
			for _, v := range s.Values {
				values = append(values, types.ExprString(v))
			}
			b.WriteString(strings.Join(names, ", "))
			if len(values) > 0 {
				b.WriteString(" = " + strings.Join(values, ", "))
			}
			b.WriteString("\n")
		}
		return b.String() + ")"
	}
	return nodeText(d.node)
}

func nodeText(n ast.Node) string {
	if s, ok := n.(*ast.TypeSpec); ok {
		n = &ast.GenDecl{Tok: token.TYPE, Specs: []ast.Spec{s}}
	}
	var b strings.Builder
	if err := format.Node(&b, token.NewFileSet(), n); err != nil {
		return err.Error()
	}
	return b.String()
}
