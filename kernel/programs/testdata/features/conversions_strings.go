// Conversions of strings, byte and rune slices of own types; slices to arrays.
package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

type Text string
type Raw []byte
type Runes []rune
type B byte
type Bs []B

func (t Text) Upper() Text { return Text(strings.ToUpper(string(t))) }

func main() {
	t := Text("héé")
	r := Raw(t)
	rs := Runes(t)
	r[0], rs[1] = 'H', 'E'
	fmt.Println(t, string(r), string(rs), Text(r).Upper(), len(r), len(rs), Text(rs)+t)
	fmt.Println(string(Bs{'x', 'y'}), Bs("ab"), []byte("")[:0] == nil, []rune("") == nil, string([]byte(nil)) == "")
	fmt.Println(string(rune(65)), string(rune(-1)) == "\uFFFD", string(rune(0x10FFFF+1)) == "\uFFFD")
	bad := "a\xffb\xc0\xafc"
	fmt.Println(len(bad), utf8.RuneCountInString(bad), len([]rune(bad)), len(string([]rune(bad))), []byte(bad))
	for i, c := range bad {
		fmt.Printf("%d:%q ", i, c)
	}
	fmt.Println()
	s := []int{1, 2, 3, 4}
	a := [3]int(s)
	p := (*[2]int)(s[1:])
	p[0] = 20
	a[0] = 10
	fmt.Println(s, a, *p, (*[0]int)(s) != nil, (*[0]int)([]int(nil)) == nil, [0]int(s[:0]))
	type Arr [2]int
	q := (*Arr)(s)
	q[1]++
	fmt.Println(s, *q)
	func() {
		defer func() { fmt.Println(recover()) }()
		_ = (*[5]int)(s)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		_ = [5]int(s[:2])
	}()
	b := []byte("shared")
	str := string(b)
	b[0] = 'S'
	m := map[string]int{string(b): 1}
	b[1] = 'H'
	fmt.Println(str, m, m[string(b)], string(b) == "SHared", string(b[:1])+str)
	switch string(b) {
	case "SHared":
		fmt.Println("switched")
	}
	for i, c := range []byte("né") {
		fmt.Print(i, c, " ")
	}
	fmt.Println(strings.Compare(string(Raw("a")), string(Text("b"))), append([]byte("x"), t...), append(Raw(nil), "lit"...))
}
