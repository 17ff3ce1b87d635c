// Os.Exit in a deferred function while panicking: no more deferred calls, its status counts.
package main

import (
	"fmt"
	"os"
)

func main() {
	defer fmt.Println("never printed")
	defer func() {
		r := recover()
		fmt.Println("recovered", r)
		os.Exit(len(fmt.Sprint(r)))
	}()
	var list []int
	fmt.Println(list[3])
}
