// Zero values under a union of basic types (yaegi #1700).
package main

import (
	"fmt"
)

type Data interface {
	string | bool | float32 | float64 | int | int32 | uint32 | byte
}

func Zero[T Data]() T                  { var v T; return v }
func Conv[A, B ~int | ~float64](a A) B { return B(a) }

type Miles float64

func main() {
	fmt.Printf("%q %v %v %v %T\n", Zero[string](), Zero[bool](), Zero[float32](), Zero[byte](), Zero[uint32]())
	fmt.Println(Conv[float64, int](2.9), Conv[int, Miles](7)/2)
}
