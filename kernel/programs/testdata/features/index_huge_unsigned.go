// An unsigned index that no int holds.
package main

import "fmt"

func main() {
	a := []int{1}
	big := uint64(1 << 63)
	fmt.Println(len(a))
	fmt.Println(a[big])
}
