package main

import (
	"fmt"
)

type P struct {
	a int
	b string
}
type S string

func main() {
	defer func() { r := recover(); fmt.Println(r, P{1, "x"}); panic(S("named")) }()
	panic(S("first"))
}
