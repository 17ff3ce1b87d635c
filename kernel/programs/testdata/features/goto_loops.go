// Goto forwards and backwards.
package main

import (
	"fmt"
)

func main() {
	i := 0
loop:
	if i < 3 {
		fmt.Print(i, " ")
		i++
		goto loop
	}
	for j := range 3 {
		if j == 1 {
			goto done
		}
		fmt.Print("j", j, " ")
	}
done:
	fmt.Println("done")
	n := 27
	steps := 0
next:
	switch {
	case n == 1:
		goto end
	case n%2 == 0:
		n /= 2
	default:
		n = 3*n + 1
	}
	steps++
	goto next
end:
	fmt.Println(steps)
}
