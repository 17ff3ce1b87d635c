// Receivers without names (yaegi #186, #1063).
package main

import (
	"fmt"
)

type Hello struct{ n int }

func (*Hello) Hi() string                              { return "hi" }
func (Hello) Ho(_ int, _ string) (_ string, err error) { return "ho", nil }

type Error interface {
	error
	Message() string
}
type E struct{ m string }

func (e *E) Error() string   { return e.m }
func (e *E) Message() string { return "message:" + e.m }
func newE() Error            { return &E{"t"} }
func main() {
	var h *Hello
	fmt.Println(h.Hi(), &Hello{2})
	fmt.Println(Hello{}.Ho(1, ""))
	e := newE()
	fmt.Println(e.Error(), e.Message(), error(e))
}
