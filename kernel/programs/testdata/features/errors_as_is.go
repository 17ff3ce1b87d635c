// Errors.Is and errors.As with own types of every kind.
package main

import (
	"errors"
	"fmt"
)

type P struct{ c int }

func (p *P) Error() string { return fmt.Sprint("P", p.c) }

type V struct{ c int }

func (v V) Error() string { return fmt.Sprint("V", v.c) }

type S string

func (s S) Error() string { return string(s) }

type F func() string

func (f F) Error() string { return f() }

type Timeout interface{ Timeout() bool }

func (v V) Timeout() bool { return v.c > 1 }
func main() {
	errs := []error{&P{1}, V{2}, S("s"), F(func() string { return "f" })}
	all := errors.Join(errs...)
	w := fmt.Errorf("wrap: %w", all)
	var p *P
	var v V
	var s S
	var f F
	var t Timeout
	fmt.Println(errors.As(w, &p), p, errors.As(w, &v), v.c, errors.As(w, &s), s, errors.As(w, &f), f(), errors.As(w, &t), t.Timeout())
	fmt.Println(errors.Is(w, V{2}), errors.Is(w, V{3}), errors.Is(w, &P{1}), errors.Is(w, errs[0]), errors.Is(w, S("s")))
	fmt.Printf("%v|%q|%T\n", w, all.Error(), errors.Unwrap(w))
	defer func() { fmt.Println(recover()) }()
	errors.As(w, nil)
}
