// The panic of an impossible conversion names both types as Go does.
package main

import "fmt"

type Animal interface{ Sound() string }
type Walker interface {
	Animal
	Walk(int) error
}
type Dog struct{}

func (*Dog) Sound() string { return "wau" }

func main() {
	var a Animal = &Dog{}
	fmt.Println(a.Sound())
	w := a.(Walker)
	fmt.Println(w.Walk(3))
}
