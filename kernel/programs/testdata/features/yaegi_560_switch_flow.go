// Switches with empty, last and nested clauses, in loops, with returns (yaegi #560, #537, #1126, #1101, #88, #19).
package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

func f(n int) string {
	switch n {
	case 0:
	case 1:
		return "one"
	case 2, 3:
		if n == 2 {
			break
		}
		return "three"
	default:
		switch {
		case n > 10:
			return "big"
		case n < 0:
			fallthrough
		case n == 7:
			return "seven or negative"
		}
	}
	return "fell out"
}

func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead:
		return "read"
	case http.MethodPost:
		return "write"
	case "":
		return "empty"
	}
	return "other"
}

func classify(err error) string {
	switch {
	case err == nil:
		return "fine"
	case errors.Is(err, io.EOF):
		return "eof"
	case strings.Contains(err.Error(), "hello"):
		return "hello"
	}
	return "unknown"
}

func tokens(s string) (out []string) {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ':
			i++
			continue
		case c >= '0' && c <= '9':
			j := i
			for j < len(s) && s[j] >= '0' && s[j] <= '9' {
				j++
			}
			out = append(out, "n"+s[i:j])
			i = j
		case strings.IndexByte("+-*/()", c) >= 0:
			out = append(out, string(c))
			i++
		default:
			return append(out, "!"+string(c))
		}
	}
	return
}

func main() {
	for _, n := range []int{0, 1, 2, 3, 7, 11, -4, 5} {
		fmt.Print(f(n), ", ")
	}
	fmt.Println()
	fmt.Println(method("GET"), method("POST"), method(""), method("PUT"))
	fmt.Println(classify(nil), classify(fmt.Errorf("x: %w", io.EOF)), classify(errors.New("oh hello")), classify(io.ErrClosedPipe))
	fmt.Println(tokens("12+(3 * 45)"), tokens("1 ? 2"))
	n := 0
	for i := range 6 {
		switch i {
		case 1:
			continue
		case 3:
			n += 100
			break
		case 4:
		default:
			n++
		}
		n += 10
	}
	fmt.Println(n)
	switch x := 5; true {
	case x > 3:
		fmt.Println("tag true")
	}
	switch f := func() int { n++; return n }; f() {
	case 0, f() - 1:
		fmt.Println("wrong", n)
	case f() - 2:
		fmt.Println("right", n)
	}
}
