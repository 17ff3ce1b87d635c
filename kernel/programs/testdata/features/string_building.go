// Concatenation, += in loops, comparison, slicing, raw strings.
package main

import (
	"fmt"
	"strings"
)

func main() {
	s := ""
	for i := range 5 {
		s += string(rune('a'+i)) + ","
	}
	s = s[:len(s)-1]
	fmt.Println(s, s > "a", s[2:3], len(s), s == "a,b,c,d,e", "x"+s[len(s)-1:])
	var sb strings.Builder
	for i, w := range strings.Split(s, ",") {
		if i > 0 {
			sb.WriteString("-")
		}
		fmt.Fprintf(&sb, "%s%d", w, i)
	}
	b := []byte(sb.String())
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	fmt.Println(string(b), sb.Len(), `raw\n`+"\t|", "\x41\u00e9\U0001F600"[1:3] == "é")
	switch x := s[:1]; {
	case x < "b" && x >= "a":
		fmt.Println("small")
	}
	type T string
	t := T(s) + "!"
	fmt.Printf("%T %s %v %q\n", t, t[:3], strings.ToUpper(string(t)), t)
	const c = "const"
	fmt.Println(c[1], len(c), c[1:3], strings.Compare(c, s), [...]string{2: "x"}[2])
}
