// Reflection over an interface type of the program's own.
package main

import (
	"fmt"
	"reflect"
)

type Greeter interface{ Hello(string) string }
type User struct{}

func (User) Hello(s string) string { return s }

func main() {
	g := reflect.TypeOf((*Greeter)(nil)).Elem()
	fmt.Println(reflect.TypeOf(User{}).Implements(g), reflect.TypeOf(1).Implements(g), g.NumMethod(), g.Name(), g.Kind())
}
