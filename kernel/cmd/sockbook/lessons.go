package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"sockbook/kernel/batch"
	"sockbook/kernel/course"
	"sockbook/kernel/hint"
	"sockbook/kernel/rehearse"
	"sockbook/kernel/stage"
	"sockbook/kernel/tutor"
	"sockbook/lessons"
	"sockbook/lessons/check"
)

func newLessonsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lessons",
		Short: "List, copy, check and render the lessons",
		Args:  cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return hint.Add(fmt.Errorf("sockbook lessons has no command %q", args[0]), `"sockbook lessons --help" lists them.`)
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(newLessonsListCommand(), newLessonsCopyCommand(), newLessonsSolutionCommand(), newLessonsCheckCommand(), newLessonsRenderCommand(), newLessonsIndexCommand())
	return cmd
}

func newLessonsListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the lessons: what each asks and needs",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := course.Load(lessons.Files())
			for _, l := range c.Lessons {
				fmt.Fprintf(cmd.OutOrStdout(), "%-22s %s\n%-22s %s\n", l.Name, l.Title, "", l.Question)
				for _, id := range l.ExerciseIDs() {
					fmt.Fprintf(cmd.OutOrStdout(), "%-22s exercise %s: %s\n", "", id, l.Exercises[id].Title)
				}
			}
			return err
		},
	}
}

func newLessonsSolutionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "solution EXERCISE",
		Short:   "Show the solution of an exercise",
		Example: "  sockbook lessons solution 10.1",
		Args:    someArgs(1, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, l := range embedded().Lessons {
				ids = append(ids, l.ExerciseIDs()...)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			e := embedded().Exercise(args[0])
			if e == nil {
				return hint.Add(fmt.Errorf("there is no exercise %s", args[0]), `"sockbook lessons list" lists them.`)
			}
			text, err := e.Solution()
			if err != nil {
				return fmt.Errorf("read the solution of %s: %w", e.ID, err)
			}
			fmt.Fprint(cmd.OutOrStdout(), text)
			return nil
		},
	}
}

// lessonNames completes lessons.
func lessonNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, l := range embedded().Lessons {
		names = append(names, l.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// checkOptions are those of "sockbook lessons check".
type checkOptions struct {
	dir         string
	update      bool
	repeat      int
	noLab       bool
	cells, work bool // what to check; both unless one is asked for
}

func newLessonsCheckCommand() *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check [LESSON...]",
		Short: "Run lessons and see that they do what they say",
		Long: `Check runs every code cell of the lessons (all unless named by folder or
number) as the kernel does and compares what it shows with expected.txt, then
grades each exercise's solution, which must pass, and its typical wrong
answers, whose verdicts must have the words that their first line asks for.

The lessons are those in this program, or with --dir in a folder as the
project's own "lessons"; their checks are always this program's. With --update
it writes what the cells show into that folder: read it before you keep it.`,
		Example: `  sockbook lessons check
  sockbook lessons check 10 --dir lessons --update
  sockbook lessons check --repeat 20`,
		Args:              someArgs(0, -1),
		ValidArgsFunction: lessonNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			if o.update && o.dir == "" {
				if _, err := os.Stat("lessons/lessons.go"); err != nil {
					return hint.Add(errors.New("--update needs the folder to write to"), "add --dir FOLDER, the project's folder of lessons.")
				}
				o.dir = "lessons"
			}
			if o.repeat < 1 {
				return hint.Add(fmt.Errorf("lessons cannot be run %d times", o.repeat), "--repeat takes a number from 1.")
			}
			return o.check(ctx, cmd.OutOrStdout(), args)
		},
	}
	cmd.Flags().StringVar(&o.dir, "dir", "", "the `FOLDER` with the lessons")
	cmd.Flags().BoolVar(&o.update, "update", false, "write expected.txt, the stored outputs and the picture")
	cmd.Flags().IntVar(&o.repeat, "repeat", 1, "run each lesson's cells `N` times")
	cmd.Flags().BoolVar(&o.noLab, "no-lab", false, "do without the network of hosts, as where namespaces are refused")
	cmd.Flags().BoolVar(&o.cells, "cells", false, "only the cells")
	cmd.Flags().BoolVar(&o.work, "exercises", false, "only the exercises")
	return cmd
}

