// Generic containers: stack, queue, set, LRU, tree, ordered map, heap.
package main

import (
	"cmp"
	"container/list"
	"errors"
	"fmt"
	"iter"
	"sort"
	"strings"
)

type Stack[T any] struct{ items []T }

var ErrEmpty = errors.New("empty")

func (s *Stack[T]) Push(v ...T) { s.items = append(s.items, v...) }
func (s *Stack[T]) Pop() (T, error) {
	var zero T
	if len(s.items) == 0 {
		return zero, ErrEmpty
	}
	v := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, nil
}

type Set[K comparable] map[K]struct{}

func SetOf[K comparable](ks ...K) Set[K] {
	s := make(Set[K])
	for _, k := range ks {
		s.Add(k)
	}
	return s
}
func (s Set[K]) Add(k K)      { s[k] = struct{}{} }
func (s Set[K]) Has(k K) bool { _, ok := s[k]; return ok }
func (s Set[K]) And(o Set[K]) Set[K] {
	r := Set[K]{}
	for k := range s {
		if o.Has(k) {
			r.Add(k)
		}
	}
	return r
}
func Sorted[K cmp.Ordered](s Set[K]) []K {
	out := make([]K, 0, len(s))
	for k := range s {
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

type entry[K comparable, V any] struct {
	key K
	val V
}

type LRU[K comparable, V any] struct {
	cap     int
	ll      *list.List
	m       map[K]*list.Element
	OnEvict func(K, V)
}

func NewLRU[K comparable, V any](n int) *LRU[K, V] {
	return &LRU[K, V]{cap: n, ll: list.New(), m: make(map[K]*list.Element)}
}

func (c *LRU[K, V]) Get(k K) (v V, ok bool) {
	if e, hit := c.m[k]; hit {
		c.ll.MoveToFront(e)
		return e.Value.(*entry[K, V]).val, true
	}
	return
}

func (c *LRU[K, V]) Put(k K, v V) {
	if e, ok := c.m[k]; ok {
		e.Value.(*entry[K, V]).val = v
		c.ll.MoveToFront(e)
		return
	}
	c.m[k] = c.ll.PushFront(&entry[K, V]{k, v})
	if c.ll.Len() > c.cap {
		old := c.ll.Remove(c.ll.Back()).(*entry[K, V])
		delete(c.m, old.key)
		if c.OnEvict != nil {
			c.OnEvict(old.key, old.val)
		}
	}
}

type Tree[K cmp.Ordered, V any] struct {
	root *node[K, V]
	size int
}

type node[K cmp.Ordered, V any] struct {
	key         K
	val         V
	left, right *node[K, V]
}

func (t *Tree[K, V]) Set(k K, v V) {
	p := &t.root
	for *p != nil {
		switch c := cmp.Compare(k, (*p).key); {
		case c < 0:
			p = &(*p).left
		case c > 0:
			p = &(*p).right
		default:
			(*p).val = v
			return
		}
	}
	*p = &node[K, V]{key: k, val: v}
	t.size++
}

func (n *node[K, V]) walk(yield func(K, V) bool) bool {
	return n == nil || n.left.walk(yield) && yield(n.key, n.val) && n.right.walk(yield)
}

func (t *Tree[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) { t.root.walk(yield) }
}

func (n *node[K, V]) depth() int {
	if n == nil {
		return 0
	}
	return 1 + max(n.left.depth(), n.right.depth())
}

type Number interface {
	~int | ~int64 | ~float64
}

type Vector[T Number] []T

func (v Vector[T]) Dot(w Vector[T]) (sum T) {
	for i := range v {
		sum += v[i] * w[i]
	}
	return
}

type Celsius float64

type Heap[T any] struct {
	data []T
	less func(a, b T) bool
}

func (h *Heap[T]) Push(v T) {
	h.data = append(h.data, v)
	for i := len(h.data) - 1; i > 0 && h.less(h.data[i], h.data[(i-1)/2]); i = (i - 1) / 2 {
		h.data[i], h.data[(i-1)/2] = h.data[(i-1)/2], h.data[i]
	}
}

func (h *Heap[T]) Pop() T {
	top := h.data[0]
	n := len(h.data) - 1
	h.data[0] = h.data[n]
	h.data = h.data[:n]
	for i := 0; ; {
		least := i
		for _, c := range [2]int{2*i + 1, 2*i + 2} {
			if c < n && h.less(h.data[c], h.data[least]) {
				least = c
			}
		}
		if least == i {
			return top
		}
		h.data[i], h.data[least] = h.data[least], h.data[i]
		i = least
	}
}

type Pair[A, B any] struct {
	First  A
	Second B
}

func (p Pair[A, B]) String() string { return fmt.Sprintf("<%v|%v>", p.First, p.Second) }

func MakePair[A, B any](a A, b B) Pair[A, B] { return Pair[A, B]{a, b} }

type List[T any] struct {
	head *cell[T]
}

type cell[T any] struct {
	v    T
	next *cell[T]
}

func (l List[T]) Cons(v T) List[T] { return List[T]{&cell[T]{v, l.head}} }
func (l List[T]) Each(f func(T)) {
	for c := l.head; c != nil; c = c.next {
		f(c.v)
	}
}

func main() {
	var s Stack[fmt.Stringer]
	s.Push(MakePair(1, "one"), MakePair('x', []int{1}))
	s.Push(Pair[error, any]{ErrEmpty, nil})
	for v, err := s.Pop(); err == nil; v, err = s.Pop() {
		fmt.Printf("%v %T\n", v, v)
	}
	_, err := s.Pop()
	fmt.Println(err == ErrEmpty, len(s.items))

	a, b := SetOf(3, 1, 2), SetOf(2, 3, 4)
	fmt.Println(Sorted(a.And(b)), a.Has(9), len(a), Sorted(SetOf("q", "b")))

	lru := NewLRU[string, int](2)
	lru.OnEvict = func(k string, v int) { fmt.Println("evicted", k, v) }
	lru.Put("a", 1)
	lru.Put("b", 2)
	lru.Get("a")
	lru.Put("c", 3)
	_, ok := lru.Get("b")
	v, ok2 := lru.Get("a")
	fmt.Println(ok, v, ok2, lru.ll.Len())

	var t Tree[string, int]
	for i, w := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		t.Set(w, i)
	}
	for k, v := range t.All() {
		if k > "over" {
			break
		}
		fmt.Print(k, "=", v, " ")
	}
	fmt.Println(t.size, t.root.depth())

	fmt.Println(Vector[int]{1, 2, 3}.Dot(Vector[int]{4, 5, 6}), Vector[Celsius]{1.5}.Dot([]Celsius{2}))
	fmt.Printf("%T %T %v\n", Vector[Celsius]{}, t, Vector[int64](nil) == nil)

	h := Heap[Pair[int, string]]{less: func(a, b Pair[int, string]) bool { return a.First < b.First }}
	for i, w := range []string{"five", "two", "nine", "one"} {
		h.Push(MakePair([]int{5, 2, 9, 1}[i], w))
	}
	for len(h.data) > 0 {
		fmt.Print(h.Pop(), " ")
	}
	fmt.Println()
	l := List[float64]{}.Cons(1).Cons(2.5).Cons(-3)
	sum := 0.0
	l.Each(func(f float64) { sum += f })
	fmt.Println(sum, MakePair(l.head.v, l.head.next.v))
	fmt.Printf("%+v %#v\n", struct{ P Pair[int, bool] }{}, entry[string, int]{"k", 1})
}
