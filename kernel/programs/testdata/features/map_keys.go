// Keys of every comparable kind: interfaces, structs, arrays, pointers, channels, NaN.
package main

import (
	"fmt"
	"math"
	"sort"
)

type key struct {
	host string
	port int
	any
}

type Dir bool

func (d Dir) String() string {
	if d {
		return "in"
	}
	return "out"
}

func main() {
	m := map[any]string{1: "int", int8(1): "int8", 1.0: "float", "1": "string", nil: "nil", [1]int{1}: "array", key{"h", 1, 2}: "key", true: "bool", 'a': "rune"}
	fmt.Println(len(m), m[1], m[int8(1)], m[1.0], m["1"], m[nil], m[[1]int{1}], m[key{"h", 1, 2}], m[key{"h", 1, int64(2)}] == "", m[int32(97)])
	c1, c2 := make(chan int), make(chan int)
	p1, p2 := new(int), new(int)
	cs := map[chan int]int{c1: 1, c2: 2}
	ps := map[*int]int{p1: 1, p2: 2}
	delete(ps, p1)
	fmt.Println(cs[c1], cs[c2], cs[nil], ps[p1], ps[p2], len(ps))
	nan := math.NaN()
	fs := map[float64]int{nan: 1, nan: 2, 0: 3}
	fs[math.Copysign(0, -1)] = 4
	_, ok := fs[nan]
	fmt.Println(len(fs), ok, fs[0])
	clear(fs)
	fmt.Println(len(fs))
	d := map[Dir][]string{true: {"a"}}
	d[true] = append(d[true], "b")
	d[false] = append(d[false], "c")
	fmt.Println(d, len(d[Dir(false)]))
	nested := map[string]map[string]int{}
	for _, w := range []string{"ab", "ac", "bd", "ab"} {
		in := nested[w[:1]]
		if in == nil {
			in = map[string]int{}
			nested[w[:1]] = in
		}
		in[w[1:]]++
	}
	fmt.Println(nested)
	type pt struct{ x, y int }
	ms := map[pt]*struct{ n int }{{1, 2}: {3}, {0, 0}: {4}}
	ms[pt{1, 2}].n++
	var sum int
	var keys []pt
	for k, v := range ms {
		keys = append(keys, k)
		sum += v.n
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i].x < keys[j].x })
	fmt.Println(keys, sum)
	v, ok := ms[pt{9, 9}]
	fmt.Println(v == nil, ok)
}
