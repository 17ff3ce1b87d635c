// Package variables are initialised by dependency, then init functions.
package main

import (
	"fmt"
)

var a = b + 1
var b = f()
var x, y = two()
var m = map[string]func() int{"a": func() int { return a }}
var _ = show("blank")

func f() int { fmt.Println("f", c); return c * 2 }

var c = 5

func two() (int, string) { return a, fmt.Sprint("y", b) }
func show(s string) bool { fmt.Println("show", s, a); return true }
func init()              { fmt.Println("init 1", a, b, x, y); a = 100 }
func init()              { fmt.Println("init 2", m["a"]()) }
func main()              { fmt.Println(a, b, c) }
