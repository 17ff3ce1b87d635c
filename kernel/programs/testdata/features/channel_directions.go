// Channel types, directions, len, cap, nil, close.
package main

import (
	"fmt"
)

type Sender chan<- int

func prod(c chan<- int, n int) {
	for i := range n {
		c <- i
	}
	close(c)
}
func cons(c <-chan int) (s int) {
	for v := range c {
		s += v
	}
	return
}
func main() {
	c := make(chan int, 3)
	go prod(c, 5)
	fmt.Println(cons(c))
	v, ok := <-c
	fmt.Println(v, ok)
	cc := make(chan chan string, 1)
	inner := make(chan string, 1)
	cc <- inner
	(<-cc) <- "nested"
	fmt.Println(<-inner, len(cc), cap(inner))
	var s Sender = make(chan int, 1)
	s <- 1
	fmt.Printf("%T %d\n", s, len(s))
	cf := make(chan func() int, 1)
	cf <- func() int { return 42 }
	fmt.Println((<-cf)())
	done := make(chan struct{})
	go func() { defer close(done) }()
	<-done
	ce := make(chan error, 1)
	ce <- nil
	fmt.Println(<-ce == nil)
	a, b := make(chan int), make(chan int)
	fmt.Println(a == b, a == a, c == nil)
}
