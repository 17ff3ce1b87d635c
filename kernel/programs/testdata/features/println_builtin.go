// Print and println go to stderr.
package main

import (
	"fmt"
)

func main() {
	println("a", 1, true, 'x')
	print("b", 2, "\n")
	x := uint8(3)
	println(x, int64(-4), "é")
	var e error
	println(e == nil)
	fmt.Println("out")
}
