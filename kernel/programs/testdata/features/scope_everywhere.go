// Scopes: if chains, switch clauses, functions, labels and variables of one name, type in its own.
package main

import "fmt"

type x struct{ x *x }

func (x x) depth() int {
	n := 0
	for p := x.x; p != nil; p = p.x {
		n++
	}
	return n
}

var n = 100

func shadow(n int) (r int) {
	{
		n := n + 1
		r += n
		{
			n := n * 2
			r += n
		}
	}
	r += n
	return
}

func param(len int, string []int) int { return len + string[0] }

func main() {
	x := x{&x{&x{}}}
	fmt.Println(x.depth(), shadow(5), param(1, []int{2}))
	if n := n + 1; n < 0 {
		fmt.Println("no")
	} else if m := n * 2; m < 0 {
		fmt.Println("no", m)
	} else if n := "text"; m > 0 {
		fmt.Println(n, m)
	} else {
		fmt.Println(n)
	}
	switch n := any(n); n := n.(type) {
	case int:
		n++
		fmt.Println("int", n)
	}
	for n := 0; n < 2; n++ {
		n := n * 10
		fmt.Println(n)
	}
	true := false
	nil := 3
	print := func(a ...any) { fmt.Println(append([]any{"own"}, a...)...) }
	print(true, nil)
	type int string
	var s int = "named"
	fmt.Printf("%T %v\n", s, s)
	f := func() any {
		type local struct{ n int }
		return local{"in"}
	}
	type local struct{ n float64 }
	_, ok := f().(local)
	fmt.Printf("%v %v %T\n", ok, f(), f())
loop:
	for loop := range 3 {
		if loop == 1 {
			break loop
		}
		fmt.Println("loop", loop)
	}
	fmt := "hidden"
	println := func(string) {}
	println(fmt)
	_ = n
}
