// A map that is changed while it is ranged over; values that are no variables.
package main

import "fmt"

func main() {
	m := map[int]int{}
	for i := range 100 {
		m[i] = i
	}
	seen := 0
	for k := range m {
		if k%2 == 0 {
			delete(m, k)
			delete(m, k+1)
		} else {
			delete(m, k-1)
			delete(m, k)
		}
		seen++
	}
	fmt.Println(len(m), seen)
	n := map[int]bool{0: true}
	rounds := 0
	for k := range n {
		if rounds++; rounds > 1000 {
			break
		}
		n[k+1] = true
		delete(n, k)
		if k > 50 {
			break
		}
	}
	fmt.Println(len(n))
	type T struct{ a [2]int }
	ts := map[string]T{"x": {}}
	t := ts["x"]
	t.a[1] = 5
	fmt.Println(ts["x"].a, t.a, ts["none"].a[1])
	ts["x"] = t
	fmt.Println(ts)
	arr := map[string][2]int{"a": {1, 2}}
	fmt.Println(arr["a"][1], arr["b"][0], len(arr["zzz"]))
	counts := map[rune]int{}
	for _, r := range "hello wörld" {
		counts[r]++
	}
	fmt.Println(counts['l'], counts['ö'], counts['z'], len(counts))
	inc := map[string]func() int{}
	total := 0
	for _, k := range []string{"a", "b"} {
		inc[k] = func() int { total++; return total }
	}
	fmt.Println(inc["a"](), inc["b"](), inc["a"](), inc["c"] == nil)
	var nm map[string]int
	delete(nm, "x")
	for range nm {
		fmt.Println("never")
	}
	defer func() { fmt.Println(recover()) }()
	nm["x"]++
}
