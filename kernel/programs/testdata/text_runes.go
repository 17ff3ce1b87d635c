// Text: runes, UTF-8, word counts, Caesar, palindromes, anagrams, strings.Builder,
// Replacer, Map, Fields, EqualFold, bytes.
package main

import (
	"bytes"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

type freq struct {
	word string
	n    int
}

func count(text string) []freq {
	m := map[string]int{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
		m[w]++
	}
	var out []freq
	for w, n := range m {
		out = append(out, freq{w, n})
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].n != out[j].n {
			return out[i].n > out[j].n
		}
		return out[i].word < out[j].word
	})
	return out
}

func caesar(shift rune) func(rune) rune {
	return func(r rune) rune {
		switch {
		case unicode.IsUpper(r) && r < 128:
			return 'A' + (r-'A'+shift+26)%26
		case unicode.IsLower(r) && r < 128:
			return 'a' + (r-'a'+shift+26)%26
		}
		return r
	}
}

func reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func palindrome(s string) bool {
	var rs []rune
	for _, r := range s {
		if unicode.IsLetter(r) {
			rs = append(rs, unicode.ToLower(r))
		}
	}
	for i := range rs[:len(rs)/2] {
		if rs[i] != rs[len(rs)-1-i] {
			return false
		}
	}
	return true
}

func encode(r rune) (b []byte) {
	switch {
	case r < 0x80:
		return []byte{byte(r)}
	case r < 0x800:
		return []byte{0xc0 | byte(r>>6), 0x80 | byte(r)&0x3f}
	case r < 0x10000:
		return []byte{0xe0 | byte(r>>12), 0x80 | byte(r>>6)&0x3f, 0x80 | byte(r)&0x3f}
	default:
		return append(b, 0xf0|byte(r>>18), 0x80|byte(r>>12)&0x3f, 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
	}
}

func roman(n int) string {
	var b strings.Builder
	for _, d := range []struct {
		v int
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= d.v {
			b.WriteString(d.s)
			n -= d.v
		}
	}
	return b.String()
}

func wrap(text string, width int) (lines []string) {
	line := ""
	for _, w := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	return append(lines, line)
}

func main() {
	for _, f := range count("The cat and the hat; the CAT's hat and a bat.")[:4] {
		fmt.Printf("%-5s%s\n", f.word, strings.Repeat("*", f.n))
	}
	secret := strings.Map(caesar(3), "Hello, Wörld xyz!")
	fmt.Println(secret, strings.Map(caesar(-3), secret))
	s := "héllo, 世界🌍"
	fmt.Println(len(s), utf8.RuneCountInString(s), reverse(s), []rune(s)[7], s[1], s[1:3], string(s[0]))
	for i, r := range s {
		if r > 127 {
			fmt.Printf("%d:%c(%U,%d,%v) ", i, r, r, utf8.RuneLen(r), bytes.Equal(encode(r), []byte(string(r))))
		}
	}
	fmt.Println()
	for i, r := range "a\xffb\xc3" {
		fmt.Print(i, ":", r, " ")
	}
	fmt.Println(utf8.ValidString("a\xff"), strings.ToValidUTF8("a\xffb", "?"), string([]byte{0xe4, 0xb8, 0x96}), string(rune(65)))
	fmt.Println(palindrome("A man, a plan, a canal: Panama"), palindrome("Go"), palindrome("Été"), palindrome(""))
	fmt.Println(utf16.Encode([]rune("𝄞a")), string(utf16.Decode([]uint16{0xd834, 0xdd1e})))
	fmt.Println(roman(1994), roman(2024), roman(3999))
	for _, l := range wrap("This is a long line of text which will be wrapped at twenty köln characters", 20) {
		fmt.Printf("|%-20s|\n", l)
	}
	r := strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;")
	fmt.Println(r.Replace("<a & b>"), strings.EqualFold("STRASSE", "strasse"), strings.Title("hello"), strings.TrimFunc("123abc456", unicode.IsDigit))
	fmt.Printf("%q %q %q\n", strings.Split("a,b,,c", ","), strings.SplitN("a=b=c", "=", 2), strings.Fields(" a  b "))
	before, after, ok := strings.Cut("key=value=x", "=")
	fmt.Println(before, after, ok, strings.LastIndex("go gopher", "go"), strings.IndexAny("golang", "ny"), strings.Count("cheese", "e"), strings.Count("abc", ""))
	fmt.Println(strconv.Quote("tab\t\"q\" ☺\x00"), strconv.QuoteToASCII("☺"), strconv.FormatInt(-255, 16), strconv.Itoa(1e3))
	n, err := strconv.ParseInt("zz", 36, 32)
	fmt.Println(n, err)
	_, err = strconv.ParseUint("300", 10, 8)
	fmt.Println(err)
	b := []byte("hello")
	copy(b[1:], "EL")
	b = append(b, " there"...)
	fmt.Println(string(b), bytes.ToUpper(b[:2]), string(bytes.Title([]byte("x"))), bytes.Fields([]byte("a b")))
	const raw = `back\slash
new line`
	fmt.Println(len(raw), raw == "back\\slash\nnew line", "\u00e9" == "é", "e\u0301" == "é", '\'', "\x41\101\u0041")
	var sb strings.Builder
	for i := 3; i > 0; i-- {
		fmt.Fprintf(&sb, "%d...", i)
	}
	sb.WriteByte('!')
	sb.WriteRune('é')
	fmt.Println(sb.String(), sb.Len(), sb.Cap() >= sb.Len())
	x := "abc"
	y := x
	x += "d"
	fmt.Println(x, y, x > y, "Z" < "a", x[1:2]+y[:1], x[len(x)-1:])
}
