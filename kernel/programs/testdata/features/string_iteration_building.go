// Text in all ways: builders, byte loops, runes, fields, substrings kept, big concatenations.
package main

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

func isPal(s string) bool {
	for len(s) > 0 {
		a, n := utf8.DecodeRuneInString(s)
		b, m := utf8.DecodeLastRuneInString(s)
		if a != b {
			return false
		}
		if len(s) <= n {
			return true
		}
		s = s[n : len(s)-m]
	}
	return true
}

func wrap(s string, w int) (lines []string) {
	line := ""
	for _, f := range strings.Fields(s) {
		switch {
		case line == "":
			line = f
		case len(line)+1+len(f) > w:
			lines = append(lines, line)
			line = f
		default:
			line += " " + f
		}
	}
	return append(lines, line)
}

func rle(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && s[j] == s[i] {
			j++
		}
		if j-i > 1 {
			fmt.Fprint(&b, j-i)
		}
		b.WriteByte(s[i])
		i = j
	}
	return b.String()
}

func hexdump(b []byte) (out string) {
	for i, c := range b {
		if i > 0 && i%4 == 0 {
			out += " "
		}
		out += string("0123456789abcdef"[c>>4]) + string("0123456789abcdef"[c&15])
	}
	return
}

type csv [][]string

func (c csv) String() string {
	var b bytes.Buffer
	for _, r := range c {
		for i, f := range r {
			if i > 0 {
				b.WriteRune(',')
			}
			if strings.ContainsAny(f, ",\"") {
				f = `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
			}
			b.WriteString(f)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func main() {
	fmt.Println(isPal("anna"), isPal("日本日"), isPal("ab"), isPal(""))
	fmt.Printf("%q\n", wrap("the quick  brown fox\njumps over", 10))
	fmt.Println(rle("aaabccd"), rle(""), hexdump([]byte("GET / HTTP")))
	fmt.Print(csv{{"a", "b,c"}, {`say "x"`, ""}})
	s := ""
	for i := range 1000 {
		s += string(rune('a' + i%26))
	}
	sub := s[500:510]
	s = strings.ToUpper(s)
	fmt.Println(len(s), sub, s[26:29], strings.LastIndex(s, "A"))
	parts := map[string][]string{}
	for _, w := range strings.Split("one two three four five six", " ") {
		k := w[:1]
		parts[k] = append(parts[k], w[1:])
	}
	fmt.Println(parts)
	r := []rune("grüße")
	r[2] = 'u'
	fmt.Println(string(r), string(r[len(r)-2:]), len(string(r)), strings.EqualFold("GRÜSSE", "grüsse"))
	var acc []byte
	for k, c := range []byte("xyz") {
		acc = append(append(acc, c), byte('0'+k))
	}
	fmt.Println(string(acc), bytes.Equal(acc, []byte("x0y1z2")), string(acc[1])+string(acc[2:4]))
	fmt.Printf("%s|%10s|%-6s|%.2s|%x|% X|%q|%+q|%#q\n", "a", "right", "left", "cut", "hex", "sp", 'x', "é", "raw")
	for before, after, ok := strings.Cut("a=1;b=2;c", ";"); ; before, after, ok = strings.Cut(after, ";") {
		k, v, has := strings.Cut(before, "=")
		fmt.Print(k, v, has, " ")
		if !ok {
			break
		}
	}
	fmt.Println()
}
