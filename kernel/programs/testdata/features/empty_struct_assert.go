// Assertions to the empty struct are made, with what they evaluate.
package main

import "fmt"

type Empty struct{}

func recv(c chan any) struct{} { return (<-c).(struct{}) }

func get(name string, x any) any {
	fmt.Println("get", name)
	return x
}

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func main() {
	c := make(chan any)
	done := make(chan bool)
	go func() {
		fmt.Println(recv(c))
		m := map[any]int{}
		m[(<-c).(struct{})] = 3
		fmt.Println(m[struct{}{}])
		done <- true
	}()
	c <- struct{}{}
	c <- struct{}{}
	<-done
	e := get("a", struct{}{}).(struct{})
	_ = get("b", struct{}{}).(struct{})
	f, ok := get("c", 1).(struct{})
	fmt.Println(e == f, ok)
	try("int", func() { _ = get("d", 1).(struct{}) })
	try("nil", func() { _ = get("e", nil).(struct{}) })
	try("other", func() { fmt.Println(get("f", Empty{}).(struct{})) })
	try("named", func() { fmt.Println(get("g", Empty{}).(Empty)) })
	switch x := get("h", struct{}{}).(type) {
	case Empty:
		fmt.Println("Empty", x)
	case struct{}:
		fmt.Println("struct{}", x, x == e)
	}
}
