// Indexes of all integer types, and what is said of those that are out of range.
package main

import "fmt"

type U uint

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	a := []int{1, 2, 3}
	arr := [3]int{4, 5, 6}
	p := &arr
	s := "abc"
	m := [][]int{{1}, {2}}
	b := uint64(1<<63 + 5)
	n := -1
	u, v, w := U(1), uint64(2), uintptr(0)
	a[u], arr[v], p[w] = a[v], arr[u], p[v]
	a[u]++
	a[v] += a[w]
	arr[u] <<= 2
	m[u][w]--
	m[u], m[w] = m[w], m[u]
	fmt.Println(a[u], arr[u], p[v], s[u], s[v:], s[:u], s[u:v], a[w:u:v], m[u][w], arr[u:], p[:v], m, a)
	for i := uint(0); i < 3; i++ {
		a[i] = int(i) * arr[2-i]
	}
	for i := uint8(0); i < 3; i++ {
		a[i] += int(s[i])
	}
	fmt.Println(a)
	try(func() { _ = a[b] })
	try(func() { a[b] = 1 })
	try(func() { a[b]++ })
	try(func() { _ = arr[b] })
	try(func() { p[b] = 2 })
	try(func() { _ = s[b] })
	try(func() { _ = s[b:] })
	try(func() { _ = s[:b] })
	try(func() { _ = a[b:] })
	try(func() { _ = a[:b] })
	try(func() { _ = a[1:b] })
	try(func() { _ = a[b:2] })
	try(func() { _ = a[1:2:b] })
	try(func() { _ = arr[:b] })
	try(func() { _ = arr[:b:b] })
	try(func() { _ = p[:2-n*4] })
	try(func() { _ = arr[-n : 2-n : 5-n] })
	try(func() { _ = arr[2-n*3:] })
	try(func() { _ = arr[2:-n] })
	try(func() { _ = a[n] })
	try(func() { _ = a[uint32(n)] })
	try(func() { _ = a[uint(n)] })
	try(func() { _ = a[uintptr(7)+w] })
	try(func() { m[u][b] = 3 })
	try(func() { _ = s[uint64(n)+1+v*2] })
	k := map[uint64]int{b: 1}
	k[b]++
	fmt.Println(k[b], k)
}
