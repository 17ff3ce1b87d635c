// A panic in a deferred function replaces the other.
package main

import (
	"fmt"
)

func main() { defer fmt.Println("last"); defer func() { panic("second") }(); panic("first") }
