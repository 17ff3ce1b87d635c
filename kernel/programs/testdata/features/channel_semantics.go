// Channels: buffered, closed, nil, of channels, in structs, range, len and cap.
package main

import (
	"fmt"
	"sync"
)

type request struct {
	n     int
	reply chan<- int
}

func server(in <-chan request, wg *sync.WaitGroup) {
	defer wg.Done()
	for r := range in {
		r.reply <- r.n * r.n
	}
}

func try(what string, f func()) {
	defer func() { fmt.Println(what, recover()) }()
	f()
}

func main() {
	c := make(chan int, 3)
	c <- 1
	c <- 2
	fmt.Println(len(c), cap(c))
	close(c)
	for range 3 {
		v, ok := <-c
		fmt.Print(v, ok, " ")
	}
	fmt.Println(len(c), <-c)
	try("send", func() { c <- 1 })
	try("close", func() { close(c) })
	try("close nil", func() { var n chan int; close(n) })
	in := make(chan request)
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go server(in, &wg)
	}
	sum := 0
	for i := range 10 {
		reply := make(chan int)
		in <- request{i, reply}
		sum += <-reply
	}
	close(in)
	wg.Wait()
	fmt.Println(sum)
	cc := make(chan chan string, 1)
	go func() {
		r := <-cc
		r <- "answer"
		close(r)
	}()
	r := make(chan string)
	cc <- r
	for s := range r {
		fmt.Println(s)
	}
	var nilc chan int
	select {
	case v := <-nilc:
		fmt.Println("never", v)
	case nilc <- 1:
		fmt.Println("never")
	default:
		fmt.Println("nil blocks", len(nilc), cap(nilc))
	}
	d := make(chan struct{})
	e := d
	fmt.Println(d == e, d == make(chan struct{}), any(d) == any(e), (<-chan struct{})(d) == e)
	go func() { defer close(d) }()
	<-e
	arr := [2]chan int{make(chan int, 1), make(chan int, 1)}
	i := 0
	arr[i], i = make(chan int, 5), 1
	fmt.Println(cap(arr[0]), cap(arr[i]))
}
