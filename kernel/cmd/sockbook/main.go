// Command sockbook is a Jupyter kernel for learning UNIX network programming.
//
// main only picks the subcommand; each subcommand has a file of its own, which
// turns flags into calls of the packages that do the work.
package main

import (
	"os"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}
