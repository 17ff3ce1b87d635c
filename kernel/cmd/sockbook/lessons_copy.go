package main

import (
	"github.com/spf13/cobra"
)

func newLessonsCopyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "copy [DIR]",
		Short: "Copy the lessons to a folder, never over a change",
		Long: `Copy brings the lessons to DIR (~/sockbook). It may be run again after an
update: lessons that were not changed come in their new version; of those that
were, the new version is put beside them.`,
		Example: "  sockbook lessons copy ~/course",
		Args:    someArgs(0, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			s := starter{stderr: cmd.ErrOrStderr()}
			if len(args) == 1 {
				s.dir = args[0]
			}
			_, err := s.lessons()
			return err
		},
	}
}
