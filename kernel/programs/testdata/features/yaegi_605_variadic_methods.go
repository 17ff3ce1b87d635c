// Variadic methods, of interfaces, with functions and interfaces as elements (yaegi #605, #265, #1375, #1326, #1205, #697, #352).
package main

import (
	"errors"
	"fmt"
	"strings"
)

type Option interface{ apply(*conf) }
type optFunc func(*conf)
type conf struct {
	name string
	n    []int
}

func (f optFunc) apply(c *conf) { f(c) }

type named string

func (n named) apply(c *conf) { c.name = string(n) }

func WithN(n ...int) Option { return optFunc(func(c *conf) { c.n = append(c.n, n...) }) }

func New(opts ...Option) *conf {
	c := &conf{}
	for _, o := range opts {
		o.apply(c)
	}
	return c
}

type A struct{ log []string }

func (a *A) Addf(format string, args ...any) *A {
	a.log = append(a.log, fmt.Sprintf(format, args...))
	return a
}
func (a A) count(vals ...bool) (n int) {
	for _, v := range vals {
		if v {
			n++
		}
	}
	return
}

type Logger interface {
	Addf(string, ...any) *A
	count(...bool) int
}

type wrap struct{ Logger }

func each(fs ...func(...string) string) (out []string) {
	for i, f := range fs {
		out = append(out, f(strings.Split("abc"[:i+1], "")...))
	}
	return
}

func main() {
	opts := []Option{named("srv"), WithN(1, 2)}
	c := New(append(opts, WithN(), WithN([]int{3}...))...)
	fmt.Println(c.name, c.n, *New(), New(opts[1:]...).n, New(nil...).n == nil)
	var l Logger = &A{}
	l.Addf("%d-%s", 1, "x").Addf("plain").Addf("%v", []any{1, nil})
	w := wrap{l}
	w.Addf("%s %s", []any{"spread", errors.New("e")}...)
	fmt.Println(l.(*A).log, w.count(), w.count(true, false, true), w.count([]bool{true}...))
	f := l.count
	g := (*A).count
	fmt.Println(f(true), g(l.(*A), true, true), A.count(A{}, false))
	join := func(s ...string) string { return strings.Join(s, "+") }
	fmt.Println(each(join, func(s ...string) string { return fmt.Sprint(len(s)) }, join))
	func(prefix string, ms ...map[string]int) {
		for _, m := range ms {
			m[prefix]++
		}
		fmt.Println(ms)
	}("k", map[string]int{}, map[string]int{"k": 4})
}
