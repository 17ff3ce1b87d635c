package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"sockbook/kernel/atomicfile"
	"sockbook/kernel/batch"
	"sockbook/kernel/gorun"
	"sockbook/kernel/hint"
	"sockbook/kernel/stage"
	"sockbook/kernel/worker"
	"sockbook/runtime/sandbox"
)

func newRunCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "run FILE.go [ARGUMENT...] | run NOTEBOOK.ipynb...",
		Short: "Run a Go program, or notebooks, without a frontend",
		Long: `Run carries out a Go program as "go run" would: what stands behind FILE.go are
its arguments; its input, output, signals and status are its own. A notebook's
cells run in their order; what they print is printed, and the first that fails
ends it with exit status 1.

Both are confined as cells are: a process has an empty /tmp, of this machine's
other files none, a network of its own, and starts no programs. Where the
machine allows no namespaces, it has the machine's loopback, and on it reaches
only what it made itself.`,
		Example: `  sockbook run hello.go
  sockbook run lesson.ipynb -o executed.ipynb`,
		Args: someArgs(1, -1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 && filepath.Ext(args[0]) == ".go" {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return []string{"go", "ipynb"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if filepath.Ext(args[0]) == ".go" {
				if cmd.Flags().Changed("output") {
					return onlyNotebook()
				}
				return runProgram(args[0], args[1:])
			}
			return runNotebooks(cmd, args)
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "write the executed notebook to this `FILE`")
	cmd.Flags().SetInterspersed(false) // options behind FILE.go are the program's
	return cmd
}

func onlyNotebook() error {
	return hint.Add(errors.New("-o is for one notebook"), "usage: sockbook run NOTEBOOK.ipynb -o OUT.ipynb")
}

func runNotebooks(cmd *cobra.Command, args []string) error {
	flags := cmd.Flags()
	flags.SetInterspersed(true)
	if err := cmd.ParseFlags(args); err != nil {
		return cmd.FlagErrorFunc()(cmd, err)
	}
	if help, err := flags.GetBool("help"); help && err == nil {
		return cmd.Help()
	}
	args = flags.Args()
	if flags.Changed("output") && len(args) != 1 {
		return onlyNotebook()
	}
	for _, path := range args {
		if filepath.Ext(path) != ".ipynb" {
			return hint.Add(fmt.Errorf("%s is no file to run", path), "a Go program ends in .go and stands first; a notebook ends in .ipynb.")
		}
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	for _, path := range args {
		if err := runNotebook(ctx, path, flags.Lookup("output").Value.String()); err != nil {
			return err
		}
	}
	return nil
}

// runProgram ends as "go run" does: a program that failed is status 1, and its
// own status is said on stderr.
func runProgram(path string, args []string) error {
	text, err := readSource(path)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	end, err := gorun.Program{
		Command: []string{self, programArgument}, Env: os.Environ(), Name: path, Text: string(text), Args: args,
		Memory: worker.DefaultMemory, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}.Run(colorful())
	var refused *gorun.Refused
	switch {
	case errors.As(err, &refused):
		fmt.Fprintln(os.Stderr, strings.TrimSuffix(refused.Text, "\n"))
		return statusError(1)
	case err != nil:
		return hint.Add(fmt.Errorf("%s: %w", path, err), `"sockbook doctor" says how programs are confined here.`)
	}
	for _, line := range sandbox.Explain(end.Refusals) {
		fmt.Fprintln(os.Stderr, line)
	}
	switch {
	case end.Signal != 0:
		fmt.Fprintf(os.Stderr, "signal: %v\n", end.Signal)
	case end.Status != 0:
		fmt.Fprintf(os.Stderr, "exit status %d\n", end.Status)
	default:
		return nil
	}
	if hint := confinedHint(path, text); hint != "" {
		fmt.Fprintf(os.Stderr, "hint: %s\n", hint)
	}
	return statusError(1)
}

func readSource(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, hint.Add(err, "name a Go program or a notebook that can be read.")
	}
	return text, nil
}

func colorful() bool { return term.IsTerminal(int(os.Stderr.Fd())) && os.Getenv("NO_COLOR") == "" }

// runNotebook runs one notebook; out, if not empty, gets the executed one.
func runNotebook(ctx context.Context, path, out string) error {
	n, err := readNotebook(path)
	if err != nil {
		return err
	}
	if out != "" {
		if err := atomicfile.Check(out); err != nil {
			return cannotWrite(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	r := batch.Runner{
		New: func() batch.Cells {
			return newNotebookCells(stage.Config{Program: self, Env: workerEnv(), Dir: filepath.Dir(path)}, "") // where Jupyter would start its kernel
		},
		Stdin:  os.Stdin,
		Stdout: os.Stdout,
		Stderr: os.Stderr,
		Color:  colorful(),
	}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		r.Progress = cellProgress(newProgress(os.Stderr), path)
	}
	failed := r.Notebook(ctx, n)
	if out != "" {
		n.SetMetadata("language_info", map[string]any{"name": "go", "file_extension": ".go", "mimetype": "text/x-go"})
		if err := atomicfile.Write(out, n.Encode(), 0o644); err != nil {
			return cannotWrite(err)
		}
	}
	if failed != nil {
		return hint.Add(fmt.Errorf("%s: %w", path, failed), "the error stands above; the cells after it were not run.")
	}
	return nil
}

func cannotWrite(err error) error {
	return hint.Add(fmt.Errorf("write the executed notebook: %w", err), "choose another file by -o.")
}

// cellProgress shows which cell runs.
func cellProgress(p *progress, path string) func(cell, of int) {
	return func(cell, of int) {
		if of == 0 {
			p.end()
			return
		}
		p.step(fmt.Sprintf("%s: cell %d of %d", filepath.Base(path), cell, of), cell-1, of)
	}
}
