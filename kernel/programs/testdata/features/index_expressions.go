// Index expressions: constants, variables of every integer type, strings, maps, pointers, bounds.
package main

import "fmt"

type Grid [3][3]byte

func try(name string, f func() any) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "=>", r)
		}
	}()
	fmt.Println(name, f())
}

func main() {
	a := [4]int{1, 2, 3, 4}
	s := a[1:]
	str := "añb"
	m := map[string][]int{"x": {5}}
	p := &a
	var i8 int8 = 2
	var u64 uint64 = 1
	var up uintptr = 3
	const c = 2.0
	fmt.Println(a[i8], s[u64], p[up], str[c], m["x"][0], a['\x01'], s[int64(i8)])
	g := Grid{1: {2: 'x'}}
	g[2][0], g[0][2] = g[1][2], 'y'
	fmt.Printf("%q\n", g)
	neg := -1
	try("a[neg]", func() any { return a[neg] })
	try("s[3]", func() any { return s[a[2]] })
	try("str[9]", func() any { return str[neg+10] })
	try("m nil", func() any { return m["y"][0] })
	try("nil p", func() any { p = nil; return p[0] })
	try("len nil p", func() any { return len(p) })
	try("assign", func() any { s[len(s)] = 1; return nil })
	try("inc", func() any { a[i8+2]++; return nil })
	try("grid", func() any { return g[i8][i8+1] })
	try("u8", func() any { u := uint8(200); return a[u] })
	try("conv", func() any { return [4]int(s[:i8]) })
	fmt.Println(a, s)
	b := []byte(str)
	b[0]--
	fmt.Println(string(b), "literal"[3], []string{"a", "b"}[i8-1], [...]int{7, 8}[u64])
}
