package main

import (
	"fmt"
	"strconv"
)

func main() {
	i := 0
loop:
	if i < 3 {
		fmt.Print(i, " ")
		i++
		goto loop
	}
	fmt.Println()
sw:
	switch {
	case i == 3:
		for {
			if i > 5 {
				break sw
			}
			i++
		}
	default:
		fmt.Println("no")
	}
	fmt.Println(i)
	switch x := i; x {
	default:
		fmt.Println("default")
	case 1, 2:
		fmt.Println("low")
	case 6:
		fmt.Println("six")
		fallthrough
	case 7:
		fmt.Println("seven")
	}
	for i, n := 0, 0; ; i++ {
		if i%2 == 0 {
			continue
		}
		if n += i; n > 10 {
			fmt.Println(i, n)
			break
		}
	}
	c := make(chan int, 3)
	c <- 1
	c <- 2
	close(c)
recv:
	for {
		select {
		case v, ok := <-c:
			if !ok {
				break recv
			}
			fmt.Println("got", v)
		}
	}
	switch {
	case i > 100:
	case func() bool { fmt.Println("evaluated"); return true }():
		fmt.Println("yes")
	}
	if x, err := strconv.Atoi("12"); err != nil {
		fmt.Println(err)
	} else if x > 10 {
		fmt.Println("big", x)
	} else {
		fmt.Println("small")
	}
	{
		i := "shadow"
		fmt.Println(i)
	}
	fmt.Println(i)
}
