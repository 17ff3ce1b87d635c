// Select on channels in fields (yaegi #647, #577, #599, #887).
package main

import (
	"fmt"
)

type S struct {
	q chan struct{}
	c map[string]chan int
}

func (s *S) Send() string {
	select {
	case s.q <- struct{}{}:
		return "sent"
	default:
		return "full"
	}
}
func main() {
	s := &S{q: make(chan struct{}, 1), c: map[string]chan int{"x": make(chan int, 1)}}
	fmt.Println(s.Send(), s.Send())
	for i := range 3 {
		select {
		case s.c["x"] <- i:
		case v := <-s.c["x"]:
			fmt.Print("got ", v, " ")
		case s.c["nil"] <- 1:
		}
	}
	select {
	case <-s.q:
	default:
	}
	fmt.Println(len(s.q), len(s.c["x"]))
}
