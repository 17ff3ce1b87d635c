// Range over what a call returns (yaegi #667).
package main

import (
	"fmt"
)

func ch() <-chan string { c := make(chan string, 2); c <- "a"; c <- "b"; close(c); return c }
func arr() *[3]int      { fmt.Print("once "); return &[3]int{1, 2, 3} }
func main() {
	for s := range ch() {
		fmt.Print(s, " ")
	}
	for range ch() {
		fmt.Print("x ")
	}
	for i := range arr() {
		fmt.Print(i)
	}
	for _, v := range *arr() {
		fmt.Print(v)
	}
	for i, m := range []map[string]int{{"a": 1}} {
		for k, v := range m {
			fmt.Println(i, k, v)
		}
	}
}
