// Log.Fatal ends with status 1.
package main

import (
	"fmt"
	"io"
	"log"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("p: ")
	defer fmt.Println("no")
	log.Fatalf("cannot %s: %v", "go on", io.EOF)
}
