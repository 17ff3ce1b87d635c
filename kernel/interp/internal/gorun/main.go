// Command gorun runs one Go program as a cell, for measuring.
//
//	gorun [-S] FILE.go
//	gorun -cells FILE
//
// With -cells the file is a session of cells, separated by lines that are
// "//// cell"; a cell that fails says so on stdout, and the others go on.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"sockbook/kernel/interp"
)

func main() {
	args := os.Args[1:]
	if len(args) == 2 && args[0] == "-cells" {
		if err := session(args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
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

// session runs the cells of a file.
func session(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	m := interp.New(interp.Options{})
	for i, c := range strings.Split(string(text), "\n//// cell\n") {
		_, err := m.Run(fmt.Sprintf("cell%d", i+1), c)
		var p *interp.Panic
		switch {
		case errors.As(err, &p):
			fmt.Println("panic:", p.Text)
		case err != nil:
			fmt.Println(err)
		}
	}
	return nil
}
