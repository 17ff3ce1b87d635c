// Labelled continue in nested ranges of every kind.
package main

import (
	"fmt"
)

func main() {
	m := map[string]int{"only": 1}
	c := make(chan int, 3)
	c <- 1
	c <- 2
	c <- 3
	close(c)
outer:
	for i := range 3 {
		for _, r := range "xyz" {
			for k := range m {
				if r == 'y' {
					continue outer
				}
				if i == 2 {
					break outer
				}
				fmt.Print(i, string(r), k, " ")
			}
		}
	}
	fmt.Println()
chans:
	for v := range c {
		for j := 0; ; j++ {
			if j == v {
				continue chans
			}
			fmt.Print(v, j, " ")
		}
	}
	fmt.Println()
}
