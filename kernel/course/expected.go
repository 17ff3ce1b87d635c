package course

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"sockbook/kernel/notebook"
)

// expectedHead stands above the cells in expected.txt.
const expectedHead = "What each cell shows, as text, normalised. Made by: sockbook lessons check --update. Read it before you keep it.\n"

// ParseExpected reads an expected.txt: the text of each cell by its id.
func ParseExpected(text []byte) map[string]string {
	all := map[string]string{}
	for _, f := range txtar.Parse(text).Files {
		all[f.Name] = string(f.Data)
	}
	return all
}

// FormatExpected writes an expected.txt in the order of the notebook's cells.
func FormatExpected(l *Lesson, shown map[string]string) []byte {
	a := &txtar.Archive{Comment: []byte(expectedHead)}
	for _, c := range l.CodeCells() {
		a.Files = append(a.Files, txtar.File{Name: c.ID(), Data: []byte(shown[c.ID()])})
	}
	return txtar.Format(a)
}

// Text is what a cell that ran shows, as text: streams, the text/plain of
// displays and results, and the tracebacks of errors without colours. Ladders
// come last: that of a cell in the background is first drawn after a while, and
// what the cell has printed by then is a matter of time.
func Text(c *notebook.Cell) string {
	var out, ladders strings.Builder
	for _, o := range c.Outputs() {
		text := o.Text()
		to := &out
		if strings.ContainsAny(text, "├┤") {
			to = &ladders
		}
		to.WriteString(text)
		if text != "" && !strings.HasSuffix(text, "\n") {
			to.WriteString("\n")
		}
	}
	return out.String() + ladders.String()
}

