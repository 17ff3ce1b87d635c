// Panic with numbers.
package main

import (
	"fmt"
)

func main() { defer func() { panic(fmt.Sprint("again ", recover())) }(); panic(1.5) }
