// Aliases of aliases, methods through them, in signatures and comparisons (yaegi #1408, #1411, #1416, #1421, #1360).
package main

import (
	"fmt"
	. "strings"
	str "strings"
	"time"
)

type Number int32
type Number1 = Number
type Number2 = Number1
type Int = int
type Fn = func(Int) Number2
type Bytes = []byte
type Set[T comparable] = map[T]struct{}
type Pair[A any] = struct{ L, R A }
type D = time.Duration
type Up = interface{ Up() Number1 }

func (n Number2) IsValid() bool { return n > 0 }
func (n *Number1) Up() Number   { *n++; return *n }
func f(n Number2, g Fn) Number1 { return g(Int(n)) + n }
func total(p Pair[Int]) int     { return p.L + p.R }

func main() {
	a := Number(5)
	b := Number2(5)
	fmt.Println(a.IsValid(), b.IsValid(), a == b, Number1(-1).IsValid(), Int(1) < int(2))
	fmt.Println(f(a, func(i int) Number { return Number(i * 2) }), b.Up(), b)
	var u Up = &a
	u.Up()
	fmt.Printf("%v %T %T %T %T\n", a, b, Bytes("x"), Set[string]{"a": {}}, Pair[int]{1, 2})
	fmt.Println(total(Pair[int]{3, 4}), total(struct{ L, R int }{5, 6}), D(1500)*time.Millisecond == 1500*time.Millisecond)
	fmt.Println(ToUpper("dot"), str.Repeat("ab", 2), NewReplacer("a", "b").Replace("banana"))
	switch any(b).(type) {
	case Number:
		fmt.Println("the same type")
	}
	type local = Number
	var l local = 7
	_, ok := any(l).(Number2)
	fmt.Println(l.IsValid(), ok)
	set := Set[Number]{}
	set[l] = struct{}{}
	fmt.Println(len(set), set)
}
