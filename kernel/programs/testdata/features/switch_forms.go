// Expression switches of all forms: no tag, init, types, duplicates of variables, fallthrough chains.
package main

import (
	"fmt"
	"strings"
)

type color int

const (
	red color = iota
	green
	blue
)

func (c color) String() string {
	switch c {
	case red:
		return "red"
	case green:
		return "green"
	}
	return fmt.Sprintf("color(%d)", int(c))
}

func grade(n int) string {
	switch {
	case n >= 90:
		return "A"
	case n >= 80, n == 42:
		return "B"
	default:
		return "C"
	case n < 0:
		return "?"
	}
}

func fall(n int) (s []string) {
	switch n {
	case 0:
		s = append(s, "0")
		fallthrough
	case 1:
		s = append(s, "1")
		if n == 0 {
			break
		}
		fallthrough
	default:
		s = append(s, "d")
		fallthrough
	case 2:
		s = append(s, "2")
	case 3:
	}
	return
}

func anys(v any) string {
	switch v {
	case nil:
		return "nil"
	case 1:
		return "int 1"
	case "a":
		return "string a"
	case 1.0:
		return "float 1"
	case [2]int{1, 2}:
		return "array"
	case red:
		return "red"
	}
	return "other"
}

func main() {
	fmt.Println(red, blue, grade(95), grade(42), grade(-1), grade(10))
	for i := range 5 {
		fmt.Print(fall(i), " ")
	}
	fmt.Println()
	for _, v := range []any{nil, 1, "a", 1.0, [2]int{1, 2}, color(0), int8(1), error(nil), []any(nil) == nil} {
		fmt.Print(anys(v), ", ")
	}
	fmt.Println()
	x := 5
	switch x := x * 2; x {
	case 10:
		x++
		fmt.Println(x)
	}
	switch x := x; {
	case x > 3:
		fmt.Println("more")
	}
	switch f := strings.ToUpper; f("q") {
	case "Q":
		fmt.Println("upper")
	}
	switch a, b := 1, 2; a + b {
	case a, b:
	case 3:
		fmt.Println("three")
	}
	switch p, q := &x, new(int); p {
	case q:
		fmt.Println("no")
	case &x:
		fmt.Println("same pointer")
	}
	switch {
	}
	switch x {
	}
	switch 'a' {
	case 97:
		fmt.Println("rune")
	}
	switch y := any(x).(type) {
	case int, string:
		fmt.Printf("%T\n", y)
	}
	n := 0
	for {
		switch n++; {
		case n < 3:
			continue
		case n == 5:
		default:
			fmt.Print("n", n, " ")
			if n < 7 {
				break
			}
			goto out
		}
	}
out:
	fmt.Println()
	func() {
		defer func() { fmt.Println(recover()) }()
		switch any([]int{}) {
		case any([]int{}):
		}
	}()
}
