package main

import (
	"fmt"
	"strings"
)

type key struct {
	a int
	b string
}

func main() {
	a := []int{1, 2, 3, 4, 5}
	b := a[1:3]
	b = append(b, 99)
	fmt.Println(a, b, len(b), cap(b))
	c := a[1:2:2]
	c = append(c, 7)
	fmt.Println(a, c)
	copy(a[2:], a)
	fmt.Println(a)
	var n []int
	fmt.Println(n == nil, len(n), append(n, n...) == nil)
	g := make([][]int, 2)
	for i := range g {
		g[i] = make([]int, 2)
		g[i][i] = 1
	}
	fmt.Println(g)
	m := map[key][]int{{1, "a"}: {1}, {2, "b"}: nil}
	m[key{1, "a"}] = append(m[key{1, "a"}], 2)
	fmt.Println(m, len(m))
	v, ok := m[key{9, ""}]
	fmt.Println(v == nil, ok)
	delete(m, key{1, "a"})
	fmt.Println(m)
	mm := map[string]map[string]int{}
	if mm["x"] == nil {
		mm["x"] = map[string]int{}
	}
	mm["x"]["y"]++
	fmt.Println(mm)
	ms := map[string]struct{ n int }{"a": {1}}
	s := ms["a"]
	s.n++
	ms["a"] = s
	fmt.Println(ms)
	arr := [...]string{2: "c", 0: "a"}
	fmt.Println(len(arr), arr, fmt.Sprintf("%q", arr))
	for i, v := range arr {
		arr[2] = "changed"
		if i == 2 {
			fmt.Println(v)
		}
	}
	sl := []int{1, 2, 3}
	for i, v := range sl {
		sl[2] = 10
		if i == 0 {
			sl = append(sl, 4)
		}
		fmt.Print(v, " ")
	}
	fmt.Println(len(sl))
	clear(m)
	fmt.Println(len(m))
	clear(sl)
	fmt.Println(sl)
	p := &[3]int{1, 2, 3}
	for i := range p {
		p[i] *= 2
	}
	fmt.Println(*p, p[1:])
	ar := [2][2]int{{1, 2}, {3, 4}}
	br := ar
	br[0][0] = 9
	fmt.Println(ar, br, ar == br)
	x := []byte("hey")
	x[0] = 'H'
	fmt.Println(string(x), []rune("né"), string([]rune{104, 233}))
	st := "héllo"
	fmt.Println(len(st), st[1], st[1:3], strings.ToUpper(st))
	for i, r := range st {
		fmt.Print(i, string(r))
	}
	fmt.Println()
	a4 := [4]int(a[:4])
	a4[0] = 100
	fmt.Println(a[0], a4)
	defer func() { fmt.Println(recover()) }()
	k := 7
	fmt.Println(a[2:k])
}
