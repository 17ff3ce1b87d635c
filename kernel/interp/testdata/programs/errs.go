package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strconv"
	"syscall"
)

type ParseError struct {
	Line int
	Err  error
}

func (e *ParseError) Error() string { return "line " + strconv.Itoa(e.Line) + ": " + e.Err.Error() }
func (e *ParseError) Unwrap() error { return e.Err }

type Temporary interface{ Temporary() bool }

type tempErr struct{ msg string }

func (t tempErr) Error() string   { return t.msg }
func (t tempErr) Temporary() bool { return true }
func (t tempErr) Is(target error) bool {
	return target == ErrTemp
}

var ErrTemp = errors.New("temporary")
var ErrBad = fmt.Errorf("bad: %w", io.ErrUnexpectedEOF)

type errList []error

func (l errList) Error() string   { return fmt.Sprintf("%d errors", len(l)) }
func (l errList) Unwrap() []error { return l }

type code int

func (c code) Error() string { return fmt.Sprintf("code %d", int(c)) }

func find(i int) error {
	switch i {
	case 0:
		return nil
	case 1:
		return &ParseError{3, ErrBad}
	case 2:
		return fmt.Errorf("ctx: %w", tempErr{"slow"})
	case 3:
		return errList{code(4), &ParseError{1, io.EOF}}
	case 4:
		return errors.Join(code(7), tempErr{"x"})
	case 5:
		_, err := os.Open("/nonexistent/file")
		return err
	case 6:
		_, err := net.Dial("tcp", "127.0.0.1:1")
		return err
	case 7:
		_, err := strconv.Atoi("12x")
		return err
	}
	var p *ParseError
	return p
}

func main() {
	for i := 0; i <= 8; i++ {
		err := find(i)
		if i == 8 {
			fmt.Println("typed nil:", err == nil, err != nil)
			continue
		}
		fmt.Printf("%d %v | %T\n", i, err, err)
		var pe *ParseError
		if errors.As(err, &pe) {
			fmt.Println("  parse error at", pe.Line)
		}
		var t Temporary
		if errors.As(err, &t) {
			fmt.Println("  temporary", t.Temporary())
		}
		var c code
		if errors.As(err, &c) {
			fmt.Println("  code", int(c), c)
		}
		var ne net.Error
		if errors.As(err, &ne) {
			fmt.Println("  net error", ne.Timeout())
		}
		var errno syscall.Errno
		if errors.As(err, &errno) {
			fmt.Println("  errno", errno == syscall.ECONNREFUSED, errno == syscall.ENOENT)
		}
		var num *strconv.NumError
		if errors.As(err, &num) {
			fmt.Println("  num", num.Func, num.Num, num.Err)
		}
		fmt.Println(" ", errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, ErrTemp), errors.Is(err, io.EOF), errors.Is(err, fs.ErrNotExist), errors.Is(err, code(4)))
	}
	func() {
		defer func() {
			r := recover()
			err, ok := r.(error)
			fmt.Println(ok, err)
			fmt.Printf("%T\n", r)
		}()
		panic(code(9))
	}()
	fmt.Printf("%v %+v %#v %q\n", code(3), code(3), code(3), tempErr{"q"})
}
