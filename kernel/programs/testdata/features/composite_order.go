// Elements of literals are evaluated in order, keys before values.
package main

import "fmt"

var log []string

func k(s string) string { log = append(log, "k"+s); return s }
func v(n int) int       { log = append(log, fmt.Sprint("v", n)); return n }

type T struct{ A, B, C int }

func show(what string) { fmt.Println(what, log); log = nil }

func main() {
	s := []int{v(1), v(2), 5: v(3)}
	show(fmt.Sprint(s))
	t := T{C: v(3), A: v(1), B: v(2)}
	show(fmt.Sprint(t))
	m := map[string]int{k("a"): v(1), k("b"): v(2)}
	show(fmt.Sprint(m))
	u := [][]int{{v(1), v(2)}, {v(3)}}
	show(fmt.Sprint(u))
	w := []T{{v(1), v(2), v(3)}, {B: v(4)}}
	show(fmt.Sprint(w))
	p := &[]*T{{A: v(1)}, {A: v(2)}}
	show(fmt.Sprint(len(*p)))
	a, b := v(1)+v(2)*v(3), v(4)
	show(fmt.Sprint(a, b))
	f := func(n ...int) func(...int) int { return func(x ...int) int { return len(n) + len(x) } }
	fmt.Println(f(v(1), v(2))(v(3)))
	show("calls")
	arr := [3]int{}
	i := 0
	i, arr[v(i)] = v(1), v(2)
	show(fmt.Sprint(i, arr))
	if v(0) == 1 && v(1) == 1 || v(2) == 2 && v(3) == 3 {
		show("logic")
	}
	c := make(chan int, 2)
	c <- v(1) + v(2)
	c <- v(3)
	x := []int{<-c, v(9), <-c}
	show(fmt.Sprint(x))
}
