// Closures put into fields and maps of a loop's body (yaegi #1035, #1594, #450).
package main

import "fmt"

type button struct {
	label string
	click func() string
	next  func() *button
}

func primes(n int) (ps []int) {
	for i := 2; len(ps) < n; i++ {
		prime := true
		for _, p := range ps {
			if i%p == 0 {
				prime = false
				break
			}
		}
		if !prime {
			continue
		}
		ps = append(ps, i)
	}
	return
}

func main() {
	var bs []button
	byName := map[string]func() int{}
	for i, l := range []string{"ok", "no", "maybe"} {
		text := fmt.Sprintf("%s-%d", l, i)
		clicks := 0
		b := button{label: l, click: func() string { clicks++; return fmt.Sprint(text, "/", clicks) }}
		if i > 0 {
			prev := &bs[i-1]
			b.next = func() *button { return prev }
		}
		bs = append(bs, b)
		byName[l] = func() int { return clicks * 10 }
	}
	fmt.Println(bs[0].click(), bs[2].click(), bs[0].click(), bs[1].click())
	fmt.Println(byName["ok"](), byName["no"](), byName["maybe"](), bs[2].next().label, bs[0].next == nil)
	fmt.Println(primes(10))
	var steps []func(int) int
	for k := 1; k < 4; k++ {
		sq := k * k
		if k%2 == 0 {
			steps = append(steps, func(n int) int { return n - sq })
			continue
		}
		steps = append(steps, func(n int) int { sq++; return n + sq })
	}
	n := 0
	for range 2 {
		for _, s := range steps {
			n = s(n)
		}
	}
	fmt.Println(n)
}
