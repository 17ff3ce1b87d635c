// What goroutines do with panics that they recover, and with Goexit, seen by who waits.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
)

type result struct {
	id  int
	val any
	err error
}

func worker(id int, jobs <-chan func() any, out chan<- result, wg *sync.WaitGroup) {
	defer wg.Done()
	for j := range jobs {
		out <- func() (r result) {
			r.id = id
			defer func() {
				switch p := recover().(type) {
				case nil:
				case runtime.Error:
					r.err = fmt.Errorf("runtime: %w", p)
				case error:
					r.err = p
				default:
					r.err = fmt.Errorf("%v", p)
				}
			}()
			r.val = j()
			return
		}()
	}
}

func main() {
	jobs := make(chan func() any)
	out := make(chan result)
	var wg sync.WaitGroup
	wg.Add(1)
	go worker(1, jobs, out, &wg)
	list := []func() any{
		func() any { return 1 },
		func() any { panic("plain") },
		func() any { panic(errors.New("error")) },
		func() any { var m map[int]int; m[0] = 1; return nil },
		func() any { return []int{1}[len(list0)] },
		func() any { var e error; return e.Error() },
		func() any { return any("x").(int) },
		func() any { return "last" },
	}
	for _, j := range list {
		jobs <- j
		r := <-out
		fmt.Println(r.id, r.val, r.err)
	}
	close(jobs)
	wg.Wait()
	ended := make(chan string, 1)
	go func() {
		defer func() { ended <- fmt.Sprint("ended ", recover()) }()
		func() { defer runtime.Goexit() }()
		ended <- "never"
	}()
	fmt.Println(<-ended)
	errc := make(chan error)
	go func() {
		var err error = errors.New("not set")
		defer func() { errc <- err }()
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("second: %v", r)
			}
		}()
		defer func() {
			recover()
			panic("from a deferred function")
		}()
		panic("first")
	}()
	fmt.Println(<-errc)
}

var list0 = []int{1, 2, 3}
