package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sockbook/kernel/hint"
)

// statusError ends the program with this exit status and no words: what there
// was to say has been said.
type statusError int

func (s statusError) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// noArgs and someArgs are cobra's argument checks with a hint.
func noArgs(cmd *cobra.Command, args []string) error { return someArgs(0, 0)(cmd, args) }

// someArgs takes from least to most arguments; a most below 0 is no limit.
func someArgs(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch n := len(args); {
		case n < least:
			return hint.Add(fmt.Errorf("%s needs an argument", cmd.CommandPath()), "usage: "+cmd.UseLine())
		case most >= 0 && n > most:
			return hint.Add(fmt.Errorf("%s does not take the argument %q", cmd.CommandPath(), args[most]), "usage: "+cmd.UseLine())
		}
		return nil
	}
}
