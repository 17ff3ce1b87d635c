package session

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"sockbook/kernel/cell"
	"sockbook/kernel/directive"
	"sockbook/kernel/worker"
)

// directives are the session's own.
func (s *Session) directives() []directive.Directive {
	return []directive.Directive{
		{Name: "help", Usage: "%help [DIRECTIVE]", Help: "List the directives, or explain one.", Run: s.help, Complete: s.directiveNames},
		{Name: "fmt", Usage: "%%fmt", Help: "Do not run this cell, but put it into Go's standard form (gofmt).", Cell: format},
		{Name: "reset", Usage: "%reset", Help: "Forget everything: the next cells run in fresh Go processes.", Run: s.reset},
	}
}

func (s *Session) help(_ context.Context, args []string, out directive.Output) error {
	if len(args) > 0 {
		d := s.runner.Set.Find(strings.TrimLeft(args[0], "%"))
		if d == nil {
			return fmt.Errorf("there is no directive %s", args[0])
		}
		out.Stream("stdout", d.Usage+"\n    "+d.Help+"\n")
		return nil
	}
	var b strings.Builder
	b.WriteString("Cells hold ordinary Go. Lines that begin with % are directives:\n\n")
	for _, d := range s.runner.Set.All() {
		help, _, _ := strings.Cut(d.Help, ". ")
		fmt.Fprintf(&b, "  %-44s %s.\n", d.Usage, strings.TrimSuffix(help, "."))
	}
	b.WriteString("\n%help NAME explains one. The value of a cell's last expression is shown below it.\nTab completes, Shift-Tab explains.\n")
	out.Stream("stdout", b.String())
	return nil
}

func format(_ context.Context, args []string, plan *directive.Plan) error {
	if len(args) > 0 {
		return fmt.Errorf("%%%%fmt takes no arguments, have %q", args)
	}
	plan.Rewrite = cell.Format
	return nil
}

func (s *Session) reset(_ context.Context, args []string, _ directive.Output) error {
	if len(args) > 0 {
		return fmt.Errorf("%%reset takes no arguments, have %q", args)
	}
	s.config.Reset()
	return nil
}

func (s *Session) directiveNames([]string) []string {
	var names []string
	for _, d := range s.runner.Set.All() {
		names = append(names, d.Name)
	}
	return names
}

// completeDirective completes the line of a directive.
func (s *Session) completeDirective(code string, cursor int) (worker.Completion, bool) {
	at, ok := s.runner.Set.Locate(upTo(code, cursor))
	if !ok {
		return worker.Completion{}, false
	}
	c := worker.Completion{Start: cursor - utf8.RuneCountInString(at.Word), End: cursor}
	for _, word := range s.runner.Set.Complete(at) {
		m := worker.Match{Text: word, Kind: "keyword", Start: c.Start, End: c.End}
		if d := s.runner.Set.Find(strings.TrimLeft(word, "%")); d != nil && at.Args == nil {
			m.Kind, m.Signature = "magic", d.Usage
		}
		c.Matches = append(c.Matches, m)
	}
	return c, true
}

// inspectDirective explains the directive in whose line the cursor is.
func (s *Session) inspectDirective(code string, cursor int) (worker.Inspection, bool) {
	rest := string([]rune(code)[utf8.RuneCountInString(upTo(code, cursor)):])
	line, _, _ := strings.Cut(rest, "\n")
	at, ok := s.runner.Set.Locate(upTo(code, cursor) + line)
	if !ok {
		return worker.Inspection{}, false
	}
	if at.Call == nil {
		return worker.Inspection{}, true
	}
	return worker.Inspection{Found: true, Data: map[string]string{
		"text/plain":    at.Call.Usage + "\n" + at.Call.Help,
		"text/markdown": "`" + at.Call.Usage + "`\n\n" + at.Call.Help,
	}}, true
}

// upTo returns code up to the cursor, which counts code points.
func upTo(code string, cursor int) string {
	runes := []rune(code)
	return string(runes[:min(max(cursor, 0), len(runes))])
}
