package cell

import (
	"strings"
)

// directiveLine is a line that asks something of the notebook, not of Go.
var directiveLine = pattern(`^%{1,2}[a-zA-Z]\w*(?:[ \t].*)?$`)

// Mask replaces directive lines (%name …, %%name …) by blanks, so that every
// other character keeps its place. A line is a directive only before the first
// and after the last line of Go: in between it could be part of a raw string.
func Mask(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	lines := strings.SplitAfter(text, "\n")
	head, tail := directives(lines)
	for i, line := range lines {
		if (i < head || i >= tail) && isDirective(line) {
			masked := []byte(line)
			blank(masked)
			lines[i] = string(masked)
		}
	}
	return strings.Join(lines, "")
}

// directives returns the line after the directives before the Go of a cell,
// and the first line of the directives after it.
func directives(lines []string) (head, tail int) {
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if isDirective(lines[i]) {
			head = i + 1
		} else if line != "" && !strings.HasPrefix(line, "//") {
			break
		}
	}
	tail = len(lines)
	for i := len(lines) - 1; i >= head; i-- {
		if isDirective(lines[i]) {
			tail = i
		} else if strings.TrimSpace(lines[i]) != "" {
			break
		}
	}
	return head, tail
}

func isDirective(line string) bool {
	return directiveLine().MatchString(strings.TrimRight(line, " \t\r\n"))
}
