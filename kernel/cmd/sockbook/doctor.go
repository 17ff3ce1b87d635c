package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"sockbook/kernel/doctor"
	"sockbook/kernel/hint"
	"sockbook/kernel/jupyterenv"
	"sockbook/kernel/kernelspec"
	"sockbook/kernel/stage"
	"sockbook/runtime/sandbox/profile"
)

func newDoctorCommand() *cobra.Command {
	var asJSON bool
	var wanted string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Tell what works in this place and what would help",
		Long: `Doctor looks at how Sockbook is set up, runs cells, builds a network of two
hosts, and says which lessons lose what here and the one option that gives it
back. It changes nothing. Its exit status is 0 if all of it works, else 1.

For containers it writes the seccomp profile in which a network can be built:
Docker's own and the few system calls that are missing in it.`,
		Example: `  sockbook doctor
  sockbook doctor --json
  sockbook doctor --seccomp-profile > sockbook.json
  docker run --security-opt seccomp=sockbook.json --security-opt systempaths=unconfined …`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if wanted != "" {
				return writeProfile(cmd.OutOrStdout(), wanted)
			}
			h, err := examine(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				text, err := json.MarshalIndent(h, "", "  ")
				if err != nil {
					return fmt.Errorf("write the report: %w", err)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s\n", text)
			} else {
				h.print(cmd.OutOrStdout())
			}
			if !h.Healthy {
				return statusError(1)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was found as JSON")
	cmd.Flags().StringVar(&wanted, "seccomp-profile", "", "write the seccomp profile of a container in which all works, for `WHAT`: docker (also podman) or kubernetes")
	cmd.Flags().Lookup("seccomp-profile").NoOptDefVal = "docker"
	return cmd
}

func writeProfile(w io.Writer, wanted string) error {
	made := map[string]func() ([]byte, error){"docker": profile.Docker, "podman": profile.Docker, "kubernetes": profile.Kubernetes}[wanted]
	if made == nil {
		return hint.Add(fmt.Errorf("there is no seccomp profile for %q", wanted), "use --seccomp-profile=docker or --seccomp-profile=kubernetes.")
	}
	text, err := made()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// health is all that doctor says. It is what --json prints.
type health struct {
	Healthy bool `json:"healthy"` // nothing is missing
	*doctor.Report
	Setup []finding `json:"setup"`
}

// examine looks at the place and at how Sockbook is set up in it.
func examine(ctx context.Context) (*health, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	h := &health{Report: doctor.Examine(ctx, doctor.Config{
		Program: self, Lessons: doctor.LessonsOf(embedded()),
		Cells: func(noLab bool) doctor.Cells {
			return newNotebookCells(stage.Config{Program: self, Env: workerEnv(), NoLab: noLab}, os.TempDir())
		},
	})}
	h.Healthy = h.Full
	for _, look := range []func(context.Context) []finding{aboutProgram, aboutKernel, aboutLab} {
		for _, f := range look(ctx) {
			h.Setup = append(h.Setup, f)
			h.Healthy = h.Healthy && !f.Bad
		}
	}
	return h, nil
}

// print prints it as a table of one screen.
func (h *health) print(w io.Writer) {
	for _, f := range h.Setup {
		f.print(w)
	}
	where := h.System
	if h.Container != "" {
		where += ", in a container (" + h.Container + ")"
	}
	finding{About: "place", Text: fmt.Sprintf("%s, as user %d", where, h.User)}.print(w)
	for _, a := range h.Abilities {
		f := finding{About: string(a.Name), Text: a.About, Hint: a.Give, Bad: !a.Works}
		if a.Why != "" {
			f.Text += "\nbut: " + a.Why
		}
		for _, n := range a.Notes {
			f.Text += "\nbut: " + n
		}
		f.print(w)
	}
	for _, f := range aboutLessons(h.Lessons) {
		f.print(w)
	}
}

// aboutLessons puts those together that lose the same.
func aboutLessons(all []doctor.Lesson) []finding {
	var losses []string
	of := map[string][]string{}
	for _, l := range all {
		if of[l.Loses] == nil {
			losses = append(losses, l.Loses)
		}
		of[l.Loses] = append(of[l.Loses], l.Name)
	}
	var found []finding
	for _, loss := range losses {
		f := finding{About: "lessons", Bad: loss != "", Text: fmt.Sprintf("%d of %d lose %s", len(of[loss]), len(all), loss)}
		if loss == "" {
			f.Text = fmt.Sprintf("%d of %d work whole", len(of[loss]), len(all))
		}
		if len(of[loss]) < len(all) {
			f.Text += "\n" + strings.Join(of[loss], " ")
		}
		found = append(found, f)
	}
	return found
}

// finding is one thing that doctor has to say.
type finding struct {
	About string `json:"about"`
	Text  string `json:"text"`
	Hint  string `json:"hint,omitempty"` // what to do, if anything
	Bad   bool   `json:"bad,omitempty"`  // it keeps Sockbook, or a part of it, from working
}

func (f finding) print(w io.Writer) {
	mark := "ok"
	if f.Bad {
		mark = "NO"
	} else if f.Hint != "" {
		mark = "--"
	}
	fmt.Fprintf(w, "%s  %-10s %s\n", mark, f.About, strings.ReplaceAll(f.Text, "\n", "\n               "))
	if f.Hint != "" {
		fmt.Fprintf(w, "    hint:      %s\n", f.Hint)
	}
}

func aboutProgram(context.Context) []finding {
	version := "of an unknown version"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = versionOf(info)
	}
	return []finding{{About: "sockbook", Text: fmt.Sprintf("%s, %s %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)}}
}

func aboutKernel(context.Context) []finding {
	found := kernelspec.Find(kernelspec.DefaultName)
	if len(found) == 0 {
		return []finding{{About: "kernel", Text: "Jupyter does not know Sockbook yet", Hint: `"sockbook start" or "sockbook install" makes it known.`}}
	}
	var all []finding
	for i, k := range found {
		f := finding{About: "kernel", Text: fmt.Sprintf("%s starts %s", k.Dir, k.Spec.Program())}
		switch {
		case i > 0:
			f.Text = k.Dir + " is hidden by the kernel above"
			f.Hint = "remove the one you do not want by sockbook uninstall --user, --prefix or --sys-prefix."
		case k.Err != nil:
			f.Text, f.Bad = fmt.Sprintf("%s: %v", k.Dir, k.Err), true
			f.Hint = `"sockbook install" writes it again.`
		case !k.Spec.Ours():
			f.Text, f.Bad = fmt.Sprintf("%s is another kernel, %q", k.Dir, k.Spec.DisplayName), true
			f.Hint = "remove it, or install Sockbook by another --name."
		}
		all = append(all, f)
	}
	return all
}

func aboutLab(ctx context.Context) []finding {
	lab, err := jupyterenv.OnPath(ctx, "")
	if err == nil {
		return []finding{{About: "JupyterLab", Text: fmt.Sprintf("%s, %s", lab.Version, lab.Path)}}
	}
	var all []finding
	if !errors.Is(err, jupyterenv.ErrNoLab) {
		all = append(all, finding{About: "JupyterLab", Text: err.Error(), Hint: "a private one is used instead."})
	}
	dir, err := jupyterenv.Dir()
	if err != nil {
		return append(all, finding{About: "JupyterLab", Text: err.Error(), Hint: hint.Of(err), Bad: true})
	}
	if _, made := jupyterenv.Find(dir); made {
		return append(all, finding{About: "JupyterLab", Text: "the private one, " + dir})
	}
	all = append(all, finding{About: "JupyterLab", Text: "none on PATH", Hint: `"sockbook start" makes a private one, which needs the network once.`})
	python, err := jupyterenv.FindPython(ctx)
	if err != nil {
		return append(all, finding{About: "python3", Text: err.Error(), Hint: hint.Of(err), Bad: true})
	}
	return append(all, finding{About: "python3", Text: fmt.Sprintf("%s, %s", python.Version, python.Path)})
}
