package session

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"sockbook/kernel/worker"
)

// directive is a line that begins with %: what is asked of Sockbook, not of Go.
type directive struct {
	name  string
	usage string
	help  string // one sentence
	run   func(s *Session, args []string, out *output) error
}

// directives are all there are, in the order in which %help lists them.
var directives []directive

func init() {
	directives = []directive{
		{"help", "%help [DIRECTIVE]", "List the directives, or explain one.", (*Session).help},
		{"reset", "%reset", "Forget everything: the next cell runs in a fresh Go process.", (*Session).reset},
	}
}

// directiveLine is a line that is a directive. In Go no statement begins with
// %, so only the text of a raw string can look like one; a line is a directive
// only before the first and after the last line of Go.
var directiveLine = regexp.MustCompile(`^%{1,2}([a-zA-Z]\w*)(?:\s+(.*))?$`)

// direct runs the directives of a cell and returns what is left of it, the
// directives' lines empty so that every other line keeps its number; "" if
// only space is left.
func (s *Session) direct(text string, out *output) (goText string, failure *worker.Failure) {
	lines := strings.Split(text, "\n")
	isGo := func(line string) bool {
		line = strings.TrimSpace(line)
		return line != "" && !directiveLine.MatchString(line)
	}
	first, last := slices.IndexFunc(lines, isGo), len(lines)
	if first < 0 {
		first = len(lines)
	} else {
		for last > first && !isGo(lines[last-1]) {
			last--
		}
	}
	for i, line := range lines {
		m := directiveLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil || i >= first && i < last {
			continue
		}
		d, ok := find(m[1])
		if !ok {
			return "", unknownDirective(i+1, line, m[1])
		}
		if err := d.run(s, strings.Fields(m[2]), out); err != nil {
			return "", directiveFailure(i+1, line, err.Error(), "usage: "+d.usage)
		}
		lines[i] = ""
	}
	goText = strings.Join(lines, "\n")
	if strings.TrimSpace(goText) == "" {
		return "", nil
	}
	return goText, nil
}

func find(name string) (directive, bool) {
	i := slices.IndexFunc(directives, func(d directive) bool { return d.name == name })
	if i < 0 {
		return directive{}, false
	}
	return directives[i], true
}

func unknownDirective(line int, text, name string) *worker.Failure {
	var names []string
	for _, d := range directives {
		names = append(names, "%"+d.name)
	}
	return directiveFailure(line, text, fmt.Sprintf("there is no directive %%%s", name), "there are "+strings.Join(names, ", "))
}

func directiveFailure(line int, text, message, hint string) *worker.Failure {
	return &worker.Failure{Name: "directive", Message: message, Traceback: []string{
		fmt.Sprintf("\x1b[0;31mline %d: %s\x1b[0m", line, message), "    " + strings.TrimSpace(text), "Hint: " + hint,
	}}
}

func (s *Session) help(args []string, out *output) error {
	if len(args) > 0 {
		d, ok := find(strings.TrimLeft(args[0], "%"))
		if !ok {
			return fmt.Errorf("there is no directive %s", args[0])
		}
		out.Stream("stdout", d.usage+"\n    "+d.help+"\n")
		return nil
	}
	var b strings.Builder
	b.WriteString("Cells hold ordinary Go. Lines that begin with % are directives:\n\n")
	for _, d := range directives {
		fmt.Fprintf(&b, "  %-20s %s\n", d.usage, d.help)
	}
	b.WriteString("\nThe value of a cell's last expression is shown below it. Tab completes, Shift-Tab explains.\n")
	out.Stream("stdout", b.String())
	return nil
}

func (s *Session) reset(args []string, out *output) error {
	if len(args) > 0 {
		return fmt.Errorf("%%reset takes no arguments, have %q", args)
	}
	s.config.Worker.Restart()
	return nil
}

// directiveAt returns the directive's text from the beginning of the line up
// to the cursor, in code points, if the line is one.
func directiveAt(code string, cursor int) (line string, ok bool) {
	runes := []rune(code)
	before := string(runes[:min(max(cursor, 0), len(runes))])
	line = before[strings.LastIndexByte(before, '\n')+1:]
	return line, strings.HasPrefix(line, "%")
}

// completeDirective completes the name of a directive.
func completeDirective(code string, cursor int) (worker.Completion, bool) {
	line, ok := directiveAt(code, cursor)
	if !ok {
		return worker.Completion{}, false
	}
	c := worker.Completion{Start: cursor - utf8.RuneCountInString(line), End: cursor}
	for _, d := range directives {
		if name := "%" + d.name; strings.HasPrefix(name, line) {
			c.Matches = append(c.Matches, worker.Match{Text: name, Kind: "magic", Signature: d.usage, Start: c.Start, End: c.End})
		}
	}
	return c, true
}

// inspectDirective explains the directive at the cursor.
func inspectDirective(code string, cursor int) (worker.Inspection, bool) {
	line, ok := directiveAt(code, cursor)
	if !ok {
		return worker.Inspection{}, false
	}
	rest := string([]rune(code)[min(cursor, utf8.RuneCountInString(code)):])
	rest, _, _ = strings.Cut(rest, "\n")
	m := directiveLine.FindStringSubmatch(strings.TrimSpace(line + rest))
	if m == nil {
		return worker.Inspection{}, true
	}
	d, ok := find(m[1])
	if !ok {
		return worker.Inspection{}, true
	}
	return worker.Inspection{Found: true, Data: map[string]string{
		"text/plain":    d.usage + "\n" + d.help,
		"text/markdown": "`" + d.usage + "`\n\n" + d.help,
	}}, true
}
