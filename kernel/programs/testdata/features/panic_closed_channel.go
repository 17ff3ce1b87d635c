// Sending to a closed channel from a function literal in a loop.
package main

import "fmt"

func main() {
	c := make(chan string, 4)
	send := func(s string) {
		defer func() { fmt.Println("sent", s, len(c)) }()
		c <- s
	}
	for i, s := range []string{"a", "b", "c"} {
		if i == 2 {
			close(c)
		}
		send(s)
	}
}
