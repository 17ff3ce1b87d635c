// A pointer in []any is the same pointer (yaegi #1675).
package main

import (
	"fmt"
)

type basic struct{ n int }

func (b *basic) Run() { t := []any{b}; fmt.Println(t[0] == b, t[0].(*basic) == b, b, t[0]) }
func main()           { (&basic{3}).Run() }
