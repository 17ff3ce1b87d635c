package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"sockbook/kernel/assignment"
	"sockbook/kernel/atomicfile"
	"sockbook/kernel/course"
	"sockbook/kernel/handout"
	"sockbook/kernel/hint"
	"sockbook/kernel/page"
	"sockbook/lessons"
)

func newLessonsCopyCommand() *cobra.Command {
	var nbgrader bool
	cmd := &cobra.Command{
		Use:   "copy [DIR]",
		Short: "Copy the lessons to a folder, never over a change",
		Long: `Copy brings the lessons to DIR (~/sockbook). It may be run again after an
update: lessons that were not changed come in their new version; of those that
were, the new version is put beside them.

With --nbgrader, DIR becomes a course of nbgrader's: nbgrader_config.py, and
below source/ each lesson with its exercises solved between marks, which
"nbgrader generate_assignment" takes out, and its checks as tests with points.`,
		Example: `  sockbook lessons copy ~/course
  sockbook lessons copy --nbgrader ~/teaching`,
		Args: someArgs(0, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if nbgrader {
				if len(args) == 0 {
					return hint.Add(errors.New("--nbgrader needs a folder of its own"), "sockbook lessons copy --nbgrader DIR")
				}
				c, err := course.Load(lessons.Files())
				if err != nil {
					return err
				}
				files, err := assignment.Layout(c)
				if err != nil {
					return err
				}
				names, err := handout.Put(args[0], files, false)
				if err == nil {
					fmt.Fprintf(cmd.OutOrStdout(), "%d files are in %s; go there and run: nbgrader generate_assignment %s\n", len(names), args[0], c.Lessons[0].Name)
				}
				return err
			}
			s := starter{stderr: cmd.ErrOrStderr()}
			if len(args) == 1 {
				s.dir = args[0]
			}
			_, err := s.lessons()
			return hint.Add(err, "name another folder: sockbook lessons copy DIR")
		},
	}
	cmd.Flags().BoolVar(&nbgrader, "nbgrader", false, "lay out a course for nbgrader; its files must not be there yet")
	return cmd
}

func newLessonsRenderCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "render DIR",
		Short: "Make pages of the lessons, to read without Jupyter",
		Long: `Render writes a page for each lesson, with what its cells showed when it was
made, an index and the glossary into DIR. The pages need no other files and no
scripts; they follow the reader's choice of light or dark.`,
		Args: someArgs(1, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := course.Load(lessons.Files())
			if err != nil {
				return err
			}
			files, err := page.Render(c)
			if err != nil {
				return err
			}
			names, err := handout.Put(args[0], files, true)
			if err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "%d pages are in %s; begin with %s\n", len(names), args[0], filepath.Join(args[0], "index.html"))
			}
			return err
		},
	}
}

func newLessonsIndexCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:    "index",
		Short:  "Write the index README.md of the project's folder of lessons",
		Args:   noArgs,
		Hidden: true,
		RunE: func(*cobra.Command, []string) error {
			return writeIndex(dir)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "lessons", "the `FOLDER` with the lessons")
	return cmd
}

// writeIndex writes the index of a folder of lessons.
func writeIndex(dir string) error {
	c, err := course.Load(os.DirFS(dir))
	if err != nil {
		return noLessons(dir, err)
	}
	text, err := course.Index(c)
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(dir, "README.md"), text, 0o644)
}
