// Command gen writes the documentation that package docs embeds, to the
// directory it is run in. It needs the go command and GOROOT's sources.
package main

import (
	"log"
	"os"

	"sockbook/kernel/complete/docs/internal/extract"
)

func main() {
	log.SetFlags(0)
	data, err := extract.Zip()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(extract.File, data, 0o644); err != nil {
		log.Fatal(err)
	}
}
