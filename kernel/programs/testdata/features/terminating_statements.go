// Functions that end without return: endless loops, panics, switches, selects, goto, labels.
package main

import "fmt"

func loop(n int) int {
	for {
		n++
		if n > 5 {
			return n
		}
	}
}

func ifs(b bool) string {
	if b {
		return "yes"
	} else if !b {
		return "no"
	} else {
		panic("never")
	}
}

func sw(n int) string {
	switch n {
	case 0:
		return "zero"
	case 1:
		fallthrough
	default:
		return "other"
	case 2:
		panic("two")
	}
}

func typ(v any) string {
	switch v.(type) {
	case int:
		return "int"
	default:
		return "any"
	}
}

func sel(c chan int) int {
	select {
	case v := <-c:
		return v
	}
}

func jump(n int) int {
again:
	if n < 10 {
		n *= 2
		goto again
	}
	{
		return n
	}
}

func labelled(xs []int) int {
outer:
	for {
		for _, x := range xs {
			if x < 0 {
				return x
			}
			if x == 0 {
				xs = xs[1:]
				continue outer
			}
		}
		xs = append(xs, -len(xs))
	}
}

func must(ok bool) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = fmt.Sprint("recovered ", r)
		}
	}()
	if ok {
		return "ok"
	}
	panic("not ok")
}

func forever(c chan<- int, stop <-chan bool) {
	for i := 0; ; i++ {
		select {
		case c <- i:
		case <-stop:
			return
		}
	}
}

func main() {
	c := make(chan int, 1)
	c <- 9
	fmt.Println(loop(1), ifs(true), ifs(false), sw(0), sw(1), sw(7), typ(1), typ("x"), sel(c), jump(3), labelled([]int{3, 0, 4}), must(true), must(false))
	stop := make(chan bool)
	d := make(chan int)
	go forever(d, stop)
	fmt.Println(<-d, <-d, <-d)
	stop <- true
	defer func() { fmt.Println(recover()) }()
	fmt.Println(sw(2))
}
