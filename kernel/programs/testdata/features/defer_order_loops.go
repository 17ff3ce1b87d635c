// Defers: order, loops, changed variables, in loops of closures, with results, runtime.Goexit, nested panics.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
)

type res struct {
	name string
	log  *[]string
}

func open(name string, log *[]string) *res { *log = append(*log, "open "+name); return &res{name, log} }
func (r *res) Close() error {
	*r.log = append(*r.log, "close "+r.name)
	if r.name == "bad" {
		return errors.New("close failed")
	}
	return nil
}

func use(names ...string) (log []string, err error) {
	for _, n := range names {
		r := open(n, &log)
		defer func() { err = errors.Join(err, r.Close()) }()
	}
	return log, nil
}

func order() (n int) {
	defer func() { n = n*10 + 1 }()
	defer func() { n = n*10 + 2 }()
	for i := 3; i < 6; i++ {
		defer func(k int) { n = n*10 + i + k - k }(i)
	}
	return 9
}

func cond(b bool) string {
	s := "x"
	if b {
		defer func() { fmt.Print("deferred ", s, "; ") }()
	}
	s = "y"
	return s
}

func safe(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case error:
			err = fmt.Errorf("caught: %w", r)
		default:
			err = fmt.Errorf("caught %v", r)
		}
	}()
	f()
	return errors.New("no panic")
}

func main() {
	log, err := use("a", "bad", "c")
	fmt.Println(len(log), err)
	fmt.Println(order(), cond(true), cond(false))
	fmt.Println(safe(func() { panic("p") }), safe(func() { panic(errors.New("e")) }), safe(func() {}))
	err = safe(func() { var m map[string]int; m["a"] = 1 })
	var re runtime.Error
	fmt.Println(err, errors.As(err, &re))
	err = safe(func() {
		defer func() { panic(fmt.Sprint("second after ", recover())) }()
		panic("first")
	})
	fmt.Println(err)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer fmt.Println("goexit runs defers", recover())
		func() {
			defer fmt.Println("inner")
			runtime.Goexit()
		}()
		fmt.Println("never")
	}()
	wg.Wait()
	func() {
		defer fmt.Println("1")
		defer func() {
			defer fmt.Println("2")
			func() {
				defer func() { fmt.Println("3", recover()) }()
				panic("in deferred")
			}()
		}()
		fmt.Println("4")
	}()
	var f func()
	func() {
		defer func() { fmt.Println("nil func:", recover()) }()
		defer f()
		fmt.Println("body runs")
	}()
	mu := sync.Mutex{}
	n := func() int { mu.Lock(); defer mu.Unlock(); return 7 }()
	fmt.Println(n, mu.TryLock())
	for i := range 2 {
		defer fmt.Println("end", i)
	}
	defer func() {
		r := recover()
		fmt.Println("main", r)
		panic(fmt.Sprintf("%v again", r))
	}()
	panic("top")
}
