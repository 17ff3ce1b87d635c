// Method values and expressions of every kind of receiver, stored, compared, passed and deferred.
package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

type T struct{ n int }

func (t T) Val(k int) string  { return fmt.Sprint("val ", t.n, k) }
func (t *T) Ptr(k int) string { t.n += k; return fmt.Sprint("ptr ", t.n) }

type I interface{ Val(int) string }
type E struct {
	T
	*bytes.Buffer
}

type G[X any] struct{ x X }

func (g G[X]) Get() X   { return g.x }
func (g *G[X]) Set(x X) { g.x = x }

func call(f func(int) string, n int) { fmt.Println(f(n)) }

func main() {
	t := T{1}
	v, p := t.Val, t.Ptr
	t.n = 10
	call(v, 1)
	call(p, 1)
	call((&t).Val, 2)
	fmt.Println(T.Val(t, 3), (*T).Ptr(&t, 3), (*T).Val(&t, 4))
	var i I = &t
	iv := i.Val
	i = T{99}
	call(iv, 5)
	fmt.Println(I.Val(i, 6))
	e := E{T{5}, bytes.NewBufferString("buf")}
	ev, ew := e.Val, e.WriteString
	ew("fer")
	fmt.Println(ev(7), e.String(), E.Val(e, 8), (*E).Ptr(&e, 1))
	g := &G[string]{"a"}
	get, set := g.Get, g.Set
	set("b")
	fmt.Println(get(), g.Get(), G[string].Get(*g))
	upper := strings.NewReplacer("a", "A").Replace
	fmt.Println(upper("banana"), strings.Map(func(r rune) rune { return r + 1 }, "HAL"))
	d := 90 * time.Second
	for _, f := range []func() float64{d.Minutes, d.Seconds, d.Hours} {
		fmt.Print(f(), " ")
	}
	fmt.Println()
	func() {
		defer func(f func(int) string) { fmt.Println(f(1)) }(t.Ptr)
		t.n = 1000
	}()
	fs := map[string]func(*T, int) string{"p": (*T).Ptr, "v": (*T).Val}
	fmt.Println(fs["p"](&t, 1), fs["v"](&t, 2))
	var np *T
	func() {
		defer func() { fmt.Println(recover()) }()
		f := np.Val
		fmt.Println("never", f)
	}()
	pf := np.Ptr
	fmt.Println(pf != nil)
}
