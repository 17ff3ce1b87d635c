package page

import (
	"go/scanner"
	"go/token"
	"html"
	"strings"
)

// highlight is the text of a cell as HTML in which words of Go, texts, numbers,
// comments and directives are told apart.
func highlight(text string) string {
	var out strings.Builder
	lines := strings.SplitAfter(text, "\n")
	first := 0
	for first < len(lines) && (strings.HasPrefix(lines[first], "%") || strings.TrimSpace(lines[first]) == "") {
		out.WriteString(mark("d", lines[first]))
		first++
	}
	last := len(lines)
	for last > first && (strings.HasPrefix(lines[last-1], "%") || strings.TrimSpace(lines[last-1]) == "") {
		last--
	}
	out.WriteString(highlightGo(strings.Join(lines[first:last], "")))
	for _, line := range lines[last:] {
		out.WriteString(mark("d", line))
	}
	return out.String()
}

// mark puts a class around a line, blank ones left as they are.
func mark(class, text string) string {
	if strings.TrimSpace(text) == "" {
		return html.EscapeString(text)
	}
	return "<span class=\"" + class + "\">" + html.EscapeString(text) + "</span>"
}

func highlightGo(text string) string {
	var out strings.Builder
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	sc.Init(file, []byte(text), func(token.Position, string) {}, scanner.ScanComments)
	at := 0
	for {
		pos, tok, lit := sc.Scan()
		if tok == token.EOF {
			break
		}
		class := ""
		switch {
		case tok == token.COMMENT:
			class = "c"
		case tok == token.STRING || tok == token.CHAR:
			class = "s"
		case tok == token.INT || tok == token.FLOAT || tok == token.IMAG:
			class = "n"
		case tok.IsKeyword():
			class = "k"
		default:
			continue
		}
		from := file.Offset(pos)
		if from < at || from+len(lit) > len(text) {
			continue
		}
		out.WriteString(html.EscapeString(text[at:from]))
		out.WriteString(mark(class, text[from:from+len(lit)]))
		at = from + len(lit)
	}
	out.WriteString(html.EscapeString(text[at:]))
	return out.String()
}
