package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sockbook/kernel/deploy"
	"sockbook/kernel/handout"
)

func newDeployCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "deploy DIR",
		Short: "Write what a teacher needs to offer Sockbook to a course",
		Long: `Deploy writes to DIR a compose file for one machine, JupyterHub's configuration
for a server with Docker, values for a cluster with Kubernetes, and the seccomp
profiles that these name. Each file says at its head how it is used. Nothing is
started, and no file that is there is changed.`,
		Example: `  sockbook deploy course
  docker run --rm --user 0 -v "$PWD":/out sockbook sockbook deploy /out/course`,
		Args: someArgs(1, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := deploy.Files()
			if err != nil {
				return err
			}
			names, err := handout.Put(args[0], files, false)
			for _, name := range names {
				fmt.Fprintln(cmd.OutOrStdout(), name)
			}
			return err
		},
	}
}
