// runtime.Goexit through deferred calls of every kind.
package main

import (
	"fmt"
	"runtime"
	"sort"
)

func inDeferred() {
	defer fmt.Println("outer deferred")
	defer func() {
		defer fmt.Println("in deferred, deferred")
		runtime.Goexit()
	}()
	defer func() { fmt.Println("recovered", recover()) }()
	panic("first")
}

func whilePanicking() {
	defer fmt.Println("outer", recover())
	defer func() { runtime.Goexit() }()
	panic("dropped")
}

func throughCompiled() {
	defer fmt.Println("after sort")
	sort.Slice([]int{2, 1}, func(i, j int) bool {
		defer fmt.Println("less deferred")
		runtime.Goexit()
		return false
	})
	fmt.Println("never")
}

func panicInGoexit() {
	defer func() { fmt.Println("got", recover()) }()
	defer func() {
		defer func() { fmt.Println("inner", recover()) }()
		panic("in goexit")
	}()
	runtime.Goexit()
}

func nested() {
	defer fmt.Println("n1")
	func() {
		defer fmt.Println("n2")
		func() {
			defer func() { fmt.Println("n3", recover()) }()
			runtime.Goexit()
		}()
		fmt.Println("never")
	}()
	fmt.Println("never")
}

func main() {
	for _, f := range []func(){inDeferred, whilePanicking, throughCompiled, panicInGoexit, nested} {
		done := make(chan bool)
		go func() {
			defer close(done)
			defer fmt.Println("top")
			f()
			fmt.Println("never")
		}()
		<-done
	}
	fmt.Println("end")
}
