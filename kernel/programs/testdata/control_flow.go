// Control flow: labels, goto, switch in all forms, shadowing, variadics,
// constants with iota, closures, and the order of evaluation.
package main

import (
	"fmt"
	"os"
	"strings"
)

type Perm uint8

const (
	Read Perm = 1 << iota
	Write
	Exec
	All = Read | Write | Exec
)

func (p Perm) String() string {
	if p == 0 {
		return "-"
	}
	var parts []string
	for i, n := range []string{"r", "w", "x"} {
		if p&(1<<i) != 0 {
			parts = append(parts, n)
		}
	}
	return strings.Join(parts, "")
}

type Size float64

const (
	_       = iota
	KB Size = 1 << (10 * iota)
	MB
	GB
)

const (
	a, b = iota, iota * 10
	c, d
	_, _
	e, f
)

type Weekday int

const (
	Sunday Weekday = iota
	Monday
	Saturday = Weekday(6)
)

func primes(n int) (out []int) {
next:
	for i := 2; len(out) < n; i++ {
		for _, p := range out {
			if p*p > i {
				break
			}
			if i%p == 0 {
				continue next
			}
		}
		out = append(out, i)
	}
	return
}

func collatz(n int) (steps int) {
again:
	if n == 1 {
		return
	}
	steps++
	if n&1 == 0 {
		n /= 2
		goto again
	}
	n = 3*n + 1
	goto again
}

func classify(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int, int64:
		return fmt.Sprintf("integer %v", v)
	case string:
		switch {
		case v == "":
			return "empty"
		case len(v) > 3:
			return "long " + v[:3]
		}
		return "string " + v
	case []int:
		return fmt.Sprint("ints ", len(v))
	case error:
		return "error " + v.Error()
	case fmt.Stringer:
		return "stringer " + v.String()
	case func(int) int:
		return fmt.Sprint("func ", v(20))
	default:
		return fmt.Sprintf("other %T", v)
	}
}

func grade(n int) (s string) {
	switch {
	case n >= 90:
		s += "A"
		fallthrough
	case n >= 80:
		s += "B"
	case n < 0:
		s = "?"
	default:
		s = "C"
	}
	switch n % 3 {
	default:
		s += "d"
	case 0:
		s += "0"
		if n > 50 {
			break
		}
		s += "small"
	}
	return
}

func variadic(prefix string, xs ...any) string {
	if len(xs) > 0 && xs[0] == nil {
		xs = xs[1:]
	}
	return prefix + fmt.Sprint(len(xs)) + fmt.Sprint(xs...)
}

func counter() (inc func() int, get func() int) {
	n := 0
	return func() int { n++; return n }, func() int { return n }
}

func t(s string, v int) int { fmt.Print(s, " "); return v }

func main() {
	fmt.Println(primes(12), collatz(27))
	fmt.Println(Read, Write|Exec, All, All&^Write, Perm(0), KB, MB, GB, a, b, c, d, e, f, Saturday-Monday, ^Perm(0)>>5)
	for _, x := range []any{nil, 1, int64(2), "", "abc", "abcdef", []int{1}, os.ErrExist, All, func(n int) int { return n * 2 }, 3.5, struct{}{}} {
		fmt.Print(classify(x), "; ")
	}
	fmt.Println()
	fmt.Println(grade(95), grade(81), grade(-4), grade(12), grade(60))
	fmt.Println(variadic("a"), variadic("b", 1, 2), variadic("c", []any{1, 2, 3}...), variadic("d", nil), variadic("e", nil, 1), variadic("f", []any{}...))

	x := 1
	{
		x := x + 1
		x++
		fmt.Print(x, " ")
	}
	if x := x * 10; x > 5 {
		fmt.Print(x, " ")
	} else if y := x + 1; y > 0 {
		fmt.Print(y, " ")
	}
	fmt.Println(x)
	inc, get := counter()
	inc()
	inc()
	inc2, _ := counter()
	fmt.Println(inc(), get(), inc2())

	arr := []int{0, 0, 0}
	i := 0
	i, arr[i] = 2, 5
	arr[t("index", 1)], i = t("value", 7), t("second", 1)
	fmt.Println(arr, i)
	m := map[string]int{}
	m["a"]++
	m["b"] += m["a"] + 1
	delete(m, "zzz")
	v, ok := m["c"]
	fmt.Println(m, v, ok, len(m))
	fmt.Println(t("one", 1)+t("two", 2)*t("three", 3), t("l", 1) == 1 || t("not", 1) == 1, t("m", 0) == 1 && t("never", 1) == 1)

outer:
	for i := 0; ; i++ {
		switch {
		case i == 1:
			continue
		case i == 4:
			break outer
		}
		for j := range 3 {
			if j == i {
				continue outer
			}
			fmt.Print(i, j, " ")
		}
		fmt.Print("| ")
	}
	fmt.Println()
	var fns []func()
	for i := 0; i < 3; i++ {
		fns = append(fns, func() { fmt.Print(i, " "); i += 10 })
		if i == 1 {
			i++
		}
	}
	for _, f := range fns {
		f()
		f()
	}
	fmt.Println()
	p, q := 1, 2
	p, q = q, p+q
	p, q = q, p+q
	fmt.Println(p, q, 7/2, -7/2, 7%3, -7%3, 1<<3|1, 6&^2, 5^1, 7>>1)
	var u8 uint8 = 250
	u8 += 10
	var i8 int8 = 127
	i8++
	fmt.Println(u8, i8, uint32(1)<<31, int64(-5)>>1, ^0, uint16(70000&0xffff))
	func() {
		for k, word := range strings.Fields("zero one two") {
			if k == 1 {
				return
			}
			fmt.Println(k, word)
		}
	}()
	if len(os.Args) > 100 {
		goto end
	}
	fmt.Println("exit with 3")
end:
	defer fmt.Println("not printed: os.Exit runs no defers")
	os.Exit(3)
}
