// Identifiers of letters of every script, keywords' look-alikes, blanks, semicolons.
package main

import "fmt"

type Größe struct {
	länge, _ int
	幅        float64
}

func (g Größe) Π() int { return g.länge }

const _ = 1 << 3

var _, ʘ = 1, "click"
var _ = func() int { fmt.Println("init of the blank"); return 1 }()

func αβ(_ int, _ string) (_ int, err error) { return 3, nil }

func main() {
	if x := 1; x > 0 {
		fmt.Println("one line")
		fmt.Println("more")
	}
	var g = Größe{länge: 4, 幅: 2.5}
	g.länge++
	fmt.Println(g, g.Π(), ʘ)
	n, _ := αβ(1, "")
	fmt.Println(n)
	a1_, _a1, A1 := 1, 2, 3
	fmt.Println(a1_, _a1, A1)
	{
	}
	type_, func_, selecT := "t", "f", "s"
	fmt.Println(type_ + func_ + selecT)
	for range 2 {
		_ = n
	}
	_, _ = fmt.Println("blank")
}
