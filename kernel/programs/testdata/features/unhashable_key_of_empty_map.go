// Reading an empty map by a key that has no hash panics with other words than writing.
package main

import "fmt"

func main() {
	defer func() { fmt.Println(recover()) }()
	m := map[any]int{}
	fmt.Println(m[[]int{}])
}
