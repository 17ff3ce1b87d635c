// Type switches on errors, functions, generic instances, pointers, nil, several types in a case.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
)

type Opt[T any] struct {
	v  T
	ok bool
}
type Node interface{ isNode() }
type Num float64
type Bin struct {
	op   byte
	l, r Node
}
type Neg struct{ Node }

func (Num) isNode()  {}
func (*Bin) isNode() {}

func eval(n Node) (float64, error) {
	switch n := n.(type) {
	case nil:
		return 0, errors.New("nothing")
	case Num:
		return float64(n), nil
	case Neg:
		v, err := eval(n.Node)
		return -v, err
	case *Bin:
		l, err := eval(n.l)
		if err != nil {
			return 0, err
		}
		r, err := eval(n.r)
		switch n.op {
		case '+':
			return l + r, err
		case '*':
			return l * r, err
		case '/':
			if r == 0 {
				return 0, fmt.Errorf("%v / 0", l)
			}
			return l / r, err
		}
	default:
		return 0, fmt.Errorf("unknown %T", n)
	}
	return 0, errors.ErrUnsupported
}

type odd struct{}

func (odd) isNode() {}

func what(v any) string {
	switch x := v.(type) {
	case int, int64:
		return fmt.Sprintf("some int %v", x)
	case func() int:
		return "func " + strconv.Itoa(x())
	case Opt[int]:
		return "opt " + strconv.Itoa(x.v)
	case *Opt[string]:
		return "*opt " + x.v
	case error:
		var pe *fs.PathError
		if errors.As(x, &pe) {
			return "path " + pe.Op
		}
		return "error " + x.Error()
	case fmt.Stringer:
		return "stringer"
	case []any:
		s := ""
		for _, e := range x {
			s += what(e) + ";"
		}
		return "[" + s + "]"
	case map[string]any:
		return fmt.Sprint("map ", len(x))
	case nil:
		return "nil"
	case chan int, <-chan int:
		return fmt.Sprintf("%T", x)
	case *int:
		*x++
		return "pointer"
	}
	return fmt.Sprintf("? %T", v)
}

func main() {
	fmt.Println(eval(&Bin{'+', Num(1), &Bin{'*', Num(2), Neg{Num(3)}}}))
	fmt.Println(eval(&Bin{'/', Num(1), Num(0)}))
	fmt.Println(eval(&Bin{'+', Num(1), nil}))
	fmt.Println(eval(odd{}))
	fmt.Println(eval(&Bin{'-', Num(1), Num(1)}))
	n := 1
	_, err := os.Open("/no/such")
	for _, v := range []any{1, int64(2), int8(3), func() int { return 4 }, Opt[int]{5, true}, Opt[string]{}, &Opt[string]{"s", true}, err, errors.New("e"), []any{1, nil, []any{}}, map[string]any{}, nil, make(chan int), make(<-chan int), &n, fs.FileMode(0o644), struct{}{}} {
		fmt.Println(what(v))
	}
	fmt.Println(n)
}
