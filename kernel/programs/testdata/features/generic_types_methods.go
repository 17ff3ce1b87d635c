// Generic types: lists, trees, pairs, embedded, with constraints on methods, recursive.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"strings"
)

type List[T any] struct {
	head, tail *node[T]
	n          int
}
type node[T any] struct {
	v    T
	next *node[T]
}

func (l *List[T]) Push(vs ...T) *List[T] {
	for _, v := range vs {
		e := &node[T]{v: v}
		if l.tail == nil {
			l.head = e
		} else {
			l.tail.next = e
		}
		l.tail = e
		l.n++
	}
	return l
}

func (l *List[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		i := 0
		for e := l.head; e != nil; e = e.next {
			if !yield(i, e.v) {
				return
			}
			i++
		}
	}
}

type Tree[K cmp.Ordered, V any] struct {
	root *branch[K, V]
}
type branch[K cmp.Ordered, V any] struct {
	Pair[K, V]
	l, r *branch[K, V]
}
type Pair[A, B any] struct {
	Key A
	Val B
}

func (p Pair[A, B]) Swap() Pair[B, A] { return Pair[B, A]{p.Val, p.Key} }
func (p Pair[A, B]) String() string   { return fmt.Sprintf("<%v=%v>", p.Key, p.Val) }

func (t *Tree[K, V]) Put(k K, v V) (old V, err error) {
	at := &t.root
	for *at != nil {
		switch c := cmp.Compare(k, (*at).Key); {
		case c < 0:
			at = &(*at).l
		case c > 0:
			at = &(*at).r
		default:
			old, (*at).Val = (*at).Val, v
			return old, errors.New("replaced")
		}
	}
	*at = &branch[K, V]{Pair: Pair[K, V]{k, v}}
	return
}

func (t *Tree[K, V]) Walk(f func(Pair[K, V])) {
	var walk func(*branch[K, V])
	walk = func(b *branch[K, V]) {
		if b != nil {
			walk(b.l)
			f(b.Pair)
			walk(b.r)
		}
	}
	walk(t.root)
}

type Stack[T any] []T

func (s *Stack[T]) Push(v T) { *s = append(*s, v) }
func (s *Stack[T]) Pop() (v T, ok bool) {
	if len(*s) == 0 {
		return
	}
	v = (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return v, true
}

type Event[T any] struct{ subs []func(T) }

func (e *Event[T]) On(f func(T)) { e.subs = append(e.subs, f) }
func (e *Event[T]) Emit(v T) {
	for _, f := range e.subs {
		f(v)
	}
}

type Logged[T fmt.Stringer] struct {
	Stack[T]
	Log strings.Builder
}

func (l *Logged[T]) Push(v T) { fmt.Fprintf(&l.Log, "push %s;", v); l.Stack.Push(v) }

func main() {
	l := new(List[string]).Push("a", "b").Push("c")
	for i, v := range l.All() {
		fmt.Print(i, v, " ")
		if v == "b" {
			break
		}
	}
	fmt.Println(l.n)
	var t Tree[string, int]
	for i, k := range []string{"m", "c", "x", "c"} {
		if old, err := t.Put(k, i); err != nil {
			fmt.Println(k, old, err)
		}
	}
	t.Walk(func(p Pair[string, int]) { fmt.Print(p, p.Swap(), " ") })
	fmt.Println()
	var s Stack[Pair[int, string]]
	s.Push(Pair[int, string]{1, "one"})
	v, ok := s.Pop()
	_, ok2 := s.Pop()
	fmt.Println(v, ok, ok2, len(s))
	var e Event[error]
	n := 0
	e.On(func(err error) { n += len(err.Error()) })
	e.On(func(err error) { fmt.Println("got", err) })
	e.Emit(errors.New("xyz"))
	fmt.Println(n)
	var lg Logged[Pair[int, int]]
	lg.Push(Pair[int, int]{1, 2})
	lg.Push(Pair[int, int]{3, 4}.Swap())
	fmt.Println(lg.Log.String(), lg.Stack)
	fmt.Printf("%T %T %T\n", v, e, lg.Stack)
}
