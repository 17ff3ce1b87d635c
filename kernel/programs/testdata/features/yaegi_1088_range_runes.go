// Strings: ranging by runes, indexes, invalid bytes, conversions while ranging (yaegi #1088, #1093, #1094, #1089).
package main

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

func b() string { return "b" }

func caesar(s string, k rune) string {
	var sb strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			r = 'a' + (r-'a'+k+26)%26
		case unicode.IsUpper(r):
			r = 'A' + (r-'A'+k+26)%26
		}
		sb.WriteRune(r)
	}
	return sb.String()
}

func reverse(s string) string {
	rs := []rune(s)
	for i, j := 0, len(rs)-1; i < j; i, j = i+1, j-1 {
		rs[i], rs[j] = rs[j], rs[i]
	}
	return string(rs)
}

func main() {
	for i, ch := range "日x\xff語" {
		fmt.Printf("%d:%U:%c ", i, ch, ch)
	}
	fmt.Println()
	var x any
	x = "a" + b() + fmt.Sprintf("%d", 1)
	fmt.Printf("%v %T %s\n", x, x, `"`+time.RFC3339+`"`)
	fmt.Println(caesar("Hello, Wörld", 3), caesar(caesar("abcxyz", 5), -5), reverse("añ日"))
	last := -1
	for i := range "añ日" {
		last = i
	}
	var r rune
	var i int
	for i, r = range "éa" {
	}
	fmt.Println(last, i, string(r))
	counts := [26]int{}
	for _, c := range strings.ToLower("The quick brown fox") {
		if c >= 'a' && c <= 'z' {
			counts[c-'a']++
		}
	}
	fmt.Println(counts)
	s := ""
	for i, w := range strings.Fields(" go is  fun ") {
		if i > 0 {
			s += "_"
		}
		s += strings.ToUpper(w[:1]) + w[1:]
	}
	fmt.Println(s, len(s), s[3:], s[len(s)-1:])
	for range "ab" {
		s += s[:1]
	}
	fmt.Println(s, strings.Count(s, "G"), "x"+s[:2]+"y" == "xGoy")
	for i, w := 0, 0; i < len("a日"); i += w {
		_, w = rune(0), 1+2*min(i, 1)
		fmt.Print(i, w, " ")
	}
	fmt.Println()
}
