// Channels made by calls in select are made once for each pass (yaegi #1728).
package main

import (
	"fmt"
)

func mk(s string, v int) chan int {
	fmt.Print("mk ", s, "; ")
	c := make(chan int, 1)
	if v > 0 {
		c <- v
	}
	return c
}
func val(v int) int { fmt.Print("val ", v, "; "); return v }
func main() {
	for range 2 {
		select {
		case v, ok := <-mk("a", 5):
			fmt.Println(v, ok)
		case v := <-mk("b", 0):
			fmt.Println("b", v)
		}
	}
	full := make(chan int, 1)
	full <- 1
	select {
	case full <- val(7):
		fmt.Println("sent")
	case mk("c", 0) <- val(8):
		fmt.Println("sent to c", len(full))
	}
}
