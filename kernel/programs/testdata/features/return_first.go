// A return without values as the first statement of an else, of a clause, and
// behind a label; goto among labels that follow one another.
package main

import "fmt"

func inElse(n int) {
	if n == 2 {
		fmt.Println("two")
	} else {
		return
	}
	fmt.Println("end", n)
}

func inElseIf(n int) {
	for i := 0; ; i++ {
		if i == n {
			fmt.Println("n")
			continue
		} else if i < 5 && i != 1 || i == 6 {
			fmt.Println("less")
		} else if (i) == 1 {
			continue
		} else {
			return
		}
	}
}

func inDefault(n int) {
	switch {
	case n == 2:
		fmt.Println("2")
	case n == 3, n == 5:
		return
	default:
		return
	}
	fmt.Println("end of the switch")
}

func inClause(n int, b bool) {
	switch n {
	case 1:
		fmt.Println("one")
	case 2:
		return
	}
	switch {
	case b && n == 1:
		return
	case !b || n > 7:
		fmt.Println("!b")
	}
	fmt.Println("behind", n, b)
}

func inThen(a, b bool) {
	if a || b {
		return
	}
	if !a && (b || !a) {
	} else {
		return
	}
	fmt.Println("neither")
}

func named(n int) (r int) {
	r = n
	if n > 3 {
		r++
	} else {
		return
	}
	r *= 2
	return
}

func deferring(n int) (r int) {
	defer func() { r += 100 }()
	if n > 3 {
		r = 1
	} else {
		return
	}
	return 2
}

func inRange(f func(func(int) bool)) {
	for x := range f {
		if x < 3 {
			fmt.Println("x", x)
		} else {
			return
		}
	}
	fmt.Println("not reached")
}

func labels(a []int) {
outer:
	n := a[0]
	a = a[1:]
	fmt.Print("outer ", n, "; ")
	switch n {
	case 1:
		goto one
	case 2:
		goto two
	case 3:
		goto three
	case 4:
		goto four
	}

one:
	goto inner
two:
	goto outer
three:
	goto inner
four:
	goto side

inner:
	n = a[0]
	a = a[1:]
	fmt.Print("inner ", n, "; ")
	switch n {
	case 1:
		goto outer
	case 2:
		goto inner
	case 3:
		goto side
	default:
		fmt.Println()
		return
	}
side:
	n = a[0]
	a = a[1:]
	fmt.Print("side ", n, "; ")
	switch n {
	case 1:
		goto outer
	case 2, 3:
		goto inner
	}
	goto inner
}

func toReturn(n int) {
again:
	if n++; n == 3 {
		goto done
	} else if n < 3 {
		goto again
	} else {
		goto last
	}
last:
	fmt.Println("last", n)
done:
	return
}

func main() {
	inElse(2)
	inElse(3)
	inElseIf(3)
	for n := range 6 {
		inDefault(n)
	}
	for n := range 9 {
		inClause(n, n%2 == 1)
	}
	inThen(true, false)
	inThen(false, true)
	inThen(false, false)
	fmt.Println(named(3), named(4), deferring(3), deferring(4))
	inRange(func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	})
	labels([]int{4, 4, 4})
	labels([]int{1, 2, 3, 1, 2, 3, 2, 1, 0, 9})
	toReturn(0)
	toReturn(5)
}
