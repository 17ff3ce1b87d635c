// Order of defer, recover and panic; results changed by defer; resources.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
)

type resource struct{ name string }

func open(name string) (*resource, error) {
	if strings.HasPrefix(name, "bad") {
		return nil, fmt.Errorf("open %s: %w", name, os.ErrNotExist)
	}
	fmt.Println("open", name)
	return &resource{name}, nil
}

func (r *resource) Close() error {
	fmt.Println("close", r.name)
	if r.name == "sticky" {
		return errors.New("cannot close " + r.name)
	}
	return nil
}

func use(names ...string) (n int, err error) {
	for _, name := range names {
		r, err := open(name)
		if err != nil {
			return n, err
		}
		defer func() {
			if cerr := r.Close(); cerr != nil {
				err = errors.Join(err, cerr)
			}
		}()
		n++
	}
	return n, nil
}

func trace(s string) string { fmt.Println("enter", s); return s }
func un(s string)           { fmt.Println("leave", s) }

func b() { defer un(trace("b")); fmt.Println("in b") }
func a() { defer un(trace("a")); fmt.Println("in a"); b() }

func named() (x int) {
	defer func() { x *= 2 }()
	x = 1
	return x + 10
}

func unnamed() int {
	x := 1
	defer func() { x *= 2 }()
	return x
}

func safely(name string, f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("%s: runtime error: %w", name, r)
		case error:
			err = fmt.Errorf("%s: error: %w", name, r)
		default:
			err = fmt.Errorf("%s: %v (%T)", name, r, r)
		}
	}()
	f()
	return nil
}

type matrix [][]int

func nestedPanics() {
	defer func() {
		fmt.Println("outer got", recover())
	}()
	defer func() {
		defer func() { fmt.Println("inner got", recover()) }()
		panic("second")
	}()
	panic("first")
}

func notDirect() (r any) {
	helper := func() any { return recover() }
	defer func() { r = recover() }()
	defer func() { _ = helper() }() // does not stop the panic
	panic("still panicking")
}

func loop() {
	for i := range 3 {
		defer fmt.Print("d", i, " ")
	}
	defer fmt.Print("evaluated ", func() string { fmt.Print("now "); return "early" }(), " ")
}

func exit() {
	defer fmt.Println("Goexit runs defers")
	runtime.Goexit()
}

func main() {
	a()
	fmt.Println(use("x", "sticky", "y"))
	fmt.Println(use("x", "bad file", "y"))
	fmt.Println(named(), unnamed())
	var np *resource
	var m map[string]int
	var mat matrix
	var e error
	var i any = "text"
	zero := 0
	idx := 5
	for _, t := range []struct {
		name string
		f    func()
	}{
		{"fine", func() {}},
		{"nil pointer", func() { _ = np.name }},
		{"nil map", func() { m["a"]++ }},
		{"index", func() { mat[idx][0] = 1 }},
		{"divide", func() { fmt.Println(10 / zero) }},
		{"assert", func() { _ = i.(int) }},
		{"assert2", func() { _ = i.(fmt.Stringer) }},
		{"nil error", func() { _ = e.Error() }},
		{"slice", func() { _ = "hello"[idx:2] }},
		{"make", func() { _ = make([]int, zero-1) }},
		{"closed", func() { c := make(chan int); close(c); close(c) }},
		{"send", func() { c := make(chan int, 1); close(c); c <- 1 }},
		{"nil func", func() { var f func(); f() }},
		{"custom", func() { panic(fmt.Errorf("x: %w", os.ErrClosed)) }},
		{"string", func() { panic("just text") }},
		{"struct", func() { panic(struct{ A, B int }{1, 2}) }},
		{"array", func() { _ = [3]int(make([]int, 2)) }},
		{"unhashable", func() { mm := map[any]int{}; mm[[]int{1}] = 2 }},
		{"compare", func() { var x, y any = []int{1}, []int{1}; fmt.Println(x == y) }},
		{"nil panic", func() { panic(nil) }},
	} {
		err := safely(t.name, t.f)
		fmt.Println(err, errors.Is(err, os.ErrClosed))
	}
	nestedPanics()
	fmt.Println(notDirect())
	loop()
	fmt.Println()
	done := make(chan bool)
	go func() { defer close(done); exit() }()
	<-done
	defer fmt.Println("main's first defer runs last")
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("main recovered", r)
			panic(fmt.Sprintf("re-panic: %v", r))
		}
	}()
	panic(errors.New("at the end"))
}
