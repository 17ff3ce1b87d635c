// %v and friends on structs with every kind of field.
package main

import (
	"fmt"
	"time"
)

type inner2 struct{}

func (inner2) Error() string { return "err" }

type Inner struct {
	a int
	b *int
}
type S struct {
	B  bool
	I  int8
	U  uint16
	F  float32
	C  complex64
	S  string
	R  rune
	A  [2]int
	L  []string
	M  map[string]int
	P  *Inner
	I2 any
	E  error
	Fn func()
	Ch chan int
	In Inner
	D  time.Duration
	b  []byte
}

func main() {
	s := S{B: true, I: -1, U: 2, F: 1.5, C: 1i, S: "s", R: 'x', A: [2]int{1, 2}, L: []string{"a b"}, M: map[string]int{"z": 1, "a": 2}, I2: Inner{1, nil}, E: inner2{}, In: Inner{a: 3}, D: time.Second, b: []byte("hi")}
	fmt.Printf("%v\n%+v\n%#v\n", s, s, s)
	fmt.Printf("%v %+v\n", &Inner{a: 1}, []*Inner{nil})
	fmt.Printf("%d %x %q\n", s.A, s.L, s.L)
	var z S
	fmt.Printf("%v\n%+v\n", z, z)
}
