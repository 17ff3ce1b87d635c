package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(x ...T) Set[T] {
	for _, v := range x {
		s[v] = struct{}{}
	}
	return s
}
func (s Set[T]) Has(x T) bool { _, ok := s[x]; return ok }

type Pair[A, B any] struct {
	First  A
	Second B
}

func MakePair[A, B any](a A, b B) Pair[A, B] { return Pair[A, B]{a, b} }
func (p Pair[A, B]) Swap() Pair[B, A]        { return Pair[B, A]{p.Second, p.First} }
func (p Pair[A, B]) String() string          { return fmt.Sprintf("<%v|%v>", p.First, p.Second) }

type Num interface{ ~int | ~float64 }

func SumMap[K comparable, V Num](m map[K]V) (s V) {
	for _, v := range m {
		s += v
	}
	return
}
func Filter[S ~[]E, E any](s S, f func(E) bool) S {
	var r S
	for _, x := range s {
		if f(x) {
			r = append(r, x)
		}
	}
	return r
}
func Reduce[T, A any](xs []T, a A, f func(A, T) A) A {
	for _, x := range xs {
		a = f(a, x)
	}
	return a
}

type Celsius float64
type Temps []Celsius

func (t Temps) Max() Celsius { return slices.Max(t) }

type Option[T any] struct{ v *T }

func Some[T any](x T) Option[T] { return Option[T]{&x} }
func (o Option[T]) OrElse(d T) T {
	if o.v == nil {
		return d
	}
	return *o.v
}

type Number interface {
	int | float64
	fmt.Stringer
}
type Cache[K comparable, V any] struct {
	mu   sync.Mutex
	m    map[K]V
	load func(K) (V, error)
}

func (c *Cache[K, V]) Get(k K) (V, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.m[k]; ok {
		return v, nil
	}
	v, err := c.load(k)
	if err != nil {
		var z V
		return z, err
	}
	if c.m == nil {
		c.m = make(map[K]V)
	}
	c.m[k] = v
	return v, nil
}

type Stringish interface{ ~string }

func Join[T Stringish](xs []T, sep string) string {
	var b strings.Builder
	for i, x := range xs {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(string(x))
	}
	return b.String()
}
func Keys[M ~map[K]V, K cmp.Ordered, V any](m M) []K { return slices.Sorted(maps.Keys(m)) }
func zero[T any]() T                                 { var z T; return z }
func main() {
	s := Set[string]{}.Add("a", "b")
	fmt.Println(s.Has("a"), s.Has("z"), len(s))
	p := MakePair(1, "x")
	fmt.Println(p, p.Swap(), fmt.Sprintf("%T", p.Swap()))
	fmt.Println(SumMap(map[string]float64{"a": 1.5, "b": 2}), SumMap(map[int]int{1: 2}))
	t := Temps{20, 31.5, 5}
	fmt.Println(Filter(t, func(c Celsius) bool { return c > 10 }).Max(), fmt.Sprintf("%T", Filter(t, func(Celsius) bool { return true })))
	fmt.Println(Reduce([]int{1, 2, 3}, "", func(a string, x int) string { return a + fmt.Sprint(x) }))
	fmt.Println(Some(3).OrElse(1), Option[string]{}.OrElse("none"))
	c := &Cache[string, int]{load: func(k string) (int, error) {
		if k == "" {
			return 0, errors.New("empty")
		}
		return len(k), nil
	}}
	fmt.Println(c.Get("abc"))
	fmt.Println(c.Get(""))
	fmt.Println(Join([]string{"a", "b"}, "-"), Keys(map[string]int{"z": 1, "y": 2}), zero[*int]() == nil, zero[Celsius]())
	f := Filter[[]int]
	fmt.Println(f([]int{1, 2, 3, 4}, func(x int) bool { return x%2 == 0 }))
}
