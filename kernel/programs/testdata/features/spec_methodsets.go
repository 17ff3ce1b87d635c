// Method sets, embedding and promotion.
package main

import (
	"fmt"
	"reflect"
)

type A struct{ n int }

func (a A) Val() string   { return fmt.Sprint("A.Val", a.n) }
func (a *A) Ptr() string  { a.n++; return fmt.Sprint("A.Ptr", a.n) }
func (a A) Both() string  { return "A.Both" }
func (a *A) Set(n int) *A { a.n = n; return a }

type B struct {
	A
	name string
}

func (b B) Both() string { return "B.Both/" + b.A.Both() }

type C struct {
	*B
	depth int
}
type D struct {
	C
	fmt.Stringer
}
type E struct {
	A
	F
}
type F struct{ A2 }
type A2 struct{ n int }

func (A2) Deep() string { return "deep" }

type Valer interface{ Val() string }
type Ptrer interface{ Ptr() string }
type All interface {
	Valer
	Ptrer
	Both() string
}
type str string

func (s str) String() string { return "str:" + string(s) }

type M map[string]int

func (m M) Inc(k string) M { m[k]++; return m }

type Fn func(int) int

func (f Fn) Twice(x int) int { return f(f(x)) }

type L []int

func (l *L) Push(x int) { *l = append(*l, x) }
func (l L) Sum() (s int) {
	for _, x := range l {
		s += x
	}
	return
}

type Ch chan int

func (c Ch) Put(x int) Ch { c <- x; return c }

func is[T any](x any) bool { _, ok := x.(T); return ok }

func main() {
	b := B{A{1}, "b"}
	c := C{&b, 2}
	d := D{c, str("x")}
	fmt.Println(b.Val(), b.Ptr(), b.Both(), c.Val(), c.Ptr(), c.Both(), d.Val(), d.Ptr(), d.n, d.String())
	fmt.Println(is[All](b), is[All](&b), is[All](c), is[All](&c), is[All](d), is[Ptrer](A{}), is[Ptrer](&A{}), is[Valer](E{}), is[interface{ Deep() string }](E{}))
	var all All = c
	fmt.Println(all.Val(), all.Ptr(), b.n)
	f := A.Val
	g := (*A).Ptr
	h := (*A).Val
	a := A{5}
	fmt.Println(f(a), g(&a), h(&a), a.n)
	bound := a.Val
	boundP := a.Ptr
	a.n = 100
	fmt.Println(bound(), boundP(), a.n)
	iv := All.Both
	fmt.Println(iv(&b), C.Both(c), D.Val(d), (*D).Ptr(&d))
	fmt.Println(a.Set(3).Set(4).n, (&a).Val(), (&b).A.Val())
	m := M{}
	m.Inc("a").Inc("a").Inc("b")
	fmt.Println(m, Fn(func(i int) int { return i + 3 }).Twice(1))
	var l L
	l.Push(1)
	l.Push(2)
	pl := &l
	pl.Push(4)
	fmt.Println(l.Sum(), pl.Sum(), L{5, 6}.Sum(), l)
	fmt.Println(len(Ch(make(chan int, 3)).Put(1).Put(2)))
	for _, x := range []any{A{}, &A{}, B{}, &B{}, C{}, D{}, E{}, &l, l} {
		t := reflect.TypeOf(x)
		fmt.Print(t, ":")
		for i := range t.NumMethod() {
			fmt.Print(" ", t.Method(i).Name)
		}
		fmt.Println()
	}
	type Local struct {
		*A
		Valer
	}
	lo := Local{A: &a}
	fmt.Println(lo.Ptr(), lo.A.Val())
	defer func() { fmt.Println("recovered:", recover()) }()
	var nc C
	fmt.Println(nc.Both())
}
