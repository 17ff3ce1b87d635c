package course

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What rows of a ladder are made of.
const (
	rails  = "│┊├┤╳►◄⋮"
	arrows = "►◄╳"
)

var (
	ofACall  = regexp.MustCompile(`\bcell [0-9]+, line [0-9]+`)
	pauseRow = regexp.MustCompile(`^ *⋮ TIME pass ⋮$`)
	ofStates = regexp.MustCompile(`^[A-Z][A-Z0-9_ ]*$`)
)

// canonical puts the rows of ladders among lines, which are normalised
// otherwise, into an order that is the same in every run: first packets and
// what was done to hosts, then the states of the host at the left and those at
// the right, each in their order, then the calls of the cell that is drawn, by
// the alphabet. When one host enters a state, or its call returns, has no fixed
// order to what the other does meanwhile, nor to its own other goroutines; of
// cells in the background it is chance which call is the last in the picture. A
// row that says only that time passed is a time, and left out.
func canonical(lines []string) []string {
	var out []string
	for i := 0; i < len(lines); {
		end := i
		for end < len(lines) && strings.ContainsAny(lines[end], rails) {
			end++
		}
		if end == i {
			out = append(out, lines[i])
			i++
			continue
		}
		out = append(out, ladderRows(lines[i:end])...)
		i = end
	}
	return out
}

// ladderRows orders the rows of one picture; one without arrows is no ladder,
// and stays as it is.
func ladderRows(rows []string) []string {
	if !slices.ContainsFunc(rows, func(row string) bool { return strings.ContainsAny(row, arrows) && strings.Contains(row, "TIME") }) {
		return rows
	}
	var packets, left, right, calls []string
	for _, row := range rows {
		if pauseRow.MatchString(row) {
			continue
		}
		text := strings.TrimSpace(strings.Map(func(r rune) rune {
			if strings.ContainsRune(rails, r) {
				return -1
			}
			return r
		}, row))
		switch {
		case strings.ContainsAny(row, arrows) || strings.Contains(row, "⋮"):
			packets = append(packets, row)
		case ofACall.MatchString(text):
			calls = append(calls, text)
		case ofStates.MatchString(text) && strings.HasPrefix(strings.TrimSpace(row), text):
			left = append(left, row)
		case ofStates.MatchString(text):
			right = append(right, row)
		case text != "":
			packets = append(packets, row)
		}
	}
	return slices.Concat(packets, left, right, own(calls))
}

// own are the calls of the cell with the highest number, which is the one that
// is drawn, sorted.
func own(calls []string) []string {
	last := 0
	number := func(call string) (n int) {
		fmt.Sscanf(ofACall.FindString(call), "cell %d", &n)
		return n
	}
	for _, call := range calls {
		last = max(last, number(call))
	}
	calls = slices.DeleteFunc(calls, func(call string) bool { return number(call) != last })
	slices.Sort(calls)
	return calls
}
