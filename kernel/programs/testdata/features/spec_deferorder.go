// Order of defer, recover, panics again, Goexit, named results.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
)

func named() (x int, err error) {
	defer func() { x *= 2 }()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
			x += 10
		}
	}()
	x = 1
	panic("p")
}

func nested() (s string) {
	defer func() { s += fmt.Sprint("|outer:", recover()) }()
	defer func() {
		defer func() { s += fmt.Sprint("|inner:", recover()) }()
		panic("second")
	}()
	panic("first")
}

func notDirect() (s string) {
	defer func() { s = fmt.Sprint("got ", recover()) }()
	defer func() { func() { s += fmt.Sprint(recover()) }() }()
	panic("x")
}

func helper() { fmt.Println("helper", recover()) }

func direct() {
	defer helper()
	panic("direct")
}

func again() (r any) {
	defer func() { r = recover() }()
	defer func() {
		if e := recover(); e != nil {
			panic(fmt.Sprint("again ", e))
		}
	}()
	panic("once")
}

type T struct{ n int }

func (t T) Show()   { fmt.Println("T", t.n) }
func (t *T) ShowP() { fmt.Println("*T", t.n) }

func args() {
	t := T{1}
	i := 0
	defer t.Show()
	defer t.ShowP()
	defer fmt.Println("i", i, func() int { i = 5; return i }())
	f := func() { fmt.Println("f1") }
	defer f()
	f = func() { fmt.Println("f2") }
	i = 9
	t.n = 2
	for i := range 3 {
		defer func() { fmt.Print("loop ", i, " ") }()
	}
}

func loopDefer() {
	for i := 0; i < 3; i++ {
		func() {
			defer fmt.Print(i, ";")
			if i == 1 {
				return
			}
			fmt.Print("body", i, " ")
		}()
	}
	fmt.Println()
}

func retOrder() (r int) {
	i := 1
	defer func() { r += i }()
	i = 10
	return i
}

func nilFunc() (err any) {
	defer func() { err = recover() }()
	var f func()
	defer f()
	fmt.Println("before")
	return nil
}

func goexit() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer fmt.Println("goexit recover:", recover())
		defer func() { fmt.Println("r:", recover()) }()
		func() {
			defer fmt.Println("inner")
			runtime.Goexit()
		}()
		fmt.Println("not reached")
	}()
	wg.Wait()
}

func recoverNil() {
	defer func() {
		r := recover()
		var p *runtime.PanicNilError
		e, _ := r.(error)
		fmt.Println(r, errors.As(e, &p), recover() == nil)
	}()
	panic(nil)
}

func multi() (a, b int) {
	defer func() { a, b = b, a }()
	return 1, 2
}

func deep(n int) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = fmt.Sprint(n, ":", r)
			if n < 3 {
				panic(s)
			}
		}
	}()
	if n == 0 {
		panic("base")
	}
	return deep(n - 1)
}

func inLoop() (out []int) {
	for i := range 4 {
		func() {
			defer func() {
				if recover() != nil {
					out = append(out, -i)
				}
			}()
			if i%2 == 1 {
				panic(i)
			}
			out = append(out, i)
		}()
	}
	return
}

type closer struct{ name string }

func (c *closer) Close() error { fmt.Println("close", c.name); return errors.New(c.name) }

func closing() (err error) {
	a, b := &closer{"a"}, &closer{"b"}
	defer func() { err = errors.Join(err, a.Close()) }()
	defer func() { err = errors.Join(err, b.Close()) }()
	return errors.New("work")
}

func main() {
	fmt.Println(named())
	fmt.Println(nested())
	fmt.Println(notDirect())
	direct()
	fmt.Println(again())
	args()
	fmt.Println()
	loopDefer()
	fmt.Println(retOrder(), nilFunc())
	goexit()
	recoverNil()
	fmt.Println(multi())
	fmt.Println(deep(5))
	fmt.Println(inLoop())
	fmt.Println(closing())
	defer os.Exit(3)
	defer fmt.Println("last")
	defer func() {
		defer func() { fmt.Println("rec", recover()) }()
		var m map[string]int
		m["x"] = 1
	}()
}
