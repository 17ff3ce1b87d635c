// Method sets of values and pointers, in interfaces, through embedding and on non-struct types.
package main

import (
	"fmt"
	"sort"
)

type Counter int

func (c Counter) Get() int { return int(c) }
func (c *Counter) Inc()    { *c++ }

type Getter interface{ Get() int }
type Incer interface {
	Getter
	Inc()
}

type Funcs func(string) string

func (f Funcs) Twice(s string) string { return f(f(s)) }

type Ints []int

func (x Ints) Len() int           { return len(x) }
func (x Ints) Less(i, j int) bool { return x[i] > x[j] }
func (x Ints) Swap(i, j int)      { x[i], x[j] = x[j], x[i] }
func (x *Ints) Push(n int)        { *x = append(*x, n) }

type Set map[string]bool

func (s Set) Add(k string) Set { s[k] = true; return s }

type Ch chan int

func (c Ch) SendAll(xs ...int) Ch {
	for _, x := range xs {
		c <- x
	}
	close(c)
	return c
}

type Val struct{ Counter }
type Ptr struct{ *Counter }

func main() {
	var c Counter = 5
	c.Inc()
	(&c).Inc()
	p := &c
	fmt.Println(c.Get(), p.Get(), (*Counter).Get(p), Counter.Get(c))
	var g Getter = c
	c.Inc()
	var i Incer = &c
	i.Inc()
	fmt.Println(g.Get(), i.Get())
	_, ok := g.(Incer)
	_, ok2 := Getter(i).(Incer)
	fmt.Println(ok, ok2)
	v := Val{3}
	w := Ptr{&c}
	v.Inc()
	w.Inc()
	_, a := any(v).(Incer)
	_, b := any(&v).(Incer)
	_, d := any(w).(Incer)
	fmt.Println(v.Get(), w.Get(), c, a, b, d)
	fmt.Println(Funcs(func(s string) string { return "(" + s + ")" }).Twice("x"))
	x := Ints{3, 1}
	x.Push(2)
	sort.Sort(x)
	fmt.Println(x, Set{}.Add("a").Add("b"))
	for n := range make(Ch, 3).SendAll(1, 2, 3) {
		fmt.Print(n, " ")
	}
	fmt.Println()
	arr := []Counter{1, 2}
	for i := range arr {
		arr[i].Inc()
	}
	m := map[string]*Counter{"k": new(Counter)}
	m["k"].Inc()
	fmt.Println(arr, *m["k"])
	f := (*Counter).Inc
	f(m["k"])
	h := m["k"].Inc
	h()
	fmt.Println(m["k"].Get())
	e := Incer.Get
	fmt.Println(e(i), fmt.Sprintf("%T", e))
}
