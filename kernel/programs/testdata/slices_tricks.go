// Slice tricks: aliasing, capacity, insertion, deletion, filtering in place,
// full slice expressions, copies, conversion to arrays, 2-D.
package main

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

type byLen []string

func (b byLen) Len() int           { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type person struct {
	name string
	age  int
}

type people []person

func (p people) names() (out []string) {
	for _, x := range p {
		out = append(out, x.name)
	}
	return
}

func insert[T any](s []T, i int, v ...T) []T { return append(s[:i:i], append(v, s[i:]...)...) }

func remove[S ~[]T, T any](s S, i int) S {
	copy(s[i:], s[i+1:])
	return s[:len(s)-1]
}

func filter[T any](s []T, keep func(T) bool) []T {
	out := s[:0]
	for _, v := range s {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

func chunks[T any](s []T, n int) (out [][]T) {
	for n < len(s) {
		s, out = s[n:], append(out, s[:n:n])
	}
	return append(out, s)
}

func modify(s []int) { s[0] = 99; s = append(s, 100); s[1] = 77 }

func sum(nums ...int) (total int) {
	for _, n := range nums {
		total += n
	}
	return
}

func main() {
	a := []int{1, 2, 3, 4, 5}
	b := a[1:3]
	fmt.Println(b, len(b), cap(b), a[:2], a[3:], a[5:], a[:])
	b = append(b, 44)
	fmt.Println(a, b)
	c := a[1:3:3]
	c = append(c, -1)
	fmt.Println(a, c, cap(a[:0:2]))
	modify(a)
	fmt.Println(a)
	modify(a[:2])
	fmt.Println(a)

	fmt.Println(insert([]string{"a", "d"}, 1, "b", "c"), remove([]int{1, 2, 3}, 1), remove(people{{"x", 1}, {"y", 2}}, 0).names())
	orig := []int{1, 2, 3, 4, 5, 6}
	even := filter(orig, func(n int) bool { return n&1 == 0 })
	fmt.Println(even, orig, len(even), cap(even))
	fmt.Println(chunks([]rune("abcdefg"), 3), len(chunks([]int{}, 2)))

	arr := [...]int{9: 1, 3: 2, 4}
	fmt.Println(len(arr), arr)
	p := &arr
	for i := range p {
		p[i] += i
	}
	cp := *p
	cp[0] = -1
	fmt.Println(arr == cp, arr[0], cp[0], p[2:5], len(p))
	ar3 := [3]int(a[:3])
	pa := (*[2]int)(a)
	pa[1] = 1000
	fmt.Println(ar3, a[1], *pa)

	var nilSlice []int
	empty := []int{}
	fmt.Println(nilSlice == nil, empty == nil, len(nilSlice), append(nilSlice, empty...) == nil, sum(), sum(nilSlice...), sum(a[:2]...))
	fmt.Printf("%v %#v %#v\n", nilSlice, nilSlice, empty)

	s := make([]int, 0, 3)
	grow := []int{}
	for i := range 20 {
		if before := cap(s); len(s) == before {
			grow = append(grow, before)
		}
		s = append(s, i)
	}
	fmt.Println(grow, cap(append([]byte(nil), make([]byte, 33)...)))

	grid := make([][]rune, 3)
	for i := range grid {
		grid[i] = []rune(strings.Repeat(".", 4))
	}
	grid[1][2] = '#'
	grid[2] = append(grid[2], 'x')
	for _, row := range grid {
		fmt.Print(string(row), " ")
	}
	var cube [2][3][2]int
	cube[1][2][0] = 5
	other := cube
	other[0][0][0]++
	fmt.Println(cube, other != cube, len(cube[0]))

	words := byLen{"banana", "kiwi", "fig", "apple", "date"}
	sort.Stable(words)
	fmt.Println(words, sort.IsSorted(words))
	sort.Sort(sort.Reverse(words))
	fmt.Println(len(words[0]), len(words[4]))
	ps := people{{"Ann", 30}, {"Bob", 25}, {"Cid", 30}}
	sort.SliceStable(ps, func(i, j int) bool { return ps[i].age < ps[j].age })
	fmt.Println(ps, ps.names())
	slices.SortFunc(ps, func(a, b person) int { return strings.Compare(b.name, a.name) })
	fmt.Println(ps)
	i, found := slices.BinarySearch([]int{1, 3, 5, 7}, 5)
	fmt.Println(i, found, slices.Contains(words, "fig"), slices.Index(words, "nope"), slices.Max(a), len(slices.Compact([]int{1, 1, 2, 2, 1})))
	copy(a[1:], a)
	fmt.Println(a, copy(a, []int{7}), a[0])
	copy([]byte("xyz"), "ab")
	clear(a)
	fmt.Println(a, min(3, 1, 2), max(2.5, 1))
	defer func() {
		fmt.Println(recover())
		var idx = 10
		_ = orig[idx]
	}()
	n := 2
	_ = a[3:n]
}
