// Constraints with methods, pointer method constraint.
package main

import (
	"fmt"
	"strconv"
)

type Shape interface {
	~struct{ w, h int } | ~struct{ r int }
	Area() int
}
type Rect struct{ w, h int }

func (r Rect) Area() int { return r.w * r.h }

type Circle struct{ r int }

func (c Circle) Area() int { return 3 * c.r * c.r }
func Largest[S Shape](xs ...S) (best S) {
	for _, x := range xs {
		if x.Area() > best.Area() {
			best = x
		}
	}
	return
}

type Setter[T any] interface {
	*T
	Set(string) error
}
type Num int

func (n *Num) Set(s string) (err error) { v, err := strconv.Atoi(s); *n = Num(v); return }
func Parse[T any, P Setter[T]](ss ...string) ([]T, error) {
	out := make([]T, len(ss))
	for i, s := range ss {
		if err := P(&out[i]).Set(s); err != nil {
			return out, err
		}
	}
	return out, nil
}

type StringerNum interface {
	~int
	fmt.Stringer
}
type ID int

func (i ID) String() string { return "#" + strconv.Itoa(int(i)) }
func Join[T StringerNum](xs []T) (s string) {
	for _, x := range xs {
		s += x.String() + fmt.Sprint(int(x)+1)
	}
	return
}
func main() {
	fmt.Println(Largest(Rect{1, 2}, Rect{3, 4}), Largest(Circle{2}), Largest[Rect]())
	fmt.Println(Parse[Num]("1", "22"))
	_, err := Parse[Num]("x")
	fmt.Println(err, Join([]ID{1, 2}))
}
