package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"sockbook/kernel/atomicfile"
	"sockbook/kernel/batch"
	"sockbook/kernel/notebook"
	"sockbook/kernel/stage"
	"sockbook/kernel/worker"
)

func newRunCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "run FILE.go|NOTEBOOK.ipynb...",
		Short: "Run Go programs and notebooks without a frontend",
		Long: `Run carries out each file in a process of its own. A Go program runs as one
cell; its output and exit status are as "go run" would have them. A notebook's
cells run in their order; what they print is printed, and the first that fails
ends it with exit status 1.`,
		Example: `  sockbook run hello.go
  sockbook run lesson.ipynb -o executed.ipynb`,
		Args: someArgs(1, -1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"go", "ipynb"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("output") && (len(args) != 1 || filepath.Ext(args[0]) != ".ipynb") {
				return withHint(errors.New("-o is for one notebook"), "usage: sockbook run NOTEBOOK.ipynb -o OUT.ipynb")
			}
			for _, path := range args {
				if ext := filepath.Ext(path); ext != ".go" && ext != ".ipynb" {
					return withHint(fmt.Errorf("%s is no file to run", path), "a Go program ends in .go, a notebook in .ipynb.")
				}
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			for _, path := range args {
				if err := runFile(ctx, path, out); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "write the executed notebook to this `FILE`")
	return cmd
}

// runFile runs one file; out, if not empty, gets the executed notebook.
func runFile(ctx context.Context, path, out string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return withHint(err, "name a Go program or a notebook that can be read.")
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	config := worker.Config{Name: "main", Launch: worker.Plain([]string{self, "worker"}, os.Environ(), "")}
	r := batch.Runner{
		New:    func() batch.Cells { return worker.New(config) },
		Stdin:  os.Stdin,
		Stdout: os.Stdout,
		Stderr: os.Stderr,
		Color:  term.IsTerminal(int(os.Stderr.Fd())) && os.Getenv("NO_COLOR") == "",
	}
	if filepath.Ext(path) == ".go" {
		config.Output = math.MaxInt64 // a program may print what it likes
		return runProgram(ctx, &r, path, string(text))
	}
	r.New = func() batch.Cells {
		return newNotebookCells(stage.Config{Program: self, Env: os.Environ(), Dir: filepath.Dir(path)}) // where Jupyter would start its kernel
	}
	return runNotebook(ctx, &r, path, text, out)
}

// runProgram ends as "go run" does: a program that failed is status 1, and its
// own status is said on stderr.
func runProgram(ctx context.Context, r *batch.Runner, path, text string) error {
	err := r.Program(ctx, path, text)
	var exit *batch.ExitError
	if errors.As(err, &exit) {
		fmt.Fprintf(os.Stderr, "exit status %d\n", exit.Status)
		return statusError(1)
	}
	return err
}

func runNotebook(ctx context.Context, r *batch.Runner, path string, text []byte, out string) error {
	n, err := notebook.Decode(text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if language := n.Language(); language != "" && language != "go" {
		return withHint(fmt.Errorf("%s is a notebook of %s", path, language), "sockbook runs notebooks whose kernel is Go's.")
	}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		r.Progress = cellProgress(newProgress(os.Stderr), path)
	}
	failed := r.Notebook(ctx, n)
	if out != "" {
		n.SetMetadata("language_info", map[string]any{"name": "go", "file_extension": ".go", "mimetype": "text/x-go"})
		if err := atomicfile.Write(out, n.Encode(), 0o644); err != nil {
			return withHint(fmt.Errorf("write the executed notebook: %w", err), "choose another file by -o.")
		}
	}
	if failed != nil {
		return withHint(fmt.Errorf("%s: %w", path, failed), "the error stands above; the cells after it were not run.")
	}
	return nil
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
