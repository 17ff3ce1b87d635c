// A named type has not the methods of the other (yaegi #91).
package main

import (
	"fmt"
)

type Root struct{ Name string }

func (r *Root) Hello() { fmt.Println("Hello", r.Name) }

type One Root
type Hi interface{ Hello() }

func main() {
	var root, one any = &Root{"r"}, &One{"o"}
	root.(Hi).Hello()
	_, ok := one.(Hi)
	fmt.Println(ok)
	fmt.Println(one.(Hi))
}
