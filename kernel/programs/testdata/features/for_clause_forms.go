// For statements: every part missing, several variables, per-iteration copies, modified inside.
package main

import "fmt"

func main() {
	i := 0
	for ; ; i++ {
		if i == 3 {
			break
		}
	}
	for i < 5 {
		i++
	}
	for i < 8 {
		i += 2
	}
	fmt.Println(i)
	for i, j := 0, 10; i < j; i, j = i+1, j-2 {
		fmt.Print(i, j, " ")
	}
	fmt.Println()
	var fs []func() int
	for i := 0; i < 6; i++ {
		fs = append(fs, func() int { i += 100; return i })
		i++
	}
	for _, f := range fs {
		fmt.Print(f(), " ", f(), " ")
	}
	fmt.Println()
	var ps []*int
	for i, s := 0, "a"; i < 3; i, s = i+1, s+"b" {
		ps = append(ps, &i)
		defer func() { fmt.Print(s, i, " ") }()
	}
	*ps[0] = 50
	fmt.Println(*ps[0], *ps[1], *ps[2])
	for p := (&struct{ n int }{3}); p.n > 0; p.n-- {
		fmt.Print(p.n)
	}
	fmt.Println()
	for s := "abc"; len(s) > 0; s = s[1:] {
		fmt.Print(s, " ")
	}
	for f := func(n int) bool { return n < 2 }; ; {
		fmt.Println(f(1), f(2))
		break
	}
	for n := range 3 {
		n *= 10
		fmt.Print(n, " ")
	}
	const c = 3
	for range c {
		fmt.Print("c")
	}
	var u8 uint8 = 3
	for n := range u8 {
		fmt.Printf(" %T", n)
	}
	type my int16
	for n := range my(2) {
		fmt.Printf(" %T%v", n, n)
	}
	for range -5 {
		fmt.Print("never")
	}
	n := 5
	for k := range n {
		n = 2
		fmt.Print(k)
	}
	fmt.Println(n)
	for x, ok := 1, true; ok; x, ok = x*2, x < 100 {
		if x == 8 {
			continue
		}
		fmt.Print(x, " ")
	}
	fmt.Println()
}
