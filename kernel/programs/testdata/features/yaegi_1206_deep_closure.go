// Closures deep in closures see the package (yaegi #1206).
package main

import (
	"fmt"
)

var base = 100

type point struct{ x, y int }

func (p point) String() string { return fmt.Sprintf("(%d,%d)", p.x, p.y) }
func with(f func(func(func() point) string) string) string {
	return f(func(g func() point) string { return g().String() + fmt.Sprint(base) })
}
func main() {
	for i := range 2 {
		fmt.Println(with(func(h func(func() point) string) string {
			return h(func() point { base++; return func() point { return point{base, i} }() })
		}))
	}
}
