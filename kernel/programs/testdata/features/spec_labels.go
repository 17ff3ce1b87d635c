// goto, labels, break and continue through every kind of statement.
package main

import "fmt"

func find(m [][]int, x int) (int, int) {
	i, j := 0, 0
outer:
	for i = range m {
		for j = range m[i] {
			switch {
			case m[i][j] == x:
				break outer
			case m[i][j] < 0:
				continue outer
			}
		}
	}
	return i, j
}

func gotos(n int) (s string) {
	i := 0
loop:
	if i < n {
		s += fmt.Sprint(i)
		i++
		if i == 2 {
			goto skip
		}
		goto loop
	}
	return s + "."
skip:
	s += "-"
	i++
	goto loop
}

func blocks() {
	x := 1
	x++
sw:
	switch x {
	case 2:
		for i := range 5 {
			if i == 3 {
				break sw
			}
			fmt.Print(i)
		}
		fmt.Println("never")
	case 3:
	}
	fmt.Println()
	c := make(chan int, 1)
sel:
	select {
	case c <- 1:
		for {
			break sel
		}
	default:
	}
ts:
	switch v := any(x).(type) {
	case int:
		if v == 2 {
			break ts
		}
		fmt.Println("never")
	}
l1:
	for i := range 3 {
	l2:
		for j := 0; ; j++ {
			select {
			case v := <-c:
				fmt.Print("v", v)
				continue l2
			default:
				switch {
				case j > 2:
					continue l1
				case i == 2:
					break l1
				case j == 1:
					continue
				}
			}
			fmt.Print("(", i, j, ")")
		}
	}
	fmt.Println()
}

func fall(n int) (s string) {
	switch n {
	case 0:
		s += "0"
		fallthrough
	case 1:
		s += "1"
		if n == 1 {
			break
		}
		fallthrough
	default:
		s += "d"
		fallthrough
	case 2:
		s += "2"
	case 3:
		s += "3"
	}
	return
}

func closures() {
	var fs []func() int
	i := 0
again:
	x := i * i
	fs = append(fs, func() int { x++; return x })
	i++
	if i < 3 {
		goto again
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
}

func scopes() {
	x := 1
	{
		x := x + 1
		x++
		if x := x * 2; x > 5 {
			fmt.Print(x, " ")
		} else if y := x; y > 1 {
			fmt.Print(y)
		}
		fmt.Print(x, " ")
	}
	switch x := any(x).(type) {
	case int:
		x++
		fmt.Print(x, " ")
	}
	for x := x; x < 3; x++ {
		x := x * 10
		fmt.Print(x, " ")
	}
	if x, y := 7, x; y == 1 {
		fmt.Print(x, y, " ")
	}
	fmt.Println(x)
}

func main() {
	fmt.Println(find([][]int{{1, 2}, {-1, 5}, {3, 4}}, 3))
	fmt.Println(gotos(5))
	blocks()
	for i := range 5 {
		fmt.Print(fall(i), " ")
	}
	fmt.Println()
	closures()
	scopes()
	for i, j := 0, 10; i < j; i, j = i+1, j-2 {
		fmt.Print(i, j, " ")
	}
	var n int
	for n < 3 {
		n++
	}
	for {
		n++
		if n > 6 {
			break
		}
	}
	fmt.Println(n)
	var k int
	for k = range 3 {
	}
	fmt.Println(k)
}
