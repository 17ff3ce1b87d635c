package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"sockbook/kernel/jupyterenv"
)

func newUninstallCommand() *cobra.Command {
	var where placeFlags
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Take away what install made",
		Long: `Uninstall removes the kernelspec and the program that install or start put
beside it. Your notebooks stay, and so does the private JupyterLab; both are
named, for you to remove.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			place, err := where.place(cmd)
			if err != nil {
				return err
			}
			done, err := place.Uninstall(where.name)
			out := cmd.OutOrStdout()
			for _, path := range done.Gone {
				fmt.Fprintf(out, "removed %s\n", path)
			}
			for _, path := range done.Left {
				fmt.Fprintf(out, "left    %s, which holds files that are not Sockbook's\n", path)
			}
			if err != nil {
				return fmt.Errorf("uninstall: %w", err)
			}
			if dir, err := jupyterenv.CacheDir(); err == nil && exists(dir) {
				fmt.Fprintf(out, "left    %s, the private JupyterLab; it can be made again\n", dir)
			}
			if dir, err := defaultLessonsDir(); err == nil && exists(dir) {
				fmt.Fprintf(out, "left    %s, the lessons with your work\n", dir)
			}
			return nil
		},
	}
	where.add(cmd)
	return cmd
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
