// Scopes of if, for, switch, functions, imports and builtins.
package main

import (
	"fmt"
	"strconv"
)

var x = "package"

func f() string { return x }
func main() {
	fmt.Println(x, f())
	x := 1
	if x := "if"; x != "" {
		fmt.Print(x, " ")
		x := 2.5
		fmt.Print(x, " ")
	} else {
		fmt.Print(x)
	}
	for x := 10; x < 12; x++ {
		x := x * 2
		fmt.Print(x, " ")
	}
	switch x := any(x).(type) {
	case int:
		x++
		fmt.Print(x, " ")
	}
	{
		var x, y = x + 5, x
		fmt.Print(x, y, " ")
	}
	x, z := x+1, 3
	func(x string) { fmt.Print(x, " ") }("param")
	len := func(s string) int { return 42 }
	true := false
	string := "s"
	fmt.Println(x, z, len("abc"), true, string, f())
	type int float64
	var i int = 1.5
	nil := 3
	fmt.Println(i, nil)
	if a, err := strconv.Atoi("5"); err != error(nil2()) {
		fmt.Println("bad", a)
	} else if b, err := strconv.Atoi("x"); err != nil2() {
		fmt.Println(a, b, err)
	}
}
func nil2() error { return nil }
