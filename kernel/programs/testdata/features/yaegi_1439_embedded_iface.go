// Method of an embedded interface of the program's own (yaegi #1439, #1208, #1335, #1515).
package main

import (
	"fmt"
)

type Resetter interface{ Reset() string }
type Core interface {
	Resetter
	Wrap() *outer
}
type nop struct{ n int }

func (n nop) Reset() string { return fmt.Sprint("reset ", n.n) }

type enc struct{ Resetter }
type inner struct{ Resetter }

func (i *inner) Wrap() *outer { return &outer{i} }

type outer struct{ base *inner }

func newCore(r Resetter) Core { return &inner{r} }
func f(r Resetter) string     { return r.Reset() }
func main() {
	fmt.Println(f(enc{nop{1}}), f(&enc{enc{nop{2}}}))
	fmt.Println(newCore(nop{3}).Wrap().base.Reset(), newCore(nil).Wrap().base.Resetter == nil)
}
