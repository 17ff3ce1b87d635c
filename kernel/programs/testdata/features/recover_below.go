// recover in a function that a deferred function calls, through values and
// wrappers of methods, recovers nothing; in the method itself it does.
package main

import "fmt"

func below() string {
	if r := recover(); r != nil {
		return fmt.Sprint("below recovered ", r)
	}
	return "below: nothing"
}

type T int

func (*T) Calls()       { fmt.Println(below()) }
func (T) Recovers()     { fmt.Println("T recovered", recover()) }
func (t T) CallsIt()    { t.Recovers() }
func (*T) Finishes()    { finishes() }
func (*T) Arg(s string) { fmt.Println("arg", s, below()) }

func finishes() {
	defer func() { fmt.Println("finishes:", recover()) }()
}

type S struct{ *T }

type I interface {
	Calls()
	Recovers()
	CallsIt()
	Finishes()
}

func two() (string, error) { return "two", nil }

func handler(s string, err error) { fmt.Println("handler", s, err, recover()) }

func try(name string, f func()) {
	defer func() { fmt.Println(name, "outside:", recover()) }()
	f()
	fmt.Println(name, "returned")
}

func main() {
	s := S{new(T)}
	var i I = s
	calls, pointerCalls, finish := S.Calls, (*S).Calls, S.Finishes
	recovers, callsIt := S.Recovers, S.CallsIt
	value, arg := s.Calls, s.Arg
	plain := func() { fmt.Println(below()) }
	try("method expression", func() { defer calls(s); panic(1) })
	try("pointer method expression", func() { defer pointerCalls(&s); panic(2) })
	try("method value", func() { defer value(); panic(3) })
	try("method value with an argument", func() { defer arg("a"); panic(4) })
	try("interface", func() { defer i.Calls(); panic(5) })
	try("func value", func() { defer plain(); panic(6) })
	try("static", func() { defer s.Calls(); panic(7) })
	try("wrapper of one that recovers", func() { defer recovers(s); panic(8) })
	try("interface of one that recovers", func() { defer i.Recovers(); panic(9) })
	try("a method that calls one", func() { defer callsIt(s); panic(10) })
	try("interface, a method that calls one", func() { defer i.CallsIt(); panic(11) })
	try("finishes inside", func() { defer finish(s); panic(12) })
	try("interface, finishes inside", func() { defer i.Finishes(); panic(13) })
	try("with the results of a call", func() { defer handler(two()); panic(14) })
	fmt.Println(below())
}
