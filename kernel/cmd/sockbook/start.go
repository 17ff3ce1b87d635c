package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"sockbook/kernel/handout"
	"sockbook/kernel/hint"
	"sockbook/kernel/jupyterenv"
	"sockbook/kernel/kernelspec"
	"sockbook/lessons"
)

func newStartCommand() *cobra.Command {
	var dir string
	var port int
	var noBrowser bool
	cmd := &cobra.Command{
		Use:   "start [DIR] [-- OPTIONS OF JUPYTER LAB]",
		Short: "Set up what is missing and open the lessons in JupyterLab",
		Long: `Start installs the kernel for you, copies the lessons to DIR (~/sockbook) and
opens JupyterLab there. It uses the JupyterLab on PATH; where there is none it
makes a private one, which needs python3 and the network once.

A lesson that you changed is never overwritten: where it has a new version,
that is put beside it. What stands behind -- goes to jupyter lab.`,
		Example: `  sockbook start
  sockbook start ~/course --no-browser --port 8889
  sockbook start -- --collaborative`,
		Args: func(cmd *cobra.Command, args []string) error {
			if n := cmd.ArgsLenAtDash(); n >= 0 {
				args = args[:n]
			}
			return someArgs(0, 1)(cmd, args)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var own []string
			if n := cmd.ArgsLenAtDash(); n >= 0 {
				args, own = args[:n], args[n:]
			}
			if len(args) == 1 && dir != "" {
				return hint.Add(errors.New("the folder is given twice"), "give it as DIR or by --dir.")
			}
			if len(args) == 1 {
				dir = args[0]
			}
			if port < 0 || port > 65535 {
				return hint.Add(fmt.Errorf("%d is no port", port), "a port is a number from 1 to 65535; 1024 and above need no privilege.")
			}
			s := starter{stderr: cmd.ErrOrStderr(), dir: dir, options: own}
			if port > 0 {
				s.options = append([]string{fmt.Sprintf("--ServerApp.port=%d", port)}, s.options...)
			}
			if noBrowser {
				s.options = append([]string{"--no-browser"}, s.options...)
			}
			return s.start(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "the `FOLDER` for the lessons, the same as DIR")
	cmd.Flags().IntVar(&port, "port", 0, "the port `N` of JupyterLab (default 8888, or the next that is free)")
	cmd.Flags().BoolVar(&noBrowser, "no-browser", false, "open no browser; JupyterLab prints its address")
	if err := cmd.MarkFlagDirname("dir"); err != nil {
		panic(err) // the flag is defined above
	}
	return cmd
}

// starter sets up and becomes JupyterLab.
type starter struct {
	stderr  io.Writer
	dir     string   // for the lessons
	options []string // for jupyter lab
}

// start ends only with an error: on success this process is JupyterLab, so
// that signals and the exit status need nobody to pass them on.
func (s *starter) start(ctx context.Context) error {
	first, err := s.lessons()
	if err != nil {
		return err
	}
	if err := s.kernel(); err != nil {
		return err
	}
	program, env, err := s.lab(ctx)
	if err != nil {
		return err
	}
	args := []string{program, "--ServerApp.root_dir=" + s.dir, "--MultiKernelManager.default_kernel_name=" + kernelspec.DefaultName}
	if first {
		args = append(args, "--LabApp.default_url=/lab/tree/"+lessons.First)
	}
	if os.Geteuid() == 0 && !slices.Contains(s.options, "--allow-root") {
		s.say("you are root, so JupyterLab is started with --allow-root; it is safer as another user")
		args = append(args, "--allow-root")
	}
	s.say("starting JupyterLab in %s; stop it by Ctrl-C", s.dir)
	if err := os.Chdir(s.dir); err != nil {
		return fmt.Errorf("go to the lessons: %w", err)
	}
	if err := syscall.Exec(program, append(args, s.options...), env); err != nil {
		return fmt.Errorf("start %s: %w", program, err)
	}
	return nil
}

func (s *starter) say(format string, args ...any) {
	fmt.Fprintf(s.stderr, "sockbook: "+format+"\n", args...)
}

// lessons hands out the lessons and tells whether the first one is new.
func (s *starter) lessons() (first bool, err error) {
	if s.dir == "" {
		if s.dir, err = defaultLessonsDir(); err != nil {
			return false, err
		}
	}
	if s.dir, err = filepath.Abs(s.dir); err != nil {
		return false, fmt.Errorf("find the current folder: %w", err)
	}
	report, err := handout.Give(lessons.Handout(), s.dir)
	if err != nil {
		return false, hint.Add(fmt.Errorf("copy the lessons to %s: %w", s.dir, err),
			"name another folder: sockbook start DIR")
	}
	if n := len(report.New); n > 0 {
		s.say("new lessons in %s: %d files", s.dir, n)
	}
	if n := len(report.Updated); n > 0 {
		s.say("lessons that you have not changed, brought to their new version: %d files", n)
	}
	for name, other := range report.Beside {
		s.say("%s has a new version; yours was kept, the new one is %s", name, other)
	}
	return slices.Contains(report.New, lessons.First), nil
}

// kernel installs the kernel for the user.
func (s *starter) kernel() error {
	place, err := kernelspec.User()
	if err != nil {
		return err
	}
	done, err := place.Install(kernelspec.DefaultName, kernelspec.DefaultDisplayName)
	if err != nil {
		return fmt.Errorf("install the kernel: %w", err)
	}
	if done.Copied {
		s.say("the kernel is installed: %s", done.Program)
	}
	return nil
}

// lab finds JupyterLab or makes a private one. It returns the program and its environment.
func (s *starter) lab(ctx context.Context) (program string, env []string, err error) {
	cache, err := jupyterenv.CacheDir()
	if err != nil {
		return "", nil, err
	}
	found, err := jupyterenv.OnPath(ctx, cache)
	if err == nil {
		return found.Path, os.Environ(), nil
	}
	if !errors.Is(err, jupyterenv.ErrNoLab) {
		s.say("%v", err)
	}
	dir, err := jupyterenv.Dir()
	if err != nil {
		return "", nil, err
	}
	// Ctrl-C here ends the set-up; JupyterLab, later, deals with it itself
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	show := newProgress(s.stderr)
	private, err := jupyterenv.Ensure(ctx, dir, show.step)
	show.end()
	if err != nil {
		return "", nil, fmt.Errorf("set up a private JupyterLab: %w", err)
	}
	return private.Bin("jupyter-lab"), activated(private), nil
}

// activated is this process's environment with the private one's programs
// first, as its own activate script would have it.
func activated(private jupyterenv.Env) []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{"PATH", "VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH"}, name)
	})
	return append(env, "VIRTUAL_ENV="+private.Dir,
		"PATH="+filepath.Dir(private.Bin("jupyter"))+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// defaultLessonsDir is where the lessons go if nothing else is said: ~/sockbook.
func defaultLessonsDir() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", hint.Add(fmt.Errorf("find your home: %w", err), "set HOME, or name a folder for the lessons.")
	}
	return filepath.Join(home, "sockbook"), nil
}
