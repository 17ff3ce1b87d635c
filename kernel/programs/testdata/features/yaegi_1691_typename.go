// %T of values of named types in any (yaegi #1691).
package main

import (
	"fmt"
)

type Person struct {
	Name string
	Age  int
}
type Ages map[string]Person

func Z(args ...any) (out []string) {
	for _, v := range args {
		out = append(out, fmt.Sprintf("%T", v))
	}
	return
}
func details() (string, Person) { return "x", Person{} }
func main() {
	fmt.Println(Z(details()), Z(Person{}, &Person{}, Ages{}, []Person{}, [2]*Person{}, func(Person) Ages { return nil }, nil, error(nil)))
}
