package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sockbook/kernel/hint"
)

// newRoot makes the command line: every subcommand and its flags. Making it
// reads no file and asks the system nothing, so that every command starts fast.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "sockbook",
		Short: "Go cells in Jupyter, for learning UNIX network programming",
		Long: `Sockbook is a Jupyter kernel in which people learn UNIX network programming
by doing it: cells hold ordinary Go, run at once and keep their state.

Begin with "sockbook start": it sets up what is missing and opens the lessons.`,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,

		SuggestionsMinimumDistance: 2, // which cobra sets itself only where it makes the suggestions
		CompletionOptions:          cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return hint.Add(err, strconv.Quote(cmd.CommandPath()+" --help")+" lists the options.")
	})
	root.AddCommand(
		newStartCommand(),
		newInstallCommand(),
		newUninstallCommand(),
		newKernelCommand(),
		newWorkerCommand(),
		newNetnsCommand(),
		newProgramCommand(),
		newRunCommand(),
		newLessonsCommand(),
		newExportCommand(),
		newFmtCommand(),
		newDoctorCommand(),
		newDeployCommand(),
		newVersionCommand(),
		newCompletionCommand(),
	)
	return root
}

// run carries out one command line and returns the exit status: 0 when all
// went well, 1 for an error, or the status an error asks for (see statusError).
// An error is written to stderr with its hint.
func run(args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	var status statusError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintf(stderr, "sockbook: %v\n", err)
	if hint := hint.Of(err); hint != "" {
		fmt.Fprintf(stderr, "hint: %s\n", hint)
	}
	return 1
}

func unknownCommand(root *cobra.Command, name string) error {
	err := fmt.Errorf("there is no command %q", name)
	if near := root.SuggestionsFor(name); len(near) > 0 {
		return hint.Add(err, `did you mean "sockbook `+strings.Join(near, `" or "sockbook `)+`"?`)
	}
	return hint.Add(err, `"sockbook --help" lists the commands.`)
}
