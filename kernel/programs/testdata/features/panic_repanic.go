// Recovered and panicked again.
package main

import (
	"errors"
	"fmt"
)

func f() {
	defer func() { r := recover(); fmt.Println("got", r); panic(r) }()
	panic(errors.New("original"))
}
func main() { f() }
