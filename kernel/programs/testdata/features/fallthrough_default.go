// Default first and in the middle, fallthrough into it.
package main

import (
	"fmt"
	"io"
	"time"
)

func f(n int) (s string) {
	switch n {
	default:
		s += "d"
		fallthrough
	case 1:
		s += "1"
	case 2, 3:
		s += "23"
		if n == 3 {
			break
		}
		fallthrough
	case 4:
		s += "4"
	}
	return
}
func g(x any) string {
	switch x.(type) {
	default:
		return "other"
	case int, string:
		return "basic"
	case nil:
		return "nil"
	case error, fmt.Stringer:
		return "iface"
	}
}
func h() (out []int) {
	for i := range 6 {
		switch {
		case i == 1:
			continue
		case i == 4:
			goto end
		}
		out = append(out, i)
	}
end:
	return append(out, 100)
}
func main() {
	for i := range 6 {
		fmt.Print(f(i), " ")
	}
	fmt.Println(g(1), g(nil), g(io.EOF), g(2.0), g(time.Second), h())
}
