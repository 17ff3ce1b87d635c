// A panic in a goroutine ends the program.
package main

import (
	"fmt"
)

func main() {
	defer fmt.Println("main's defers do not run")
	fmt.Println("start")
	done := make(chan bool)
	go func() { defer fmt.Println("the goroutine's do"); var m map[string]int; m["x"] = 1; close(done) }()
	<-done
	fmt.Println("never")
}
