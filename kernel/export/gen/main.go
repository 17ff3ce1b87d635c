// Command gen writes the sources that package export embeds, to the directory
// it is run in.
package main

import (
	"log"
	"os"

	"sockbook/kernel/export/internal/pack"
)

func main() {
	log.SetFlags(0)
	data, err := pack.Zip("../..")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(pack.File, data, 0o644); err != nil {
		log.Fatal(err)
	}
}
