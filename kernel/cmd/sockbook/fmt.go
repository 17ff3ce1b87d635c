package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"sockbook/kernel/atomicfile"
	"sockbook/kernel/cell"
	"sockbook/kernel/hint"
	"sockbook/kernel/notebook"
)

func newFmtCommand() *cobra.Command {
	var list, showDiff bool
	cmd := &cobra.Command{
		Use:   "fmt NOTEBOOK.ipynb...",
		Short: "Put notebooks' cells into Go's standard form",
		Long: `Fmt writes the Go of each notebook's code cells as gofmt would have it. Nothing
else of the notebook changes: directives, ids, outputs and metadata stay, byte
for byte. A cell that is not Go is said, stays, and makes the exit status 1.`,
		Example: `  sockbook fmt lesson.ipynb
  sockbook fmt -l *.ipynb`,
		Args: someArgs(1, -1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"ipynb"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			bad := false
			for _, path := range args {
				f, err := formatNotebook(path)
				if err != nil {
					return err
				}
				for _, problem := range f.problems {
					fmt.Fprintln(cmd.ErrOrStderr(), problem)
					bad = true
				}
				if err := f.settle(cmd.OutOrStdout(), list, showDiff); err != nil {
					return err
				}
			}
			if bad {
				return statusError(1)
			}
			return nil
		},
	}
	cmd.Flags().BoolVarP(&list, "list", "l", false, "name the notebooks whose cells would change; write nothing")
	cmd.Flags().BoolVarP(&showDiff, "diff", "d", false, "show how cells would change; write nothing")
	return cmd
}

// formatted is what became of a notebook.
type formatted struct {
	path     string
	old, new []byte
	diff     string // of its cells
	problems []string
}

func formatNotebook(path string) (*formatted, error) {
	if _, err := readNotebook(path); err != nil {
		return nil, err
	}
	text, err := readSource(path)
	if err != nil {
		return nil, err
	}
	f := &formatted{path: path, old: text}
	number := 0
	f.new, err = notebook.Edit(text, func(source string) string {
		if strings.TrimSpace(source) == "" {
			return source
		}
		number++
		name := fmt.Sprintf("cell [%d]", number)
		better, err := cell.Format(source)
		var wrong *cell.Error
		if errors.As(err, &wrong) {
			d := wrong.Diagnostics[0]
			f.problems = append(f.problems, fmt.Sprintf("%s: %s:%d:%d: %s", path, name, d.Pos.Line, d.Pos.Column, d.Msg))
		} else if err != nil {
			f.problems = append(f.problems, fmt.Sprintf("%s: %s: %v", path, name, err))
		}
		if better != source {
			f.diff += string(diff.Diff(path+" "+name, []byte(ended(source)), path+" "+name+" formatted", []byte(ended(better))))
		}
		return better
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// ended is a text whose last line ends, as that of a cell does not.
func ended(text string) string { return strings.TrimSuffix(text, "\n") + "\n" }

// settle shows or writes what became of a notebook.
func (f *formatted) settle(stdout io.Writer, list, showDiff bool) error {
	if bytes.Equal(f.old, f.new) {
		return nil
	}
	if list {
		fmt.Fprintln(stdout, f.path)
	}
	if showDiff {
		io.WriteString(stdout, f.diff)
	}
	if list || showDiff {
		return nil
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return fmt.Errorf("write the notebook: %w", err)
	}
	if err := atomicfile.Write(f.path, f.new, info.Mode().Perm()); err != nil {
		return hint.Add(fmt.Errorf("write the notebook: %w", err), "its folder must be one that can be written.")
	}
	return nil
}
