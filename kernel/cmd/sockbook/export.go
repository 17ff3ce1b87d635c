package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sockbook/kernel/cell"
	"sockbook/kernel/directive"
	"sockbook/kernel/export"
	"sockbook/kernel/hint"
	"sockbook/kernel/notebook"
	"sockbook/kernel/stage"
)

func newExportCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "export NOTEBOOK.ipynb -o DIR",
		Short: "Write a notebook's cells as Go programs",
		Long: `Export writes a notebook as a Go module into a folder that is new or empty: a
program for each process that the notebook uses, which "go vet" and "go build"
accept. Each cell becomes a function, main calls them in order; directives
become comments. What a reader should know of a cell, such as a variable that
nothing uses, is said with cell and line.

Cells that Go would not take are left out, and said too.`,
		Example: `  sockbook export lesson.ipynb -o lesson
  cd lesson && go build ./...`,
		Args:                  someArgs(1, 1),
		DisableFlagsInUseLine: true,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return []string{"ipynb"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				return hint.Add(errors.New("the folder for the programs is not named"), "usage: "+cmd.UseLine())
			}
			return exportNotebook(cmd.OutOrStdout(), cmd.ErrOrStderr(), args[0], dir)
		},
	}
	cmd.Flags().StringVarP(&dir, "output", "o", "", "write the programs into this `DIR`, which is made")
	cmd.MarkFlagDirname("output")
	return cmd
}

func exportNotebook(stdout, stderr io.Writer, path, dir string) error {
	n, err := readNotebook(path)
	if err != nil {
		return err
	}
	processes, notes := processesOf(n)
	if len(processes) == 0 {
		return hint.Add(fmt.Errorf("%s has no Go", path), "there is nothing to make a program of.")
	}
	module, err := export.Build(moduleName(path), processes)
	if err != nil {
		return hint.Add(fmt.Errorf("%s: %w", path, err), "this is a fault of Sockbook's; please report it with the notebook.")
	}
	if err := writeNew(dir, module.Files); err != nil {
		return err
	}
	notes = append(notes, module.Notes...)
	slices.SortStableFunc(notes, func(a, b export.Note) int {
		return cmp.Or(cmp.Compare(cellNumber(a.Cell), cellNumber(b.Cell)), cmp.Compare(a.Line, b.Line))
	})
	for _, note := range notes {
		fmt.Fprintln(stderr, note)
	}
	for _, p := range processes {
		fmt.Fprintln(stdout, filepath.Join(dir, p.Name, "main.go"))
	}
	return nil
}

// cellName is what a cell is called, by its number.
const cellName = "cell [%d]"

func cellNumber(name string) (n int) {
	fmt.Sscanf(name, cellName, &n)
	return n
}

// readNotebook reads a notebook of Go.
func readNotebook(path string) (*notebook.Notebook, error) {
	if filepath.Ext(path) != ".ipynb" {
		return nil, hint.Add(fmt.Errorf("%s is no notebook", path), "a notebook ends in .ipynb.")
	}
	text, err := readSource(path)
	if err != nil {
		return nil, err
	}
	n, err := notebook.Decode(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if language := n.Language(); language != "" && language != "go" {
		return nil, hint.Add(fmt.Errorf("%s is a notebook of %s", path, language), "sockbook takes notebooks whose kernel is Go's.")
	}
	return n, nil
}

// processesOf sorts a notebook's cells by the processes that they run in. Cells
// that have directives only are in each.
func processesOf(n *notebook.Notebook) ([]export.Process, []export.Note) {
	var notes []export.Note
	var set directive.Set
	set.Add(stage.New(stage.Config{NoLab: true}).Directives()...)
	type placed struct {
		export.Cell
		process string // empty: all
	}
	var cells []placed
	var names []string
	for _, c := range n.Cells {
		if !c.IsCode() || strings.TrimSpace(c.Source()) == "" {
			continue
		}
		p := placed{Cell: export.Cell{Name: fmt.Sprintf(cellName, len(cells)+1), Text: c.Source()}}
		plan, hasGo, err := planOf(&set, c.Source())
		if err != nil {
			notes = append(notes, export.Note{Cell: p.Name, Text: err.Error()})
		}
		if hasGo {
			p.process, p.Background = plan.Process, plan.Background
			if p.process == "" {
				p.process = stage.Main
			}
			if !slices.Contains(names, p.process) {
				names = append(names, p.process)
			}
		}
		cells = append(cells, p)
	}
	var processes []export.Process
	for _, name := range names {
		p := export.Process{Name: name}
		if len(names) == 1 {
			p.Name = ""
		}
		for _, c := range cells {
			if c.process == "" || c.process == name {
				p.Cells = append(p.Cells, c.Cell)
			}
		}
		processes = append(processes, p)
	}
	return processes, notes
}

func noLine(context.Context, []string, directive.Output) error { return nil }
func noCell(context.Context, []string, *directive.Plan) error  { return nil }

// planOf says where a cell runs: in the main process, if there is an error.
// Directives but %%on are comments for the program, whoever knows them.
func planOf(set *directive.Set, text string) (plan directive.Plan, hasGo bool, err error) {
	for line := range strings.Lines(text) {
		if at, ok := set.Locate(strings.TrimSpace(line)); ok && at.Call == nil {
			name, _, _ := strings.Cut(strings.TrimLeft(at.Prefix, "%"), " ")
			set.Add(directive.Directive{Name: name, Run: noLine, Cell: noCell})
		}
	}
	cut, err := set.Split(text)
	if err != nil {
		return plan, strings.TrimSpace(cell.Mask(text)) != "", err
	}
	for _, call := range cut.Plan {
		if call.Name != "on" {
			continue
		}
		if err := call.Cell(context.Background(), call.Args, &plan); err != nil {
			return directive.Plan{}, cut.HasGo(), call.Mistake(err)
		}
	}
	return plan, cut.HasGo(), nil
}

// moduleName makes a module's path of a notebook's name. Paths that begin so
// are nobody's (go help importpath).
func moduleName(path string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, strings.TrimSuffix(filepath.Base(path), ".ipynb"))
	if name = strings.Trim(name, "-_"); name == "" {
		name = "notebook"
	}
	return "example/" + name
}

// writeNew writes files, by their paths with slashes, into a folder that must
// be new or empty. It is there with all of them, or as it was.
func writeNew(dir string, files map[string][]byte) error {
	entries, err := os.ReadDir(dir)
	switch {
	case err == nil && len(entries) > 0:
		return hint.Add(fmt.Errorf("%s has files already", dir), "nothing is overwritten: name a new folder by -o.")
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return hint.Add(fmt.Errorf("write the programs: %w", err), "name a new folder by -o.")
	}
	dir = filepath.Clean(dir)
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return hint.Add(fmt.Errorf("write the programs: %w", err), "name a folder that can be made by -o.")
	}
	temp, err := os.MkdirTemp(parent, ".sockbook-*")
	if err != nil {
		return hint.Add(fmt.Errorf("write the programs: %w", err), "name a folder that can be made by -o.")
	}
	defer os.RemoveAll(temp) // fails once it was renamed
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(temp, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("write the programs: %w", err)
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil {
			return fmt.Errorf("write the programs: %w", err)
		}
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return fmt.Errorf("write the programs: %w", err)
	}
	if entries != nil {
		os.Remove(dir) // it is empty
	}
	if err := os.Rename(temp, dir); err != nil {
		return hint.Add(fmt.Errorf("write the programs: %w", err), "name a new folder by -o.")
	}
	return nil
}
