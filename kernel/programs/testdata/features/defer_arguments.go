// Arguments of defer are evaluated at once, receivers too.
package main

import (
	"fmt"
)

type T struct{ n int }

func (t T) Val()          { fmt.Print("val ", t.n, "; ") }
func (t *T) Ptr()         { fmt.Print("ptr ", t.n, "; ") }
func get(s string) func() { fmt.Print("get ", s, "; "); return func() { fmt.Print("run ", s, "; ") } }
func main() {
	t := T{1}
	defer fmt.Println()
	defer t.Val()
	defer t.Ptr()
	defer fmt.Print("arg ", t.n, "; ")
	defer get("f")()
	f := func() { fmt.Print("first; ") }
	defer f()
	f = func() { fmt.Print("second; ") }
	t.n = 2
	for i := range 2 {
		defer func() { fmt.Print("loop ", i, "; ") }()
	}
	fmt.Print("end; ")
}