func (o *checkOptions) check(ctx context.Context, out io.Writer, names []string) error {
	files := lessons.Files()
	if o.dir != "" {
		files = os.DirFS(o.dir)
	}
	c, err := course.Load(files)
	if err != nil && len(c.Lessons) == 0 {
		return noLessons(o.dir, err)
	}
	if err != nil {
		fmt.Fprintln(out, err)
	}
	chosen := c.Lessons
	if len(names) > 0 {
		chosen, err = nil, nil
	}
	for _, name := range names {
		l := c.Lesson(filepath.Base(name))
		if l == nil {
			return hint.Add(fmt.Errorf("there is no lesson %s", name), `"sockbook lessons list" lists them.`)
		}
		chosen = append(chosen, l)
	}
	self, err2 := os.Executable()
	if err2 != nil {
		return fmt.Errorf("find this program: %w", err2)
	}
	r := newRehearsal(self, c, o.noLab)
	bad := 0
	for _, l := range chosen {
		problems, err := o.checkLesson(ctx, out, r, c, l)
		if err != nil {
			return fmt.Errorf("lesson %s: %w", l.Name, err)
		}
		bad += problems
	}
	if o.update {
		if err := writeIndex(o.dir); err != nil {
			return fmt.Errorf("write the index: %w", err)
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d things are not as they should be", bad)
	}
	return err
}

func noLessons(dir string, err error) error {
	return hint.Add(fmt.Errorf("read the lessons in %s: %w", dir, err), `name a folder that is laid out as the project's "lessons".`)
}

// newRehearsal makes what runs the lessons of c; program is Sockbook's.
func newRehearsal(program string, c *course.Course, noLab bool) *rehearse.Rehearsal {
	config := stage.Config{Program: program, Env: workerEnv(), NoLab: noLab}
	return &rehearse.Rehearsal{
		NoLab: noLab,
		New: func(dir string) batch.Cells {
			config := config
			config.Dir = dir
			return newCourseCells(config, dir, func() *course.Course { return c })
		},
		Grade: func(ctx context.Context, e *course.Exercise, text string) check.Verdict {
			f := lessons.Checks()[e.ID]
			if f == nil {
				return check.Verdict{Fault: true, Words: "it is not in the Checks of check.go"}
			}
			return tutor.GradeText(ctx, config, e, f, text)
		},
	}
}

// checkLesson checks one and returns how many things are wrong.
func (o *checkOptions) checkLesson(ctx context.Context, out io.Writer, r *rehearse.Rehearsal, c *course.Course, l *course.Lesson) (bad int, err error) {
	say := func(format string, args ...any) {
		bad++
		fmt.Fprintf(out, "%s: "+format+"\n", append([]any{l.Name}, args...)...)
	}
	for _, p := range l.Problems(lessons.Checks()) {
		say("%s", p)
	}
	if o.cells || !o.work {
		for n := range o.repeat {
			run, err := r.Cells(ctx, l)
			if err != nil {
				return bad, err
			}
			fmt.Fprintf(out, "%s: %d cells in %v\n", l.Name, len(l.CodeCells()), run.Took.Round(10*time.Millisecond))
			if run.Failed != nil {
				say("%v\n%s", run.Failed, lastText(run))
				break
			}
			if o.update && !o.noLab && n == 0 {
				wrote, err := rehearse.Update(o.dir, run)
				if err != nil {
					return bad, err
				}
				for _, name := range wrote {
					fmt.Fprintf(out, "%s: wrote %s\n", l.Name, name)
				}
				again, err := course.Load(c.Files)
				if l = again.Lesson(l.Name); l == nil {
					return bad, err
				}
				continue
			}
			if o.noLab {
				for _, p := range rehearse.WithoutLab(run) {
					say("%s", p)
				}
				continue
			}
			for _, d := range l.Compare(run.Shown) {
				say("run %d: %v", n+1, d)
			}
		}
	}
	if o.cells && !o.work {
		return bad, nil
	}
	answers, err := r.Answers(ctx, l)
	if err != nil {
		return bad, err
	}
	for _, a := range answers {
		switch {
		case a.Problem != "":
			say("%s: %s", a.Name, a.Problem)
		case a.Verdict.Lab:
			fmt.Fprintf(out, "%s: %s: not checked, it needs the lab\n", l.Name, a.Name)
		case a.Verdict.Passed:
			fmt.Fprintf(out, "%s: %s: passes (%v)\n", l.Name, a.Name, a.Took.Round(10*time.Millisecond))
		default:
			fmt.Fprintf(out, "%s: %s: %s (%v)\n", l.Name, a.Name, a.Verdict.Words, a.Took.Round(10*time.Millisecond))
		}
	}
	return bad, nil
}

// lastText is what the last cell that ran showed.
func lastText(run *rehearse.Run) string {
	text := ""
	for _, c := range run.Lesson.CodeCells() {
		if run.Shown[c.ID()] != "" {
			text = fmt.Sprintf("cell %s:\n%s", c.ID(), run.Shown[c.ID()])
		}
	}
	return text
}
