package tutor

import (
	"errors"
	"slices"
	"strings"

	"sockbook/kernel/course"
	"sockbook/kernel/directive"
	"sockbook/kernel/notebook"
	"sockbook/kernel/stage"
	"sockbook/runtime/display/sink"
)

// labDirectives work on hosts and what is between them.
var labDirectives = []string{"wire", "hosts", "sockets", "crash", "reboot", "shutdown", "cut", "heal", "delay", "drop", "unreachable", "rules", "sysctl"}

// StoredNote stands above what is stored.
const StoredNote = "Stored, not run: this cell needs the network of hosts, which is not there (\"sockbook doctor\" tells why). When the lesson was made it showed:\n"

// StoredPicture stands above the stored picture of a cell that did run.
const StoredPicture = "Stored picture: to draw what happens now needs the network of hosts, which is not there. When the lesson was made it was:\n"

// Instead is for a runner.Runner: where there is no lab, a cell of a lesson
// that needs it is not run, and what is stored is shown. Cells that are no
// lesson's, or were changed, are run as they are.
func (t *Tutor) Instead(cell *directive.Cell, text string) (run string, after func(directive.Output)) {
	if _, err := t.Stage.Lab(); !errors.Is(err, stage.ErrNoLab) {
		return text, nil // without a look at the lessons, which takes a while
	}
	t.mu.Lock()
	lesson, from := t.Course().CellOf(text, t.last)
	if lesson != nil {
		t.last = from
	}
	t.mu.Unlock()
	if lesson == nil {
		return text, nil
	}
	how := needs(lesson, from, cell)
	if how == runs {
		return text, nil
	}
	stored, err := lesson.Stored()
	if err != nil || stored[from.ID()] == nil {
		return text, nil // its directive says what is missing
	}
	if how == drawn {
		return withoutWire(text), func(out directive.Output) {
			out.Stream("stdout", StoredPicture)
			replay(stored[from.ID()], out, true)
		}
	}
	return "", func(out directive.Output) {
		out.Stream("stdout", StoredNote)
		replay(stored[from.ID()], out, false)
	}
}

// need is what a lesson's cell does where there is no lab.
type need int

const (
	runs  need = iota // as it is
	drawn             // it runs, but cannot be drawn
	kept              // it cannot run
)

// needs says what a cell does without the lab. In a lesson that needs the lab,
// processes are on hosts of their own.
func needs(l *course.Lesson, from *notebook.Cell, cell *directive.Cell) need {
	if slices.Contains(from.Tags(), "lab") {
		return kept
	}
	n := runs
	for _, call := range slices.Concat(cell.Plan, cell.Before, cell.After) {
		switch {
		case call.Name == "wire" && l.Needs == course.NeedsLoopback && slices.ContainsFunc(cell.Plan, func(c directive.Call) bool { return c.Name == "wire" }):
			n = max(n, drawn)
		case slices.Contains(labDirectives, call.Name):
			return kept
		case l.Needs == course.NeedsLab && (call.Name == "on" || call.Name == "kill" || call.Name == "wait" || call.Name == "interrupt" || call.Name == "restart"):
			return kept
		}
	}
	return n
}

// withoutWire makes the lines of %%wire empty.
func withoutWire(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) == "%%wire" {
			lines[i] = ""
		}
	}
	return strings.Join(lines, "\n")
}

// replay shows what a cell showed; with pictures only what was drawn.
func replay(c *notebook.Cell, out directive.Output, pictures bool) {
	for _, o := range c.Outputs() {
		switch {
		case o.Bundle() != nil:
			if !pictures || o.Data("image/svg+xml") != "" {
				out.Display(sink.Message{Kind: sink.Show, Data: o.Bundle()})
			}
		case !pictures && o.Text() != "":
			out.Stream("stdout", strings.TrimSuffix(o.Text(), "\n")+"\n")
		}
	}
}
