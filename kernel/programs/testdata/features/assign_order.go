// Order of evaluation in assignments.
package main

import (
	"fmt"
)

func f(s string, v int) int { fmt.Print(s, " "); return v }
func g() (int, string)      { fmt.Print("g "); return 1, "one" }
func main() {
	a := []int{1, 2, 3}
	i := 0
	i, a[i] = 1, 9
	a[f("i", 0)], a[f("j", 1)] = f("x", 5), f("y", 6)
	m := map[int]string{}
	i, m[i] = g()
	fmt.Println(i, a, m)
	p := &a[0]
	a, *p = []int{7, 7}, 8
	fmt.Println(a, *p)
	x, y, z := 1, 2, 3
	x, y, z = z, x, y
	fmt.Println(x, y, z)
	var arr [3]int
	arr[0], arr[1], arr[2] = arr[2]+1, arr[0]+2, arr[1]+3
	fmt.Println(arr)
}