// What differs from run to run and says nothing: see Normalise.
var (
	colour    = regexp.MustCompile("\x1b\\[[0-9;]*m")
	ephemeral = regexp.MustCompile(`(^|[^0-9.:])((?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|\[[0-9a-fA-F:.]+(?:%[a-z0-9]+)?\]|[a-z][a-z0-9-]*)):([1-9][0-9]{4})\b`)
	arrow     = regexp.MustCompile(`\bport ([1-9][0-9]{4})\b`)
	rowTime   = regexp.MustCompile(`^(\s*)([-+]?[0-9]+(?:\.[0-9]+)? (?:ns|µs|ms|s|min|h))(\s)`)
	pause     = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)? (?:ns|µs|ms|s|min|h) (without a packet|of silence|later|pass\b)`)
	arrival   = regexp.MustCompile(`,? *\barrives \+[0-9]+(?:\.[0-9]+)? (?:ns|µs|ms|s)\b`)
	openComma = regexp.MustCompile(`, *(─*[┤►])`)             // "arrives …" was to follow, in a row of its own
	wrapped   = regexp.MustCompile(`\b(seq|ack) [0-9]{9,}\b`) // of another connection: it does not count from this one's start
	timer     = regexp.MustCompile(`\b(sends again in|looks in|probes it in|keeps the four-tuple for) [0-9][0-9.hmsµn]*`)
	concluded = regexp.MustCompile(`\b([A-Z][A-Z_0-9]{5,})\*`)
	footnote  = regexp.MustCompile(`\n*(?m:^ *\* .*concluded from the packets.*$)`)
	pid       = regexp.MustCompile(`\b(pid|process) ([0-9]+)\b`)
)

// firstEphemeral is the least port that Linux gives to who asks for none
// (ip_local_port_range, ip(7)).
const firstEphemeral = 32768

// Normalise takes out of a cell's text what no two runs have in common, and no
// more: ephemeral ports become PORT, times at the left of a ladder, the
// timers of %sockets and the times of %wire backoff TIME, and numbers after "pid" PID; of a ladder's states it
// is left out whether a host could be asked in time or the packets tell, and
// whether they came late, and rows are put in an order that does not depend on
// which of two hosts was quicker (see canonical). All else must be the same in
// every run.
func Normalise(text string) string {
	text = colour.ReplaceAllString(text, "")
	ladder := strings.Contains(text, "│") || strings.Contains(text, "┊")
	if ladder {
		text = footnote.ReplaceAllString(text, "")
	}
	sockets, backoff := socketsHead.MatchString(text), backoffHead.MatchString(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.TrimRight(line, " \t\r")
		line = replacePort(ephemeral, line, 3)
		line = replacePort(arrow, line, 1)
		line = pid.ReplaceAllString(line, "$1 PID")
		if sockets {
			line = timer.ReplaceAllString(line, "$1 TIME")
			if strings.Trim(line, "─ ") == "" {
				line = ""
			}
			line = blanks.ReplaceAllString(line, " ") // how wide its columns are depends on the times
		}
		if backoff {
			line = try.ReplaceAllString(line, "$1 TIME $4")
			line = blanks.ReplaceAllString(line, " ")
		}
		if ladder {
			line = rowTime.ReplaceAllString(line, "${1}TIME$3")
			line = concluded.ReplaceAllString(line, "$1")
			line = wrapped.ReplaceAllString(line, "$1 NUMBER")
			line = openComma.ReplaceAllString(arrival.ReplaceAllString(line, ""), " $1")
			line = pause.ReplaceAllString(line, "TIME $1")
			line = blanks.ReplaceAllString(line, " ") // how wide it is drawn depends on the times
			if strings.ContainsAny(line, "│┊├┤╳") {
				if !strings.ContainsAny(line, "►◄╳") { // a state or call has a time of its own only if it came late
					line = strings.TrimPrefix(strings.TrimPrefix(line, " "), "TIME ")
				}
			}
		}
		lines[i] = line
	}
	if ladder {
		lines = canonical(lines)
	}
	return strings.Join(lines, "\n")
}

// socketsHead matches the first row of %sockets.
var socketsHead = regexp.MustCompile(`(?m)^host +socket +state `)

// backoffHead matches the title of %wire backoff, and try one of the sendings
// that it lists.
var (
	backoffHead = regexp.MustCompile(`(?m)^Retransmissions  `)
	try         = regexp.MustCompile(`^( *[0-9╳])  (\+?[0-9.]+ (?:ns|µs|ms|s|min)) +((?:after [0-9.]+ (?:ns|µs|ms|s|min) +)?)(.*)$`)
)

var blanks = regexp.MustCompile(`  +|──+`)

// replacePort makes a port PORT if it is an ephemeral one.
func replacePort(re *regexp.Regexp, line string, group int) string {
	var out strings.Builder
	last := 0
	for _, m := range re.FindAllStringSubmatchIndex(line, -1) {
		from, to := m[2*group], m[2*group+1]
		var port int
		fmt.Sscan(line[from:to], &port)
		if port < firstEphemeral || port > 65535 {
			continue
		}
		out.WriteString(line[last:from] + "PORT")
		last = to
	}
	out.WriteString(line[last:])
	return out.String()
}

// Shown is the normalised text of every cell of a notebook that ran.
func Shown(n *notebook.Notebook) map[string]string {
	all := map[string]string{}
	for _, c := range n.Cells {
		if c.IsCode() && strings.TrimSpace(c.Source()) != "" {
			all[c.ID()] = strings.TrimRight(Normalise(Text(c)), "\n")
			if all[c.ID()] != "" {
				all[c.ID()] += "\n"
			}
		}
	}
	return all
}

// Compare lists the cells, in their order, whose text is not as expected.
func (l *Lesson) Compare(shown map[string]string) []Difference {
	var list []Difference
	for _, c := range l.CodeCells() {
		expected, ok := l.Expected[c.ID()]
		if !ok || trim(expected) != trim(shown[c.ID()]) {
			list = append(list, Difference{Cell: c.ID(), Want: expected, Have: shown[c.ID()], Unknown: !ok})
		}
	}
	for id := range l.Expected {
		if !slices.ContainsFunc(l.CodeCells(), func(c *notebook.Cell) bool { return c.ID() == id }) {
			list = append(list, Difference{Cell: id, Gone: true})
		}
	}
	return list
}

// heads and tails are the ends of a ladder's arrows. How long the line between them and
// the words is, if there is one at all, depends on the width of times elsewhere.
var heads, tails = regexp.MustCompile(`([├◄])[ ─]+`), regexp.MustCompile(`[ ─]+([►┤])`)

// trim takes the lines of arrows out of a normalised text.
func trim(text string) string {
	return tails.ReplaceAllString(heads.ReplaceAllString(text, "$1 "), " $1")
}

// Difference is a cell that shows something else than expected.
type Difference struct {
	Cell       string
	Want, Have string
	Unknown    bool // nothing was expected of it yet
	Gone       bool // expected.txt has it, the notebook does not
}

// String shows both texts from the first line on that differs.
func (d Difference) String() string {
	switch {
	case d.Gone:
		return fmt.Sprintf("cell %s is in expected.txt, not in the notebook", d.Cell)
	case d.Unknown:
		return fmt.Sprintf("cell %s is not in expected.txt; it shows\n%s", d.Cell, indent("+ ", strings.Split(d.Have, "\n")))
	}
	a, b := strings.Split(d.Want, "\n"), strings.Split(d.Have, "\n")
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	tail := 0
	for tail < min(len(a), len(b))-same && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	return fmt.Sprintf("cell %s, from line %d of what it shows (- expected, + now)\n%s%s", d.Cell, same+1,
		indent("- ", a[same:len(a)-tail]), indent("+ ", b[same:len(b)-tail]))
}

func indent(with string, lines []string) string {
	var out strings.Builder
	for _, l := range lines {
		out.WriteString("  " + with + l + "\n")
	}
	return out.String()
}
