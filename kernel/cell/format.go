package cell

import (
	"fmt"
	"go/format"
	"go/token"
	"strings"
)

// Format returns the cell as gofmt would have it: declarations, statements or
// a whole program, in any mixture. Directive lines are kept as they are. The
// error is an *Error with the cell's syntax errors; then text is returned.
func Format(text string) (string, error) {
	lines := strings.SplitAfter(text, "\n")
	from, to := directives(lines)
	head, body, tail := strings.Join(lines[:from], ""), strings.Join(lines[from:to], ""), strings.Join(lines[to:], "")
	if strings.TrimSpace(body) == "" {
		return text, nil
	}
	src := parse(token.NewFileSet(), "", Mask(text))
	if len(src.errs) > 0 {
		for i := range src.errs {
			src.errs[i].Line = src.line(src.errs[i].Pos.Line)
		}
		return text, &Error{src.errs}
	}
	code := strings.TrimRight(body, " \t\r\n")
	formatted, err := formatGo(code)
	if err != nil {
		return text, err
	}
	ends := strings.Count(body[len(code):], "\n")
	return head + formatted + strings.Repeat("\n", min(ends, 2)) + tail, nil
}

// formatGo formats text stretch by stretch, since gofmt takes declarations or
// statements, not both. Between stretches it leaves at most one empty line.
func formatGo(text string) (string, error) {
	var b strings.Builder
	list := stretches(text)
	for i, s := range list {
		out, err := s.format()
		if err != nil {
			return "", fmt.Errorf("format: %w", err)
		}
		if i > 0 {
			b.WriteString("\n")
			if emptyLineBefore(s.text) || s.function || list[i-1].function {
				b.WriteString("\n")
			}
		}
		b.WriteString(strings.TrimSpace(out))
	}
	return b.String(), nil
}

// A stretch is a part of a cell that is at one level.
type stretch struct {
	text     string
	kind     itemKind
	function bool // it has a function, which stands between empty lines
}

// statement tells go/format that what follows are statements: a function
// literal looks to it like a declaration.
const statement = "_ = 0\n\n"

func (s stretch) format() (string, error) {
	if s.kind == stmtItem {
		out, err := format.Source([]byte(statement + s.text))
		return strings.TrimPrefix(string(out), strings.TrimSpace(statement)), err
	}
	out, err := format.Source([]byte(s.text))
	return string(out), err
}

// stretches cuts text where package level and statement level alternate.
// Comments before a declaration or statement go with it.
func stretches(text string) []stretch {
	items, _ := split(text)
	if len(items) == 0 || items[0].kind == programItem {
		return []stretch{{text: text, kind: programItem}}
	}
	var list []stretch
	start, function := 0, false
	for i, it := range items {
		function = function || it.kind == declItem && it.function
		if i+1 == len(items) {
			list = append(list, stretch{text[start:], it.kind, function})
		} else if items[i+1].kind != it.kind {
			list = append(list, stretch{text[start:it.end], it.kind, function})
			start, function = it.end, false
		}
	}
	return list
}

func emptyLineBefore(s string) bool {
	blanks := s[:len(s)-len(strings.TrimLeft(s, " \t\r\n"))]
	return strings.Count(blanks, "\n") > 0
}
