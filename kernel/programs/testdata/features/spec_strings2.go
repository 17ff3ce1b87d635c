// Strings, bytes and runes: indexing, ranges, conversions, slices that share.
package main

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

type S string
type B []byte

func (s S) rev() S {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return S(r)
}

func grow(xs []int) []int { xs = append(xs, 100); xs[0] = -1; return xs }

func main() {
	s := "a\x80é世\xff"
	for i, r := range s {
		fmt.Print(i, ":", r, " ")
	}
	for i := range s {
		fmt.Print(i, " ")
	}
	for range s {
		fmt.Print(".")
	}
	fmt.Println(len(s), utf8.RuneCountInString(s), []byte(s), []rune(s), utf8.ValidString(s))
	for i, b := range []byte("hé") {
		fmt.Print(i, b, " ")
	}
	for i, r := range []rune("hé") {
		fmt.Print(i, string(r), " ")
	}
	fmt.Println(S("héy").rev(), string(S("x")[0]), S("abc")[1:], string(B("q")))
	b := []byte("hello")
	t := string(b)
	b[0] = 'J'
	fmt.Println(t, string(b), string(b[1:3]), bytes.Equal(b, []byte("Jello")))
	b = append(b, " world"...)
	n := copy(b, "HEL")
	n += copy(b[3:], b)
	fmt.Println(string(b), n, cap(b) >= len(b))
	xs := make([]int, 2, 10)
	ys := append(xs, 1)
	zs := append(xs, 2)
	fmt.Println(xs, ys, zs, len(xs[:5]), xs[:5], cap(xs[2:]), cap(xs[2:4:6]))
	gs := grow(xs)
	fmt.Println(xs, gs, ys)
	full := []int{1, 2, 3}
	g2 := grow(full)
	fmt.Println(full, g2)
	lim := full[:2:2]
	lim = append(lim, 99)
	fmt.Println(full, lim)
	full = append(full[:1], full[2:]...)
	fmt.Println(full, full[:3])
	full = append([]int{0}, append(full, full...)...)
	fmt.Println(full)
	var nilS []int
	fmt.Println(nilS == nil, len(nilS), append(nilS, nilS...) == nil, append([]int{}, nilS...) == nil, nilS[:0] == nil, nilS[0:0:0] == nil)
	for range nilS {
		fmt.Println("never")
	}
	a := [5]int{1, 2, 3, 4, 5}
	sl := a[1:3]
	sl = append(sl, 40)
	sl[0] = 20
	fmt.Println(a, sl, len(sl), cap(sl))
	sl2 := a[:]
	copy(sl2[1:], sl2)
	fmt.Println(a)
	mat := make([][]string, 2)
	for i := range mat {
		mat[i] = make([]string, 2)
		for j := range mat[i] {
			mat[i][j] = strings.Repeat(string(rune('a'+i)), j+1)
		}
	}
	fmt.Printf("%v %q %d %s\n", mat, mat, len(mat[0]), strings.Join(mat[1], "-"))
	str := "x"
	for i := 0; i < 3; i++ {
		str += str
	}
	fmt.Println(str, str[2:] == "xxxxxx", str < "y", str[len(str)-1:], min("b", "a", "c"), max(3, 1.5, 2))
	try := func(f func()) {
		defer func() { fmt.Println(recover()) }()
		f()
	}
	i, j := 5, 3
	try(func() { _ = str[i+100] })
	try(func() { _ = str[i:j] })
	try(func() { _ = str[:i+100] })
	try(func() { _ = xs[i:j] })
	try(func() { _ = xs[:i+100] })
	try(func() { _ = xs[i+100:] })
	try(func() { _ = xs[1:2:100] })
	try(func() { _ = xs[1 : j : j-1] })
	try(func() { _ = a[i] })
	try(func() { _ = a[i:j] })
	try(func() { p := &a; p = nil; _ = p[1] })
	try(func() { p := &a; p = nil; _ = p[:] })
	try(func() { _ = make([]int, j-i) })
	try(func() { _ = make([]int, j, j-1) })
	try(func() { _ = xs[-1*j] })
	try(func() { var u uint8 = 200; _ = xs[u] })
	try(func() { var z = 0; _ = i / z })
	try(func() { var z = 0; _ = i % z })
	try(func() { var k = -1; _ = 1 << k })
	try(func() { _ = [2]int(xs[:1]) })
	try(func() { _ = strings.Repeat("x", -j) })
	try(func() { var m map[string][]int; m["a"] = append(m["a"], 1) })
	try(func() { var e error; _ = e.Error() })
	try(func() { var f fmt.Stringer; f.String() })
	try(func() { var x any = "s"; _ = x.(int) })
	try(func() { var x any; _ = x.(int) })
	try(func() { var x any = 3; _ = x.(fmt.Stringer) })
	try(func() { var x fmt.Stringer; _ = x.(error) })
	try(func() { var c chan int; close(c) })
	try(func() { c := make(chan int); close(c); close(c) })
	try(func() { c := make(chan int); close(c); c <- 1 })
	try(func() { panic(fmt.Errorf("e%d", 1)) })
	try(func() { var f func(); f() })
	try(func() { var p *struct{ x, y int }; p.y = 1 })
	try(func() { var pp **int; **pp = 1 })
	clear(full)
	m := map[string]int{"a": 1}
	clear(m)
	fmt.Println(full, m, len(m))
	var sb strings.Builder
	for i := range 3 {
		fmt.Fprintf(&sb, "%d,", i)
	}
	sb.WriteByte('!')
	sb.WriteRune('é')
	fmt.Println(sb.String(), sb.Len())
	r := strings.NewReplacer("a", "b", "b", "a")
	fmt.Println(r.Replace("abc"), strings.Map(func(r rune) rune {
		if r == 'b' {
			return -1
		}
		return r + 1
	}, "abc"), strings.FieldsFunc("a1b2c", func(r rune) bool { return r < 'a' }))
	for part := range strings.SplitSeq("a,b,c", ",") {
		fmt.Print(part, ";")
	}
	for i, l := range strings.Split("x\ny", "\n") {
		fmt.Print(i, l)
	}
	fmt.Println()
}
