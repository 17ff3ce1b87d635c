// Embedding: structs in structs, interfaces in structs, pointers, promotion,
// shadowing, overriding, method values and expressions.
package main

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"
)

type Animal interface {
	Name() string
	Sound() string
}

type Base struct{ name string }

func (b Base) Name() string     { return b.name }
func (b *Base) Rename(n string) { b.name = n }
func (b Base) Sound() string    { return "..." }
func (b Base) Describe() string { return b.Name() + " says " + b.Sound() }

type Dog struct {
	Base
	breed string
}

func (d Dog) Sound() string { return "woof" }

type Puppy struct {
	*Dog
	age int
}

func (p Puppy) Sound() string { return strings.ToUpper(p.Dog.Sound()) + "!" }

type Logger struct {
	mu sync.Mutex
	strings.Builder
	prefix string
}

func (l *Logger) Logf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l, l.prefix+format+"\n", args...)
}

type Service struct {
	*Logger
	Animal
	io.Reader
	deps map[string]func() error
}

type reverse struct{ sort.Interface }

func (r reverse) Less(i, j int) bool { return r.Interface.Less(j, i) }

type Point struct{ X, Y int }

func (p Point) Add(q Point) Point   { return Point{p.X + q.X, p.Y + q.Y} }
func (p *Point) Scale(k int) *Point { p.X *= k; p.Y *= k; return p }
func (p Point) String() string      { return fmt.Sprintf("(%d,%d)", p.X, p.Y) }

type Named struct {
	Point
	Label string
}

type Deep struct {
	Named
	Point2 Point
}

type A struct{ v int }
type B struct{ v int }
type AB struct {
	A
	B
}

func (A) Hello() string { return "A" }
func (B) Bye() string   { return "B" }

type Inc func(int) int

func (f Inc) Twice(n int) int { return f(f(n)) }

type Celsius float64
type Temp interface{ ~float64 }

func (c Celsius) F() float64 { return float64(c)*9/5 + 32 }

func main() {
	d := Dog{Base{"Rex"}, "mutt"}
	p := Puppy{&Dog{Base: Base{"Bit"}}, 1}
	p.Rename("Bob")
	for _, a := range []Animal{d, &d, p, d.Base, &p} {
		fmt.Printf("%T %s %s; ", a, a.Name(), a.Sound())
	}
	fmt.Println()
	fmt.Println(d.Describe(), "|", p.Describe(), "|", p.name, p.Dog.Base.name, p.breed == "")

	s := Service{Logger: &Logger{prefix: "> "}, Animal: p, Reader: strings.NewReader("input")}
	s.Logf("%s has %d", s.Name(), len(s.deps))
	s.Logf("%s", s.Sound())
	b, _ := io.ReadAll(s)
	fmt.Printf("%q %s %d\n", s.String(), b, s.Len())
	_, isStringer := any(s).(fmt.Stringer)
	_, isWriter := any(s).(io.Writer)
	_, isReader := any(s).(io.Reader)
	fmt.Println(isStringer, isWriter, isReader)

	xs := []int{3, 1, 2}
	sort.Sort(reverse{sort.IntSlice(xs)})
	fmt.Println(xs)

	n := Deep{Named{Point{1, 2}, "n"}, Point{3, 4}}
	fmt.Println(n.X, n.Add(n.Point2), n, n.Named.Label)
	fmt.Println(n.Scale(3))
	fmt.Println(n, n.Point)
	fmt.Printf("%v %+v %s\n", n, n.Named, n.Point2)
	fmt.Printf("%#v\n", n.Named)

	add := n.Point2.Add
	n.Point2.X = 100
	scale := n.Point2.Scale
	fmt.Println(add(Point{1, 1}), scale(2), n.Point2)
	f := Point.Add
	g := (*Point).Scale
	h := (*Point).Add
	k := fmt.Stringer.String
	pt := Point{5, 5}
	fmt.Println(f(pt, pt), g(&pt, 2), h(&pt, pt), k(pt), pt)
	fmt.Printf("%T %T %T\n", f, g, k)
	m := map[string]func(Point) Point{"add": pt.Add, "twice": func(q Point) Point { return q.Add(q) }}
	fmt.Println(m["add"](Point{1, 0}), m["twice"](Point{7, 7}))
	for _, method := range []func(Point) string{Point.String, func(p Point) string { return p.Add(p).String() }} {
		fmt.Print(method(Point{2, 1}), " ")
	}
	fmt.Println()

	ab := AB{A{1}, B{2}}
	fmt.Println(ab.A.v, ab.B.v, ab.Hello()+ab.Bye(), ab)
	fmt.Println(Inc(func(n int) int { return n * 3 }).Twice(2), Celsius.F(100), Celsius(37).F())
	anon := struct {
		Animal
		extra int
	}{d, 3}
	fmt.Println(anon.Sound(), anon.extra, anon.Animal.(Dog).breed)
	defer func() {
		fmt.Println("recovered:", recover())
	}()
	var none Service
	fmt.Println(none.Animal == nil, none.Logger == nil)
	none.Name()
}
