// Writing into a nil map of a nil map ends the program.
package main

import "fmt"

type reg struct{ by map[string]map[int]string }

func (r *reg) put(k string, n int, v string) { r.by[k][n] = v }

func main() {
	r := &reg{map[string]map[int]string{"a": {}}}
	r.put("a", 1, "x")
	fmt.Println(r.by)
	r.put("b", 1, "x")
}
