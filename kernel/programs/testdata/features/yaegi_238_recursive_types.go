// Types that mention themselves: directly, in pairs, in functions, maps, channels (yaegi #238, #696, #1371, #1134, #754, #462, #361).
package main

import (
	"fmt"
	"sort"
	"strings"
)

type Dir struct {
	name   string
	parent *Dir
	kids   map[string]*Dir
	order  []*Dir
}
type Visitor func(*Dir, Visitor) string
type State func(*lexer) State
type lexer struct {
	in  string
	out []string
}
type Expr interface{ Eval(Env) Value }
type Env map[string]Expr
type Value struct {
	n    int
	list []Value
	fn   func(Value) Value
	envs chan Env
}
type Ref string
type A struct{ b *B }
type B struct {
	a []A
	c map[string]*C
}
type C struct {
	A
	up func() *A
}
type Rec []Rec
type RecMap map[int]RecMap

func (r Ref) Eval(e Env) Value { return e[string(r)].Eval(e) }
func (v Value) Eval(Env) Value { return v }
func (d *Dir) mk(path string) *Dir {
	head, rest, more := strings.Cut(path, "/")
	k := d.kids[head]
	if k == nil {
		k = &Dir{name: head, parent: d, kids: map[string]*Dir{}}
		d.kids[head] = k
		d.order = append(d.order, k)
	}
	if more {
		return k.mk(rest)
	}
	return k
}
func (d *Dir) path() string {
	if d.parent == nil {
		return d.name
	}
	return d.parent.path() + "/" + d.name
}

func word(l *lexer) State {
	if l.in == "" {
		return nil
	}
	if l.in[0] == ' ' {
		return space
	}
	i := strings.IndexByte(l.in+" ", ' ')
	l.out, l.in = append(l.out, l.in[:i]), l.in[i:]
	return space
}
func space(l *lexer) State { l.in = strings.TrimLeft(l.in, " "); return word }

func depth(r Rec) int {
	d := 0
	for _, k := range r {
		d = max(d, depth(k)+1)
	}
	return d
}

func main() {
	root := &Dir{name: "", kids: map[string]*Dir{}}
	root.mk("usr/lib/go")
	fmt.Println(root.mk("usr/bin").path(), len(root.kids["usr"].kids), root.order[0].order[1].name)
	var v Visitor = func(d *Dir, self Visitor) string {
		var parts []string
		for k := range d.kids {
			parts = append(parts, k+self(d.kids[k], self))
		}
		sort.Strings(parts)
		return fmt.Sprint(parts)
	}
	fmt.Println(v(root, v))
	l := &lexer{in: " lex  this text "}
	for s := State(word); s != nil; {
		s = s(l)
	}
	fmt.Printf("%q\n", l.out)
	env := Env{"x": Ref("y"), "y": Value{n: 4, list: []Value{{n: 1}}, fn: func(v Value) Value { v.n *= 2; return v }}}
	val := env["x"].Eval(env)
	fmt.Println(val.n, val.fn(val).n, val.list[0].n, val.envs == nil)
	a := A{&B{a: []A{{}, {&B{}}}, c: map[string]*C{}}}
	a.b.c["k"] = &C{A: a, up: func() *A { return &a }}
	a.b.c["k"].up().b.a[0].b = a.b
	fmt.Println(a.b.a[0].b == a.b, len(a.b.c["k"].b.a), a.b.c["k"].A.b.a[1].b.a == nil)
	fmt.Println(depth(Rec{{}, {{{}}}}), Rec{{}, {{}}}, RecMap{1: {2: nil}}, len(RecMap{1: {2: {3: nil}}}[1][2]))
}
