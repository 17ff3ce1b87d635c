// Simple and full slice expressions of slices, arrays, pointers to arrays and strings; nil.
package main

import "fmt"

type Buf [8]byte

func try(what string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(what+":", r)
		}
	}()
	f()
	fmt.Println(what, "is fine")
}

func main() {
	a := [6]int{0, 1, 2, 3, 4, 5}
	s := a[1:4]
	t := a[1:3:4]
	fmt.Println(s, len(s), cap(s), t, len(t), cap(t), s[:5], t[:3])
	t = append(t, 100)
	fmt.Println(a)
	t = append(t, 200)
	t[0] = -1
	fmt.Println(a, t)
	p := &a
	fmt.Println(p[2:], p[:2:2], cap(p[:0]))
	var nilS []int
	fmt.Println(nilS[:] == nil, nilS[0:0] == nil, len(nilS[:0:0]))
	str := "hällo"
	fmt.Println(str[1:3], str[:0] == "", str[len(str):], len(str[2:]))
	var b Buf
	copy(b[2:5], "xyzw")
	fmt.Printf("%q\n", b[:])
	n, m := 3, 2
	try("s[3:2]", func() { _ = s[n:m] })
	try("s[:9]", func() { _ = s[:n*3] })
	try("s[::]", func() { _ = s[n:n:m] })
	try("s[::9]", func() { _ = s[: m : n*3] })
	try("str", func() { _ = str[m*5:] })
	try("array", func() { _ = a[n*2:] })
	try("pointer", func() { p = nil; _ = p[:] })
	try("empty", func() { fmt.Println(len(s[3:]), len(a[6:])) })
}
