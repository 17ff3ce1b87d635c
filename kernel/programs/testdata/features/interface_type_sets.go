// Interfaces with type sets, methods and both; comparable; any.
package main

import (
	"fmt"
	"sort"
	"strings"
)

type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64
}
type Unsigned interface {
	~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}
type Number interface {
	Integer | Unsigned | ~float32 | ~float64
}
type Named interface {
	Number
	fmt.Stringer
}

type ID int

func (i ID) String() string { return fmt.Sprintf("#%d", int(i)) }

func Sum[N Number](ns ...N) (s N) {
	for _, n := range ns {
		s += n
	}
	return
}

func Show[N Named](ns []N) string {
	var parts []string
	for _, n := range ns {
		parts = append(parts, n.String()+"/"+fmt.Sprint(n*2))
	}
	return strings.Join(parts, ",")
}

func Index[T comparable](xs []T, x T) int {
	for i, y := range xs {
		if x == y {
			return i
		}
	}
	return -1
}

func Keys[M ~map[K]V, K interface{ ~string | ~int }, V any](m M) []K {
	var keys []K
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}

type Set map[ID]struct{}

func Abs[T Integer](x T) T {
	if x < 0 {
		return -x
	}
	return x
}

func main() {
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum[uint8](200, 100), Sum[ID](1, 2), Sum[float32]())
	fmt.Println(Show([]ID{1, 2}), Index([]string{"a", "b"}, "b"), Index([]any{1, "x", nil}, nil), Index([]any{1, "x"}, any(2)))
	fmt.Println(Keys(Set{3: {}, 1: {}}), Keys(map[string]bool{"z": true, "a": false}))
	fmt.Println(Abs(int8(-128)), Abs(ID(-4)))
	defer func() { fmt.Println("recovered:", recover()) }()
	fmt.Println(Index([]any{[]int{1}}, any([]int{1})))
}
