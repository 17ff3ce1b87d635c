// Select evaluates all of its channels and values once, in source order; assigns in the chosen case.
package main

import "fmt"

var trace []string

func ch(name string, c chan int) chan int { trace = append(trace, name); return c }
func val(n int) int                       { trace = append(trace, fmt.Sprint("v", n)); return n }
func idx(n int) int                       { trace = append(trace, fmt.Sprint("i", n)); return n }

func main() {
	a, b := make(chan int), make(chan int, 1)
	got := [3]int{}
	m := map[string]int{}
	select {
	case got[idx(0)] = <-ch("a", a):
	case ch("b", b) <- val(7):
		trace = append(trace, "sent")
	case ch("nil", nil) <- val(8):
	}
	fmt.Println(trace)
	trace = nil
	var ok bool
	select {
	case got[idx(1)], ok = <-ch("b", b):
		trace = append(trace, "received")
	case ch("a", a) <- val(1):
	}
	fmt.Println(trace, got, ok)
	close(b)
	select {
	case m["k"], ok = <-b:
	}
	fmt.Println(m, ok)
	for i := 0; ; i++ {
		select {
		case v, ok := <-b:
			if !ok && i < 3 {
				continue
			}
			fmt.Println("broke at", i, v)
			break
		}
		if i >= 3 {
			break
		}
	}
	done := make(chan bool)
	data := make(chan int)
	go func() {
		for i := range 3 {
			data <- i
		}
		close(done)
	}()
	sum := 0
loop:
	for {
		select {
		case v := <-data:
			v *= 10
			sum += v
		case <-done:
			break loop
		}
	}
	fmt.Println(sum)
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		select {
		case b <- 1:
		default:
			fmt.Println("default")
		}
	}()
}
