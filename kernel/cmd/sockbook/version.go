package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print Sockbook's and Go's version",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			info, ok := debug.ReadBuildInfo()
			if !ok {
				info = &debug.BuildInfo{}
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "sockbook %s\n%s %s/%s\n",
				versionOf(info), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// stamp is the version of a program that is built where the Go command cannot
// see it, as in an image: go build -ldflags "-X main.stamp=VERSION".
var stamp string

// version is this program's version in one word.
func version() string {
	if stamp != "" {
		return stamp
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// versionOf names what was built: the module's version, and the commit it was
// built from where the Go command recorded one.
func versionOf(info *debug.BuildInfo) string {
	if stamp != "" {
		return stamp
	}
	version := info.Main.Version
	if version == "" || version == "(devel)" {
		version = "of an unknown version"
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	if rev := set["vcs.revision"]; rev != "" {
		version += " (commit " + rev
		if set["vcs.time"] != "" {
			version += ", " + set["vcs.time"]
		}
		if set["vcs.modified"] == "true" {
			version += ", with changes not committed"
		}
		version += ")"
	}
	return version
}
