// Goto out of conditions, to labels at the end, into shared tails (yaegi #953, #1288, #1354, #1115, #23).
package main

import "fmt"

func path(n int) (s string) {
	if n > 10 {
		s += "big "
		goto big
	} else if n < 0 {
		goto neg
	}
	s += "small "
	switch n {
	case 0:
		goto zero
	case 1:
		break
	default:
		s += "mid "
	}
	goto end
big:
	if n > 100 {
		s += "huge "
		goto end
	}
	n -= 10
	s += fmt.Sprint(n, " ")
	if n > 10 {
		goto big
	}
	goto end
neg:
	s += "neg "
	n = -n
	if n == 5 {
		goto zero
	}
	for {
		n--
		if n <= 0 {
			goto end
		}
	}
zero:
	s += "zero "
end:
	s += "end"
	return
}

func test() bool {
	if true {
		goto label
	}
	goto label
label:
	fmt.Print("on ")
	return true
}

func retry(max int) (tries int, err error) {
again:
	tries++
	if tries < max {
		err = fmt.Errorf("try %d", tries)
		goto again
	}
	return
}

func main() {
	for _, n := range []int{0, 1, 2, 15, 35, 500, -1, -5} {
		fmt.Println(n, path(n))
	}
	fmt.Println(test())
	fmt.Println(retry(4))
	i := 0
outer:
	for y := range 5 {
		for x := range 5 {
			if x*y == 6 {
				break outer
			}
			if x > y {
				continue outer
			}
			i++
		}
	}
	fmt.Println(i)
	goto done
done:
}
