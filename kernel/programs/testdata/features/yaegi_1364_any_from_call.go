// Any from a compiled call (yaegi #1364, #649).
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
)

func main() {
	var value interface{}
	var err error
	value, err = strconv.ParseFloat("123", 64)
	fmt.Println(value, err)
	value, err = strconv.Atoi("x")
	fmt.Printf("%T %v %T\n", value, value, err)
	var w io.Writer
	w, err = os.Stdout, nil
	fmt.Fprintln(w, interface{}(0), err == nil)
}
