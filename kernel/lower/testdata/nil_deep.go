package main

type T struct{ x int }

func deep(p *T, n int) int {
	if n == 0 {
		return p.x
	}
	return deep(p, n-1)
}

func main() {
	f := func() {
		deep(nil, 2)
	}
	f()
}
