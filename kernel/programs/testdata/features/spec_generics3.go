// Generics: constraints, methods, type switches, recursion, inference.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"sort"
	"strings"
)

type Number interface {
	~int | ~int8 | ~int64 | ~float64
}
type MyInt int

func (m MyInt) String() string { return fmt.Sprintf("<%d>", int(m)) }

func Sum[T Number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}

func Kind[T any](x T) string {
	switch v := any(x).(type) {
	case int:
		return "int"
	case fmt.Stringer:
		return "stringer " + v.String()
	case []T:
		return "slice of T"
	case map[string]T:
		return "map"
	case func() T:
		return "func"
	case error:
		return "error"
	case nil:
		return "nil"
	}
	return fmt.Sprintf("%T", x)
}

func Zero[T any]() (z T) { return }
func IsZero[T comparable](x T) bool {
	var z T
	return x == z
}
func Ptr[T any](x T) *T { return &x }

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(x ...T) *Stack[T] { s.items = append(s.items, x...); return s }
func (s *Stack[T]) Pop() (x T, err error) {
	if len(s.items) == 0 {
		return x, errors.New("empty")
	}
	x = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return
}
func (s Stack[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i, x := range s.items {
			if !yield(i, x) {
				return
			}
		}
	}
}

type Tree[K cmp.Ordered, V any] struct {
	root *node[K, V]
	n    int
}
type node[K cmp.Ordered, V any] struct {
	k           K
	v           V
	left, right *node[K, V]
}

func (t *Tree[K, V]) Put(k K, v V) {
	p := &t.root
	for *p != nil {
		switch c := cmp.Compare(k, (*p).k); {
		case c < 0:
			p = &(*p).left
		case c > 0:
			p = &(*p).right
		default:
			(*p).v = v
			return
		}
	}
	*p = &node[K, V]{k: k, v: v}
	t.n++
}
func (n *node[K, V]) walk(f func(K, V) bool) bool {
	return n == nil || n.left.walk(f) && f(n.k, n.v) && n.right.walk(f)
}
func (t *Tree[K, V]) All() iter.Seq2[K, V] { return func(y func(K, V) bool) { t.root.walk(y) } }

type Pair[A, B any] struct {
	First  A
	Second B
}

func (p Pair[A, B]) Swap() Pair[B, A] { return Pair[B, A]{p.Second, p.First} }
func MakePair[A, B any](a A, b B) Pair[A, B] {
	return Pair[A, B]{a, b}
}

type List[T any] []T

func (l List[T]) Map(f func(T) T) List[T] {
	var r List[T]
	for _, x := range l {
		r = append(r, f(x))
	}
	return r
}
func (l List[T]) Len() int { return len(l) }

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(x T) bool { _, ok := s[x]; s[x] = struct{}{}; return !ok }

type Shower interface{ Show() string }
type Showers[T Shower] []T

func (s Showers[T]) Join() string {
	var p []string
	for _, x := range s {
		p = append(p, x.Show())
	}
	return strings.Join(p, ",")
}

type word string

func (w word) Show() string { return string(w) + "!" }

type Setter[T any] interface {
	*T
	Set(string)
}
type conf struct{ v string }

func (c *conf) Set(s string) { c.v = s }
func Build[T any, P Setter[T]](s string) T {
	var x T
	P(&x).Set(s)
	return x
}
func Map[S ~[]E, E, R any](s S, f func(E) R) []R {
	r := make([]R, 0, len(s))
	for _, x := range s {
		r = append(r, f(x))
	}
	return r
}
func Reduce[T, A any](s []T, a A, f func(A, T) A) A {
	for _, x := range s {
		a = f(a, x)
	}
	return a
}
func Filter[T any](s iter.Seq[T], f func(T) bool) iter.Seq[T] {
	return func(y func(T) bool) {
		for x := range s {
			if f(x) && !y(x) {
				return
			}
		}
	}
}
func Keys[M ~map[K]V, K cmp.Ordered, V any](m M) []K {
	r := make([]K, 0)
	for k := range m {
		r = append(r, k)
	}
	sort.Slice(r, func(i, j int) bool { return r[i] < r[j] })
	return r
}

type Num[T Number] struct{ v T }

func (n Num[T]) Add(o Num[T]) Num[T] { return Num[T]{n.v + o.v} }

type Vec[T any] = []T
type Grid[T any] = Pair[Vec[T], map[string]T]

type Event[T any] struct {
	subs []func(T)
	last *Event[T]
}

