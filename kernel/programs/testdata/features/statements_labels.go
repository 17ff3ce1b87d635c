// Labels on blocks, switches, selects, loops; goto over blocks; names that are also variables.
package main

import "fmt"

func find(grid [][]int, want int) (r, c int) {
outer:
	for r = range grid {
		for c = range grid[r] {
			switch {
			case grid[r][c] == want:
				break outer
			case grid[r][c] < 0:
				continue outer
			}
		}
	}
	return
}

func state(in string) string {
	out, i := "", 0
start:
	if i >= len(in) {
		goto end
	}
	switch in[i] {
	case '(':
		i++
		goto inner
	case ' ':
		i++
		goto start
	default:
		out += string(in[i])
		i++
		goto start
	}
inner:
	for i < len(in) {
		if in[i] == ')' {
			i++
			goto start
		}
		out += "[" + string(in[i]) + "]"
		i++
	}
end:
	return out
}

func main() {
	fmt.Println(find([][]int{{1, -1, 9}, {2, 3}, {9}}, 3))
	fmt.Println(state("a b(cd)e (f)g"))
	n := 0
block:
	{
		n++
		if n < 3 {
			goto block
		}
	}
	fmt.Println(n)
sw:
	switch n {
	case 3:
		for i := range 10 {
			if i == 2 {
				break sw
			}
			n += i
		}
		n = -1
	}
	fmt.Println(n)
	c := make(chan int, 1)
sel:
	select {
	case c <- 1:
		for {
			if n++; n > 10 {
				break sel
			}
		}
	}
	fmt.Println(n, len(c))
	i := 0
i:
	for ; i < 3; i++ {
		for j := 0; ; j++ {
			if j > i {
				continue i
			}
			fmt.Print(i, j, " ")
		}
	}
	fmt.Println()
rng:
	for k, v := range map[string][]int{"a": {1, 2, 3}} {
		for _, x := range v {
			if x == 2 {
				fmt.Println(k, x)
				continue rng
			}
		}
	}
	var fs []func() int
again:
	x := n
	fs = append(fs, func() int { x++; return x })
	if n++; n < 14 {
		goto again
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
empty:
	;
	_ = 0
	if false {
		goto empty
	}
}
