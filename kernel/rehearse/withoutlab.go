package rehearse

import (
	"fmt"
	"strings"

	"sockbook/kernel/course"
	"sockbook/kernel/tutor"
)

// WithoutLab says what is wrong with a lesson that was run where there is no
// network of hosts: a cell shows what is expected, or says in a line that what
// follows is stored, and then shows that.
func WithoutLab(run *Run) []string {
	var problems []string
	stored := 0
	note, picture := strings.TrimSpace(tutor.StoredNote), strings.TrimSpace(tutor.StoredPicture)
	for _, c := range run.Lesson.CodeCells() {
		shown, expected := strings.TrimSpace(run.Shown[c.ID()]), strings.TrimSpace(run.Lesson.Expected[c.ID()])
		before, after, drawn := strings.Cut(shown, picture)
		switch {
		case strings.HasPrefix(strings.TrimSpace(c.Source()), "%check "):
			if !strings.Contains(shown, "NOT YET") && !strings.Contains(shown, "was not checked") {
				problems = append(problems, fmt.Sprintf("cell %s grades a stub: %s", c.ID(), shown))
			}
			continue
		case strings.HasPrefix(shown, note):
			stored++
			shown = strings.TrimPrefix(shown, note)
		case drawn:
			stored++
			shown = strings.TrimSpace(before) + "\n" + strings.TrimSpace(after)
		}
		if lines(shown) != lines(expected) {
			problems = append(problems, "without the lab, "+course.Difference{Cell: c.ID(), Want: expected, Have: strings.TrimSpace(shown)}.String())
		}
	}
	if run.Lesson.Needs == course.NeedsLab && stored == 0 {
		problems = append(problems, "it needs the lab, and no cell shows what is stored")
	}
	return problems
}

// lines is a text without its empty lines: stored outputs are set apart by some.
func lines(text string) string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, " \n"); line != "" {
			list = append(list, line)
		}
	}
	return strings.Join(list, "\n")
}
