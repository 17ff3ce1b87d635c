// Precedence and associativity, every operator, assignment operations.
package main

import "fmt"

func t(s string, b bool) bool { fmt.Print(s); return b }

func main() {
	a, b, c := 6, 3, 2
	fmt.Println(a+b*c, (a+b)*c, a-b-c, a/b/c, a%4*b, a<<1+1, a&b|c^a, a&^b<<1, -a + +b, ^a&0xf, a|b&c, a^b^a == b)
	fmt.Println(1<<3<<1, 64>>1>>2, 7&3 == 3, !(a < b) && c == 2 || false, a == b+3 && b != c)
	x := t("a", false) || t("b", true) && t("c", false) || t("d", true)
	fmt.Println(x)
	y := !t("e", true) == false && (t("f", false) || !t("g", false))
	fmt.Println(y)
	u := uint8(0b1100)
	u |= 1
	u &^= 0b100
	u ^= 0xff
	u <<= 1
	u >>= 2
	u += 250
	u -= 3
	u *= 3
	u /= 2
	u %= 50
	u &= 0x3c
	fmt.Println(u)
	s := "b"
	s += "c" + "d"
	fmt.Println("a"+s > "abc", s < "bd", s >= "bcd", "Z" < "a", "" < "\x00")
	f := 1.5
	f++
	f *= 2
	f -= 0.25
	f /= 3
	fmt.Println(f)
	z := 1 + 2i
	z *= z
	z -= 1i
	fmt.Println(z, z == -3+3i, -z)
	p := &a
	*p += *p * *p
	q := &p
	**q -= 2
	fmt.Println(a, b**p, -**q)
	ch := make(chan int, 2)
	ch <- 1 + 1
	ch <- 3
	fmt.Println(-<-ch + +<-ch)
	var sh uint = 70
	one := 1
	fmt.Println(one<<sh, int8(one)<<7, int32(-8)>>1, uint32(1)<<31>>sh, -8>>sh, int64(1)<<sh|1, 1<<(sh-60))
	n := 10
	n, m := n%7, n/7
	n++
	m--
	fmt.Println(n, m)
}
