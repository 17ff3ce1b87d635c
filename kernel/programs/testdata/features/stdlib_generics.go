// Slices, maps, cmp, atomic, sync with own types.
package main

import (
	"fmt"
	"slices"
)

type ID int
type Rec struct {
	id   ID
	tags []string
}

func main() {
	rs := []Rec{{2, []string{"b"}}, {1, nil}, {3, []string{"a", "c"}}}
	ids := make([]ID, 0)
	for _, r := range rs {
		ids = append(ids, r.id)
	}
	sorted := slices.Sorted(slices.Values(ids))
	fmt.Println(sorted, ids, slices.Max(ids), len(slices.Concat(ids, sorted)))
}
