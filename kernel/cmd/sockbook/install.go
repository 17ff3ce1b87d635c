package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sockbook/kernel/hint"
	"sockbook/kernel/kernelspec"
)

// placeFlags are the options by which install and uninstall say where, named
// as in "jupyter kernelspec install".
type placeFlags struct {
	user, sysPrefix bool
	prefix          string
	name            string
}

func (f *placeFlags) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.user, "user", false, "in your own Jupyter data folder (the default)")
	cmd.Flags().BoolVar(&f.sysPrefix, "sys-prefix", false, "in the active Python environment (venv or conda)")
	cmd.Flags().StringVar(&f.prefix, "prefix", "", "below this `FOLDER`, /usr/local for example")
	cmd.Flags().StringVar(&f.name, "name", kernelspec.DefaultName, "the kernel's name for Jupyter")
	if err := cmd.MarkFlagDirname("prefix"); err != nil {
		panic(err) // the flag is defined above
	}
}

func (f *placeFlags) place(cmd *cobra.Command) (kernelspec.Place, error) {
	// Jupyter, too, makes names small
	f.name = strings.ToLower(f.name)
	prefix := cmd.Flags().Changed("prefix")
	switch {
	case f.user && f.sysPrefix, f.user && prefix, f.sysPrefix && prefix:
		return kernelspec.Place{}, hint.Add(errors.New("there can be only one place"), "choose one of --user, --sys-prefix and --prefix.")
	case f.sysPrefix:
		return kernelspec.SysPrefix(cmd.Context())
	case prefix:
		if f.prefix == "" {
			return kernelspec.Place{}, hint.Add(errors.New("--prefix is empty"), "give a folder, /usr/local for example.")
		}
		return kernelspec.Prefix(f.prefix)
	}
	return kernelspec.User()
}

func newInstallCommand() *cobra.Command {
	var where placeFlags
	var displayName string
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Make Sockbook known to Jupyter",
		Long: `Install copies this program to a lasting place and writes a kernelspec that
points there, so that every Jupyter that looks in that place offers Go cells.
"sockbook start" does this by itself.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			place, err := where.place(cmd)
			if err != nil {
				return err
			}
			done, err := place.Install(where.name, displayName)
			if err != nil {
				return fmt.Errorf("install: %w", err)
			}
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "kernel  %s in %s\n", where.name, done.Dir)
			fmt.Fprintf(out, "program %s\n", done.Program)
			return nil
		},
	}
	where.add(cmd)
	cmd.Flags().StringVar(&displayName, "display-name", kernelspec.DefaultDisplayName, "the kernel's name for people")
	return cmd
}
