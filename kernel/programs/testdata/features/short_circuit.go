// && and || and their side effects.
package main

import (
	"fmt"
)

func t(s string, v bool) bool { fmt.Print(s, " "); return v }
func main() {
	x := true
	fmt.Println(t("a", false) && t("b", true), t("c", true) || t("d", true), (t("e", false) || t("f", true)) && (t("g", true) || t("h", true)))
	fmt.Println(x && false, !x || x, x != t("i", true), !(t("j", true) && !t("k", false)))
	var p *struct{ n int }
	if p != nil && p.n > 0 {
		fmt.Println("no")
	}
	if p == nil || p.n > 0 {
		fmt.Println("yes")
	}
	var m map[string]func() bool
	if f, ok := m["x"]; ok && f() {
		fmt.Println("no")
	}
	type B bool
	var b B = true
	b = b && B(1 < 2)
	fmt.Println(b, any(b) == any(true), fmt.Sprintf("%T", b && true))
	for i := 0; i < 10 && t(fmt.Sprint(i), i < 2); i++ {
	}
	fmt.Println()
}
