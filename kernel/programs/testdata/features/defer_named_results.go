// Defer changes named results, recover gives values.
package main

import (
	"fmt"
	"strconv"
)

func a() (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			n, err = -1, fmt.Errorf("recovered: %v", r)
		}
	}()
	n = 5
	panic("boom")
}
func b() (s string)     { defer func() { s += "!" }(); return "x" }
func c() (n int)        { defer func(m int) { n += m }(n + 1); n = 10; return n * 2 }
func d() (f func() int) { x := 1; defer func() { x = 50 }(); return func() int { return x } }
func e() (x, y int)     { defer func() { x, y = y, x }(); x = 1; return x, 2 }
func f() (err error) {
	if true {
		_, err := strconv.Atoi("q")
		if err != nil {
			return err
		}
	}
	return
}
func main() { fmt.Println(a()); fmt.Println(b(), c(), d()()); fmt.Println(e()); fmt.Println(f()) }
