package main

import (
	"fmt"
	"os"
)

func main() { defer fmt.Println("never"); fmt.Println("bye"); os.Exit(3) }
