package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"sockbook/kernel/jupyterenv"
	"sockbook/kernel/kernelspec"
)

func newDoctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Tell what works in this place and what would help",
		Long: `Doctor looks at what Sockbook needs and changes nothing. Its exit status is 1
if something is missing that "sockbook start" would not bring by itself.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			sick := false
			for _, look := range []func(context.Context) []finding{aboutProgram, aboutKernel, aboutLab, aboutSandbox} {
				for _, f := range look(cmd.Context()) {
					f.print(cmd.OutOrStdout())
					sick = sick || f.bad
				}
			}
			if sick {
				return statusError(1)
			}
			return nil
		},
	}
}

// finding is one thing that doctor has to say.
type finding struct {
	about string
	text  string
	hint  string // what to do, if anything
	bad   bool   // it keeps Sockbook from working
}

func (f finding) print(w io.Writer) {
	mark := "ok"
	if f.bad {
		mark = "NO"
	} else if f.hint != "" {
		mark = "--"
	}
	fmt.Fprintf(w, "%s  %-10s %s\n", mark, f.about, strings.ReplaceAll(f.text, "\n", "\n               "))
	if f.hint != "" {
		fmt.Fprintf(w, "    hint:      %s\n", f.hint)
	}
}

func aboutProgram(context.Context) []finding {
	version := "of an unknown version"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = versionOf(info)
	}
	return []finding{{about: "sockbook", text: fmt.Sprintf("%s, %s %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)}}
}

func aboutKernel(context.Context) []finding {
	found := kernelspec.Find(kernelspec.DefaultName)
	if len(found) == 0 {
		return []finding{{about: "kernel", text: "Jupyter does not know Sockbook yet", hint: `"sockbook start" or "sockbook install" makes it known.`}}
	}
	var all []finding
	for i, k := range found {
		f := finding{about: "kernel", text: fmt.Sprintf("%s starts %s", k.Dir, k.Spec.Program())}
		switch {
		case i > 0:
			f.text = k.Dir + " is hidden by the kernel above"
			f.hint = "remove the one you do not want by sockbook uninstall --user, --prefix or --sys-prefix."
		case k.Err != nil:
			f.text, f.bad = fmt.Sprintf("%s: %v", k.Dir, k.Err), true
			f.hint = `"sockbook install" writes it again.`
		case !k.Spec.Ours():
			f.text, f.bad = fmt.Sprintf("%s is another kernel, %q", k.Dir, k.Spec.DisplayName), true
			f.hint = "remove it, or install Sockbook by another --name."
		}
		all = append(all, f)
	}
	return all
}

func aboutLab(ctx context.Context) []finding {
	lab, err := jupyterenv.OnPath(ctx, "")
	if err == nil {
		return []finding{{about: "JupyterLab", text: fmt.Sprintf("%s, %s", lab.Version, lab.Path)}}
	}
	var all []finding
	if !errors.Is(err, jupyterenv.ErrNoLab) {
		all = append(all, finding{about: "JupyterLab", text: err.Error(), hint: "a private one is used instead."})
	}
	dir, err := jupyterenv.Dir()
	if err != nil {
		return append(all, finding{about: "JupyterLab", text: err.Error(), hint: hintOf(err), bad: true})
	}
	if _, made := jupyterenv.Find(dir); made {
		return append(all, finding{about: "JupyterLab", text: "the private one, " + dir})
	}
	all = append(all, finding{about: "JupyterLab", text: "none on PATH", hint: `"sockbook start" makes a private one, which needs the network once.`})
	python, err := jupyterenv.FindPython(ctx)
	if err != nil {
		return append(all, finding{about: "python3", text: err.Error(), hint: hintOf(err), bad: true})
	}
	return append(all, finding{about: "python3", text: fmt.Sprintf("%s, %s", python.Version, python.Path)})
}
