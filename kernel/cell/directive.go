package cell

import (
	"regexp"
	"strings"
)

// directiveLine is a line that asks something of the notebook, not of Go.
var directiveLine = regexp.MustCompile(`^[ \t]*%{1,2}[a-zA-Z]\w*(?:\s.*)?$`)

// Mask replaces directive lines (%name …, %%name …) by blanks, so that every
// other character keeps its place. A line is a directive only before the first
// and after the last line of Go: in between it could be part of a raw string.
func Mask(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	lines := strings.SplitAfter(text, "\n")
	first, last := goLines(lines)
	for i, line := range lines {
		if (i < first || i >= last) && isDirective(line) {
			masked := []byte(line)
			blank(masked)
			lines[i] = string(masked)
		}
	}
	return strings.Join(lines, "")
}

// goLines returns the range of lines from the first to after the last that is
// neither blank nor a directive.
func goLines(lines []string) (first, last int) {
	isGo := func(line string) bool { return strings.TrimSpace(line) != "" && !isDirective(line) }
	for first < len(lines) && !isGo(lines[first]) {
		first++
	}
	last = len(lines)
	for last > first && !isGo(lines[last-1]) {
		last--
	}
	return first, last
}

func isDirective(line string) bool {
	return directiveLine.MatchString(strings.TrimRight(line, "\r\n"))
}
