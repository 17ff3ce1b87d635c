package cell

import (
	"go/token"
	"strings"
)

// Status says whether a text can be run, as Jupyter's is_complete_reply does.
type Status string

// The answers of [IsComplete].
const (
	Complete   Status = "complete"
	Incomplete Status = "incomplete" // more lines are needed
	Invalid    Status = "invalid"    // no further line would make it Go
)

// IsComplete says whether a person who has typed text as a cell is done. For
// an incomplete text indent is what the next line should begin with.
func IsComplete(text string) (status Status, indent string) {
	masked := Mask(text)
	tokens, errs := tokenize(masked)
	for _, e := range errs {
		switch e.msg {
		case "comment not terminated", "raw string literal not terminated":
			return Incomplete, ""
		}
	}
	open, ok := unclosed(tokens)
	if !ok {
		return Invalid, ""
	}
	src := parse(token.NewFileSet(), "", masked)
	end := len(strings.TrimRight(masked, " \t\r\n"))
	for _, d := range src.errs {
		if d.Pos.Offset < end {
			return Invalid, ""
		}
	}
	switch {
	case len(open) > 0:
		return Incomplete, indentAfter(tokens, open)
	case len(src.errs) > 0:
		return Incomplete, "\t"
	case src.program && !strings.Contains(masked, "func main"):
		return Incomplete, ""
	}
	return Complete, ""
}

// unclosed returns the indexes of brackets that are open at the end, or false
// if one is closed that is not open.
func unclosed(t lexemes) (open []int, ok bool) {
	closes := map[token.Token]token.Token{token.RPAREN: token.LPAREN, token.RBRACK: token.LBRACK, token.RBRACE: token.LBRACE}
	for i, l := range t {
		switch l.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open = append(open, i)
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) == 0 || t[open[len(open)-1]].tok != closes[l.tok] {
				return nil, false
			}
			open = open[:len(open)-1]
		}
	}
	return open, true
}

// indentAfter returns the tabs that gofmt puts before the next line: one for
// each line that leaves brackets open, and one more for a continued line. The
// cases of a switch stand where the switch does.
func indentAfter(t lexemes, open []int) string {
	tabs := 0
	for i, at := range open {
		if i == 0 || t[open[i-1]].line != t[at].line {
			tabs++
		}
	}
	innermost := open[len(open)-1]
	last := t[len(t)-1]
	if t[innermost].tok == token.LBRACE {
		header := t.lineStart(innermost)
		if t[header].tok == token.SWITCH || t[header].tok == token.SELECT {
			if innermost == len(t)-1 {
				tabs--
			}
		}
		if continues(last.tok) && innermost != len(t)-1 {
			tabs++
		}
	}
	return strings.Repeat("\t", max(tabs, 0))
}

// lineStart returns the index of the first token on the line of token i.
func (t lexemes) lineStart(i int) int {
	for i > 0 && t[i-1].line == t[i].line {
		i--
	}
	return i
}

// continues says whether a line that ends with tok goes on in the next one.
func continues(tok token.Token) bool {
	return tok.IsOperator() && tok != token.SEMICOLON && tok != token.COLON &&
		tok != token.LBRACE && tok != token.LPAREN && tok != token.LBRACK && tok != token.COMMA
}
