// Command gorun runs one Go program as a cell, for measuring.
//
//	gorun [-S] FILE.go
package main

import (
	"errors"
	"fmt"
	"os"

	"sockbook/kernel/interp"
)

func main() {
	args := os.Args[1:]
	show := len(args) > 0 && args[0] == "-S"
	if show {
		args = args[1:]
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Args = args
	if show {
		s, err := interp.Lowered(args[0], string(text))
		fmt.Println(s, err)
		return
	}
	status, err := interp.RunProgram(args[0], string(text))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		var f *interp.Fault
		if errors.As(err, &f) && os.Getenv("SOCKBOOK_LOWERED") != "" {
			fmt.Fprintf(os.Stderr, "%s\n%s\n", f.Text, f.Stack)
		}
		os.Exit(1)
	}
	os.Exit(status)
}
