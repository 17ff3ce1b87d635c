// Functions that return interfaces through several steps (yaegi #1179, #623, #977, #1361, #1373, #1378).
package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

type I interface{ F() string }
type T struct{ name string }

func (t *T) F() string { return "F " + t.name }
func NewI(s string) I  { return newT(s) }
func newT(s string) *T { return &T{s} }
func try(s string) (I, error) {
	if s == "" {
		return nil, errors.New("no name")
	}
	return newT(s), nil
}

type obj struct{ num float64 }
type Fun func(o *obj) (r *obj, err error)

func numFun(fn func(f float64) float64) Fun {
	return func(o *obj) (*obj, error) {
		if r := fn(o.num); !math.IsNaN(r) {
			return &obj{r}, nil
		}
		return nil, fmt.Errorf("no number: %v", o.num)
	}
}

type maker func(string) (I, error)
type reg struct{ m map[string]maker }

func (r *reg) get(k string) (i I, err error) {
	if f, ok := r.m[k]; ok {
		return f(k)
	}
	return nil, io.EOF
}

func reader(s string) (r io.Reader, done func() error) {
	rc := io.NopCloser(strings.NewReader(s))
	return rc, rc.Close
}

func typedNil() error {
	var e *myErr
	return e
}

type myErr struct{}

func (*myErr) Error() string { return "nil myErr" }

func main() {
	fmt.Println(NewI("a").F())
	i, err := try("")
	fmt.Println(i == nil, err)
	i, err = try("b")
	fmt.Println(i.F(), err)
	for _, f := range []Fun{numFun(math.Sqrt), numFun(func(f float64) float64 { return f / 2 })} {
		r, err := f(&obj{-4})
		fmt.Println(r != nil && r.num == -2, err)
	}
	r := &reg{map[string]maker{"x": try, "y": func(s string) (I, error) { return NewI(s + s), nil }}}
	for _, k := range []string{"x", "y", "z"} {
		i, err := r.get(k)
		if err != nil {
			fmt.Println(k, err, err == io.EOF)
			continue
		}
		fmt.Println(i.F())
	}
	rd, done := reader("text")
	b, _ := io.ReadAll(rd)
	fmt.Println(string(b), done(), done != nil)
	e := typedNil()
	fmt.Println(e == nil, e)
	t, err := time.Parse(time.DateOnly, "2024-02-30")
	fmt.Println(t.IsZero(), err)
	fn := func() (s fmt.Stringer, err error) {
		t, err := time.Parse(time.DateOnly, "2024-02-29")
		return t, err
	}
	s, err := fn()
	fmt.Println(s, err)
	func() (I, error) { return try("chain") }()
	if i, err := try("if"); err == nil && i.F() != "" {
		fmt.Println(i.(*T).name)
	}
}
