// Command gen writes the export data that package exportdata embeds: one zip
// an architecture, to the directory it is run in. It needs the go command.
package main

import (
	"log"
	"os"

	"sockbook/kernel/cell/exportdata/internal/export"
)

func main() {
	log.SetFlags(0)
	for _, arch := range export.Archs {
		data, err := export.Zip(arch)
		if err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(export.File(arch), data, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
