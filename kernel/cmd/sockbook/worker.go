package main

import (
	"github.com/spf13/cobra"

	"sockbook/kernel/evaluator"
	"sockbook/kernel/hint"
	"sockbook/kernel/worker"
)

// newWorkerCommand makes the command that a kernel starts for each Go process.
func newWorkerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "worker",
		Short:  "Run cells for a kernel, which starts this by itself",
		Args:   cobra.NoArgs,
		Hidden: true,
		RunE: func(*cobra.Command, []string) error {
			err := worker.Main(func() worker.Evaluator { return evaluator.New() })
			return hint.Add(err, `to run a program, use "sockbook run FILE.go".`)
		},
	}
}
