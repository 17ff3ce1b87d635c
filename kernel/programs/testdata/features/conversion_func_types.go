// Conversion between named function types and methods on them.
package main

import (
	"fmt"
	"strings"
)

type Handler func(string) string

func (h Handler) Serve(s string) string { return "[" + h(s) + "]" }

type Server interface{ Serve(string) string }
type Middleware func(Server) Server

func chain(s Server, ms ...Middleware) Server {
	for _, m := range ms {
		s = m(s)
	}
	return s
}
func up(s string) string { return strings.ToUpper(s) }
func main() {
	var s Server = Handler(up)
	fmt.Println(s.Serve("x"), Handler(strings.TrimSpace).Serve(" y "))
	loud := func(n Server) Server { return Handler(func(s string) string { return n.Serve(s) + "!" }) }
	fmt.Println(chain(s, loud, loud).Serve("z"))
	f := (func(string) string)(Handler(up))
	g := Handler.Serve
	h := s.Serve
	fmt.Printf("%s %s %s %T\n", f("a"), g(up, "b"), h("c"), s)
	_, ok := s.(Handler)
	fmt.Println(ok, Handler(nil) == nil)
}
