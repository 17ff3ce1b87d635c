// Break and continue with labels in select and switch.
package main

import (
	"fmt"
)

func main() {
	c := make(chan int, 10)
	for i := range 10 {
		c <- i
	}
	close(c)
	sum := 0
loop:
	for {
		select {
		case v, ok := <-c:
			if !ok {
				break loop
			}
			if v%2 == 0 {
				continue loop
			}
			if v == 3 {
				break
			}
			switch {
			case v > 6:
				break loop
			case v == 5:
				continue
			}
			sum += v
		}
		fmt.Print("after ")
	}
	fmt.Println(sum, len(c))
sw:
	switch x := 3; x {
	case 3:
		for {
			break sw
		}
		fmt.Println("not reached")
	}
blk:
	for {
		if sum > 0 {
			break blk
		}
		fmt.Println("no")
	}
}
