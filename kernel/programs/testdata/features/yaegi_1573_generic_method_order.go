// Generic methods call later ones (yaegi #1573).
package main

import (
	"fmt"
)

type B[T any] struct {
	data T
	n    int
}

func (b *B[T]) Set(d T) *B[T] { b.clear(); b.data = d; return b.count() }
func (b *B[T]) clear()        { var z T; b.data = z }
func (b *B[T]) count() *B[T]  { b.n++; return b }
func main()                   { b := B[string]{}; fmt.Println(*b.Set("x").Set("y"), (&B[[]int]{}).Set([]int{1})) }
