// Append, copy, clear, delete, len, cap, make in unusual forms.
package main

import "fmt"

type S []string
type B []byte

func grow(s []int, n int) []int {
	if n == 0 {
		return s
	}
	return grow(append(s, n), n-1)
}

func main() {
	var s S
	s = append(s, "a")
	s = append(s, S{"b", "c"}...)
	s = append(s, s...)
	s = append(s)
	fmt.Println(s, len(s))
	b := append([]byte("x"), "yz"...)
	b = append(B(b), 'w', 0x41)
	fmt.Println(copy(b, "Q"))
	fmt.Println(string(b))
	fmt.Println(copy(b[1:], b))
	fmt.Println(string(b))
	fmt.Println(copy(b, b[2:]))
	fmt.Println(string(b))
	x := make([]int, 2, 10)
	y := append(x, 1)
	z := append(x, 2)
	fmt.Println(y[2], z[2], len(x), cap(x[1:]), cap(x[1:3:5]))
	fmt.Println(grow(nil, 5), len(append([]int(nil), make([]int, 3)...)))
	m := map[string][]int{}
	m["a"] = append(m["a"], 1)
	m["a"] = append(m["a"], 2)
	delete(m, "zz")
	fmt.Println(m, len(m))
	clear(x[:1])
	c := []any{1, "a", nil}
	clear(c[1:])
	fmt.Println(c, len(c))
	clear(m)
	fmt.Println(m == nil, len(m))
	var mm map[string]int
	clear(mm)
	two := [][]int{{1}, {2}}
	two = append(two, append(two[0], 9), nil)
	two[1] = append(two[1], two[2]...)
	fmt.Println(two, copy(two[0], two[1]))
	n := 3
	mk := make([]float64, n, n*2)
	ch := make(chan string, n)
	mp := make(map[int]int, n)
	fmt.Println(len(mk), cap(mk), cap(ch), len(mp), len("日"), len([3]int{}), len(&[4]int{}), cap([]int(nil)))
	arr := [5]int{1, 2, 3, 4, 5}
	copy(arr[1:], arr[:])
	fmt.Println(arr, copy(arr[:], []int{}), copy([]int(nil), arr[:]))
	fmt.Println(min(3, 1, 2), max(2.5, 1), min("b", "a"), max('a', 'b'), min(n, 2))
	for _, k := range []int{-1, 1 << 62} {
		func() {
			defer func() { fmt.Println(recover()) }()
			_ = make([]int, k)
		}()
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		_ = make([]int, 3, n-1)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		_ = make(chan int, n-4)
	}()
	s = append(s[:1], s[2:]...)
	s = append(s[:2], append(S{"ins"}, s[2:]...)...)
	fmt.Println(s)
}
