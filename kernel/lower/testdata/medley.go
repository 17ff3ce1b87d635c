package main

import "fmt"

type Op func(int) int

type Visitor interface{ Visit(n int) (w Visitor) }
type vf func(n int) Visitor

func (f vf) Visit(n int) Visitor { return f(n) }

type Matrix [2][2]float64

func (m Matrix) Mul(o Matrix) (r Matrix) {
	for i := range m {
		for j := range o {
			for k := range m {
				r[i][j] += m[i][k] * o[k][j]
			}
		}
	}
	return
}

type Weekday int

const (
	Sunday Weekday = iota
	Monday
)

func (d Weekday) String() string { return [...]string{"Sun", "Mon"}[d] }

type Animal interface {
	Sound() string
	Name() string
}
type Base struct{ name string }

func (b Base) Name() string     { return b.name }
func (b *Base) Rename(s string) { b.name = s }

type Dog struct {
	Base
	age int
}

func (d Dog) Sound() string { return "woof" }

type list[T any] struct {
	head *elem[T]
	size int
}
type elem[T any] struct {
	v    T
	next *elem[T]
}

func (l *list[T]) push(v T) *list[T] {
	l.head = &elem[T]{v, l.head}
	l.size++
	return l
}
func (l *list[T]) each(f func(T)) {
	for e := l.head; e != nil; e = e.next {
		f(e.v)
	}
}

type Number interface{ ~int | ~float64 }

func Sum[T Number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}

func divmod(a, b int) (q, r int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("caught: %v", e)
		}
	}()
	q = a / b
	r = a % b
	return
}

func main() {
	ops := map[string]Op{"dbl": func(x int) int { return x * 2 }, "neg": func(x int) int { return -x }}
	fmt.Println(ops["dbl"](4), ops["neg"](4))
	var v Visitor
	v = vf(func(n int) Visitor { fmt.Println("visit", n); return nil })
	fmt.Println(v.Visit(1) == nil)
	m := Matrix{{1, 2}, {3, 4}}
	fmt.Println(m.Mul(m), m == Matrix{{1, 2}, {3, 4}})
	fmt.Printf("%v %d %s|%5s|%-5v|%x\n", Monday, Monday, Monday, Monday, Sunday, "hi")
	d := Dog{Base{"rex"}, 3}
	d.Rename("max")
	var a Animal = d
	fmt.Println(a.Name(), a.Sound(), d)
	fmt.Printf("%+v %#v\n", d, d)
	if n, ok := a.(interface{ Name() string }); ok {
		fmt.Println(n.Name())
	}
	_, ok := a.(interface{ Rename(string) })
	fmt.Println(ok)
	l := (&list[string]{}).push("a").push("b")
	l.each(func(s string) { fmt.Print(s, " ") })
	fmt.Println(l.size, Sum(1, 2, 3), Sum(1.5, 2), Sum[Weekday2](1, 2))
	fmt.Println(divmod(7, 2))
	fmt.Println(divmod(7, 0))
	var arr [3]int
	brr := arr
	brr[1] = 5
	p := &arr
	p[2] = 9
	fmt.Println(arr, brr, arr != brr, len(p))
	s := arr[:]
	s = append(s, 1)
	s[0] = 100
	fmt.Println(arr, s, cap(s[:2:2]))
	type pt struct{ x, y int }
	seen := map[pt]string{{1, 2}: "a"}
	seen[pt{3, 4}] = "b"
	fmt.Println(seen[pt{1, 2}], len(seen), seen)
	var e any = pt{1, 2}
	switch x := e.(type) {
	case int, string:
		fmt.Println("no")
	case pt:
		fmt.Println("pt", x.x)
	}
outer:
	for i := 0; i < 3; i++ {
		for j := range 3 {
			if j == 2 {
				continue outer
			}
			if i == 2 {
				break outer
			}
			fmt.Print(i, j, ";")
		}
	}
	fmt.Println()
	for i, r := range "héy" {
		fmt.Print(i, ":", string(r), " ")
	}
	fmt.Println()
	var fns []func() int
	for i := 0; i < 3; i++ {
		defer func() { fmt.Println("deferred", i) }()
		fns = append(fns, func() int { i *= 10; return i })
	}
	for _, f := range fns {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	var np *Dog
	defer func() {
		fmt.Println("recovered:", recover())
		var mm map[string]int
		mm["a"] = 1
	}()
	fmt.Println(np.Name())
}

type Weekday2 int
