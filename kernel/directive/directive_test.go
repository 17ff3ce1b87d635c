package directive_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sockbook/kernel/directive"
)

func set() *directive.Set {
	run := func(context.Context, []string, directive.Output) error { return nil }
	cell := func(context.Context, []string, *directive.Plan) error { return nil }
	s := &directive.Set{}
	s.Add(
		directive.Directive{Name: "on", Usage: "%%on NAME", Cell: cell, Complete: func([]string) []string { return []string{"server", "client"} }},
		directive.Directive{Name: "wire", Usage: "%%wire or %wire", Cell: cell, Run: run},
		directive.Directive{Name: "kill", Usage: "%kill NAME", Run: run},
	)
	return s
}

func TestSplit(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "go "},
		{"only Go", "x := 1\ny", "go x := 1⏎y"},
		{"a line", "%kill server SIGTERM", "before kill [server SIGTERM] 1; go "},
		{"lines around Go", "%kill a\n\nx := 1\n%kill b\n", "before kill [a] 1; go ⏎⏎x := 1⏎⏎; after kill [b] 4"},
		{"cell lines", "%%on server &\n%%wire\nx", "plan on [server &] 1; plan wire [] 2; go ⏎⏎x"},
		{"a comment before", "// first\n%%on server\nx", "plan on [server] 2; go // first⏎⏎x"},
		{"a raw string", "f(`\n%d\n`)", "go f(`⏎%d⏎`)"},
		{"a raw string at the end", "f(`\n%kill`)", "go f(`⏎%kill`)"},
		{"an unknown line after Go", "x\n%nothing", "go x⏎%nothing"},
		{"carriage returns", "%kill a\r\nx", "before kill [a] 1; go ⏎x"},
		{"in the middle", "x\n%kill a\ny", "go x⏎%kill a⏎y"},
		{"unknown", "%kil a", "1: there is no directive %kil (did you mean %kill?)"},
		{"unknown and far", "%nothing", "1: there is no directive %nothing (%help lists the directives)"},
		{"no name", "\n% x", "2: this is no directive: a name must follow % (%help lists the directives)"},
		{"line as cell", "%%kill a\nx", "1: %%kill does not stand before a cell; write %kill (usage: %kill NAME)"},
		{"cell as line", "%on a", "1: %on stands before a cell; write %%on as its first line (usage: %%on NAME)"},
		{"cell after Go", "x\n%%wire", "2: %%wire must be the cell's first line (usage: %%wire or %wire)"},
		{"cell after line", "%kill a\n%%wire\nx", "2: %%wire must stand before the lines with one % (usage: %%wire or %wire)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, show(set().Split(test.text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func show(c *directive.Cell, err error) string {
	var e *directive.Error
	if errors.As(err, &e) {
		return fmt.Sprintf("%d: %s (%s)", e.Line, e.Msg, e.Hint)
	}
	var parts []string
	add := func(kind string, calls []directive.Call) {
		for _, call := range calls {
			parts = append(parts, fmt.Sprintf("%s %s %v %d", kind, call.Name, call.Args, call.Line))
		}
	}
	add("plan", c.Plan)
	add("before", c.Before)
	parts = append(parts, "go "+strings.ReplaceAll(c.Go, "\n", "⏎"))
	add("after", c.After)
	return strings.Join(parts, "; ")
}

func TestComplete(t *testing.T) {
	tests := []struct {
		prefix, want string
		ok           bool
	}{
		{"x", "", false},
		{"%", "%kill %%on %wire %%wire", true},
		{"x\n%%", "%%on %%wire", true},
		{"%ki", "%kill", true},
		{"%%on ", "client server", true},
		{"%%on cl", "client", true},
		{"%kill ", "", true},
		{"%nothing a", "", true},
	}
	for _, test := range tests {
		at, ok := set().Locate(test.prefix)
		var got string
		if ok {
			got = strings.Join(set().Complete(at), " ")
		}
		if ok != test.ok || got != test.want {
			t.Errorf("%q: %q, %v, want %q", test.prefix, got, ok, test.want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("%%on server &\n%kill a\nx := `\n%d`\n%kill b")
	f.Add("%\n%%\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := set().Split(text)
		if err != nil {
			return
		}
		if strings.Count(c.Go, "\n") != strings.Count(text, "\n") {
			t.Error("lines do not keep their numbers")
		}
		again, err := set().Split(c.Go)
		if err == nil && again.Go != c.Go {
			t.Errorf("%q became %q", c.Go, again.Go)
		}
	})
}
