// Os.Exit with a status.
package main

import (
	"fmt"
	"os"
)

func main() {
	defer fmt.Println("no")
	fmt.Println("out")
	fmt.Fprintln(os.Stderr, "err")
	func() { defer func() { recover() }(); os.Exit(7) }()
}
