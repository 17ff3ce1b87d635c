// Elided types in literals (yaegi #987, #521).
package main

import (
	"fmt"
	"net/url"
)

type P struct{ X, Y int }
type L [][]P

func main() {
	v := url.Values{"a": {"1", "2"}}
	m := map[P][]*P{{1, 2}: {{3, 4}, nil, {Y: 5}}}
	l := L{{{1, 1}}, 2: {{Y: 2}, {}}}
	a := [...]map[string][2]P{1: {"k": {1: {9, 9}}}}
	fmt.Println(v, *m[P{1, 2}][2], len(l), l, a[1]["k"][1], len(m[P{}]))
}
