// Switch true and constants (yaegi #1368).
package main

import (
	"fmt"
)

const dollar byte = 36

func main() {
	var c byte = 36
	switch true {
	case c == dollar:
		fmt.Println("ok")
	default:
		fmt.Println("no")
	}
	switch x := interface{}(c); x {
	case 36:
		fmt.Println("int")
	case byte(36):
		fmt.Println("byte")
	}
	switch f := 2.0; {
	case f > 1:
		fmt.Println("big")
	}
	switch {
	}
	switch c := c; c {
	case 'a', '$':
		fmt.Println("sign")
	}
}