func (e *Event[T]) On(f func(T)) { e.subs = append(e.subs, f) }
func (e *Event[T]) Fire(x T) {
	for _, f := range e.subs {
		f(x)
	}
}
func count[T any]() func() int {
	n := 0
	type local struct {
		v T
		n int
	}
	return func() int { n++; return local{n: n}.n }
}
func typeName[T any]() string { return fmt.Sprintf("%T", *new(T)) }
func localType[T any](x T) any {
	type box struct{ V T }
	return box{x}
}
func chain[T any](n int, x T) string {
	if n == 0 {
		return fmt.Sprintf("%T", x)
	}
	return chain(n-1, x)
}

type Opt func(*conf)

func With[T ~string](v T) Opt { return func(c *conf) { c.v = string(v) } }
func maxOf[T cmp.Ordered](a T, rest ...T) T {
	for _, x := range rest {
		a = max(a, x)
	}
	return a
}
func bytesOf[T ~string | ~[]byte](x T) (n int) {
	for i := range len(x) {
		n += int(x[i])
	}
	return n + len(x[1:])
}

func main() {
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum[MyInt](1, 2), Sum[int8](100, 100))
	fmt.Println(Kind(1), Kind(MyInt(2)), Kind("s"), Kind([]int{}), Kind(errors.New("e")), Kind[error](nil), Kind[any]([]any{}), Kind(func() int { return 1 }), Kind[any](map[string]any{}))
	fmt.Println(Zero[int](), Zero[*int]() == nil, Zero[[2]string](), IsZero(0), IsZero("x"), IsZero(struct{ a int }{}), IsZero[any](nil), *Ptr(3), **Ptr(Ptr("p")))
	var s Stack[string]
	s.Push("a", "b").Push("c")
	for i, x := range s.All() {
		if i == 2 {
			break
		}
		fmt.Print(i, x, " ")
	}
	x, err := s.Pop()
	_, err2 := new(Stack[float64]).Pop()
	fmt.Println(x, err, err2, len(s.items))
	var t Tree[string, int]
	for i, w := range strings.Fields("the quick brown fox the lazy dog") {
		t.Put(w, i)
	}
	for k, v := range t.All() {
		fmt.Print(k, ":", v, " ")
		if k == "lazy" {
			break
		}
	}
	fmt.Println(t.n)
	p := MakePair("a", 1).Swap()
	fmt.Printf("%v %+v %T %T\n", p, p.Swap(), p, MakePair(p, []Pair[int, error]{}))
	fmt.Println(List[int]{1, 2}.Map(func(i int) int { return i * i }).Len(), Set[string]{}.Add("x"), Showers[word]{"a", "b"}.Join(), Build[conf]("z"))
	fmt.Println(Map([]int{1, 2}, func(i int) string { return fmt.Sprint(i, i) }), Reduce([]string{"a", "bb"}, 0, func(n int, s string) int { return n + len(s) }))
	even := Filter(func(y func(int) bool) {
		for i := 0; y(i); i++ {
		}
	}, func(i int) bool { return i%2 == 0 })
	for i := range even {
		if i > 6 {
			break
		}
		fmt.Print(i, " ")
	}
	fmt.Println(Keys(map[MyInt]bool{3: true, 1: false}), Keys(Set[string]{"b": {}, "a": {}}))
	fmt.Println(Num[MyInt]{1}.Add(Num[MyInt]{2}), Num[float64]{1.5}.Add(Num[float64]{2}))
	g := Grid[int]{Vec[int]{1}, map[string]int{"a": 2}}
	fmt.Printf("%v %T\n", g, g)
	e := &Event[MyInt]{}
	e.On(func(m MyInt) { fmt.Print("got ", m, " ") })
	e.On(func(m MyInt) { fmt.Println("and", m+1) })
	e.Fire(4)
	c1, c2 := count[int](), count[string]()
	c1()
	fmt.Println(c1(), c2(), typeName[int](), typeName[Stack[MyInt]](), typeName[map[string]Pair[int, word]](), chain(3, MyInt(1)))
	fmt.Printf("%v %v %T\n", localType(1) == localType(1), localType(1) == localType(MyInt(1)), localType("a"))
	var c conf
	With(word("w"))(&c)
	fmt.Println(c, maxOf(3, 9, 2), maxOf("b", "a"), bytesOf("abc"), bytesOf([]byte{1, 2}), bytesOf(word("z")))
	f := Sum[float64]
	h := (*Stack[int]).Push
	st := &Stack[int]{}
	h(st, 4, 5)
	k := st.Pop
	fmt.Println(f(1, 2), st.items)
	fmt.Println(k())
}
