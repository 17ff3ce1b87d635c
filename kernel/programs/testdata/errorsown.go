// Errors of one's own: sentinels, types, wrapping, joining, Is and As methods,
// nil pitfalls.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
)

var ErrNotFound = errors.New("not found")

type Code int

const (
	BadInput Code = 400 + iota
	Unauthorized
	_
	Forbidden
)

func (c Code) Error() string { return "code " + strconv.Itoa(int(c)) }

type OpError struct {
	Op  string
	Key string
	Err error
}

func (e *OpError) Error() string   { return e.Op + " " + e.Key + ": " + e.Err.Error() }
func (e *OpError) Unwrap() error   { return e.Err }
func (e *OpError) Temporary() bool { return errors.Is(e.Err, io.ErrUnexpectedEOF) }

type multi []error

func (m multi) Error() string   { return fmt.Sprintf("%d errors, first: %v", len(m), m[0]) }
func (m multi) Unwrap() []error { return m }

type anyCode struct{}

func (anyCode) Error() string { return "any code" }

type coded struct{ Code }

func (c coded) Is(target error) bool { _, ok := target.(anyCode); return ok }
func (c coded) As(target any) bool {
	p, ok := target.(**OpError)
	if ok {
		*p = &OpError{"as", "coded", c.Code}
	}
	return ok
}

func find(m map[string]int, k string) (int, error) {
	if k == "" {
		return 0, &OpError{Op: "find", Key: strconv.Quote(k), Err: BadInput}
	}
	v, ok := m[k]
	if !ok {
		return 0, &OpError{"find", k, ErrNotFound}
	}
	return v, nil
}

// broken returns a nil pointer in an error, the classic mistake.
func broken(fail bool) error {
	var e *OpError
	if fail {
		e = &OpError{"broken", "x", ErrNotFound}
	}
	return e
}

func cleanup() (err error) {
	defer func() {
		err = errors.Join(err, fmt.Errorf("close: %w", fs.ErrClosed))
	}()
	return fmt.Errorf("work: %w", io.ErrUnexpectedEOF)
}

func main() {
	m := map[string]int{"a": 1}
	for _, k := range []string{"a", "b", ""} {
		v, err := find(m, k)
		var op *OpError
		var code Code
		fmt.Println(v, err, errors.Is(err, ErrNotFound), errors.As(err, &op), errors.As(err, &code), code == BadInput)
		switch e := err.(type) {
		case nil:
			fmt.Println("  nil")
		case *OpError:
			fmt.Println("  op", e.Op, e.Err)
		default:
			fmt.Println("  other")
		}
	}
	err := cleanup()
	fmt.Printf("%v | %q\n", errors.Is(err, io.ErrUnexpectedEOF), err.Error())
	fmt.Println(errors.Is(err, fs.ErrClosed), errors.Is(err, os.ErrClosed), errors.Unwrap(err))
	fmt.Println(errors.Join(nil, nil) == nil)

	ms := multi{Unauthorized, fmt.Errorf("two: %w", &OpError{"op", "k", io.EOF})}
	wrapped := fmt.Errorf("all: %w and %w", ms, ErrNotFound)
	fmt.Println(wrapped)
	fmt.Println(errors.Is(wrapped, io.EOF), errors.Is(wrapped, Unauthorized), errors.Is(wrapped, Forbidden), errors.Is(wrapped, ErrNotFound))
	var got multi
	var op *OpError
	fmt.Println(errors.As(wrapped, &got), len(got), errors.As(wrapped, &op), op.Key)
	var tmp interface{ Temporary() bool }
	fmt.Println(errors.As(wrapped, &tmp), tmp.Temporary())

	c := fmt.Errorf("%w", coded{Forbidden})
	fmt.Println(errors.Is(c, anyCode{}), errors.As(c, &op), op)
	fmt.Println(error(coded{1}) == coded{1}, error(Code(1)) == error(Code(1)), errors.New("x") == errors.New("x"))

	fmt.Println(broken(true), broken(false) == nil, broken(false) == error((*OpError)(nil)))
	fmt.Printf("%v %d %T %#v %+v\n", Forbidden, Forbidden, Forbidden, coded{3}, &OpError{"a", "b", nil} != nil)
	fmt.Printf("%s|%v|%q|%x\n", error(BadInput), ErrNotFound, BadInput, Code(0))

	_, err = strconv.Atoi("12x")
	var ne *strconv.NumError
	fmt.Println(errors.As(err, &ne), ne.Func, ne.Num, ne.Err == strconv.ErrSyntax)
	_, err = os.Open("/does/not/exist")
	var pe *fs.PathError
	fmt.Println(errors.As(err, &pe), pe.Op, pe.Path, os.IsNotExist(err), errors.Is(err, fs.ErrNotExist))
	_, err = fmt.Sscanf("x", "%d", new(int))
	fmt.Println(err)
	defer func() {
		r := recover()
		fmt.Println("recovered:", r)
		panic(&OpError{"main", "end", fmt.Errorf("again: %w", r.(error))})
	}()
	fmt.Println(broken(false))
	var nothing error
	fmt.Println(nothing.Error())
}
