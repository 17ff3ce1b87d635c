// Variables declared in a loop body (yaegi #1713).
package main

import (
	"fmt"
)

type F func() int

func main() {
	var fs [4]F
	for i := 1; i <= 3; i++ {
		v := i
		var w = v * 10
		switch i {
		case 1:
			fs[i] = F(func() int { return v })
		default:
			fs[i] = func() int { w++; return v + w }
		}
	}
	for _, f := range fs[1:] {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
}
