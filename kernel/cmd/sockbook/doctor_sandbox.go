package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"sockbook/runtime/sandbox"
)

// aboutSandbox tells how cells are confined here, by starting what they run in.
func aboutSandbox(context.Context) []finding {
	found, err := probeSandbox()
	if err != nil {
		return []finding{{about: "sandbox", text: fmt.Sprintf("it cannot be tried: %v", err), bad: true}}
	}
	var all []finding
	works := false
	for _, f := range found {
		one := finding{about: "sandbox", text: f.Means}
		switch {
		case !f.Works:
			one.text = fmt.Sprintf("mode %q is not possible: %s", f.Mode, f.Why)
			one.hint = f.Hint
		case works:
			continue // a stronger mode is what is used
		default:
			works = true
			one.text += fmt.Sprintf(" (Landlock %d)", f.Landlock)
			if len(f.Lacks) > 0 {
				one.text += "\nbut: " + strings.Join(f.Lacks, "\nbut: ")
			}
		}
		all = append(all, one)
	}
	if !works {
		all[len(all)-1].bad = true
	}
	return all
}

// probeSandbox starts workers that have nothing to do.
func probeSandbox() ([]sandbox.Finding, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	unix.Close(pair[0]) // so that a worker finds its work done
	frames := os.NewFile(uintptr(pair[1]), "frames")
	defer frames.Close()
	return sandbox.Probe(sandbox.Command{Argv: []string{self, "worker"}, Env: []string{}, Files: []*os.File{null, null, null, frames}}), nil
}
