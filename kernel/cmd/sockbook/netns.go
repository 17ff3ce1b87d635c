package main

import (
	"github.com/spf13/cobra"

	"sockbook/kernel/hint"
	"sockbook/runtime/lab"
)

// newNetnsCommand makes the command that a kernel starts for its lab.
func newNetnsCommand() *cobra.Command {
	return &cobra.Command{
		Use:    lab.Argument,
		Short:  "Be the network of a kernel's hosts; the kernel starts this by itself",
		Args:   cobra.NoArgs,
		Hidden: true,
		RunE: func(*cobra.Command, []string) error {
			return hint.Add(lab.Main(), "a kernel starts this by itself; it is nothing to start by hand.")
		},
	}
}
