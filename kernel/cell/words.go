package cell

import (
	"regexp"
	"strings"
)

var (
	expectedFound = regexp.MustCompile(`^expected (.+), found (.+)$`)
	missingComma  = regexp.MustCompile(`^missing ',' (before newline )?in (.+)$`)
)

// compilerWords turns a message of go/parser into what the Go compiler says
// about the same mistake.
func compilerWords(msg string) string {
	if m := expectedFound.FindStringSubmatch(msg); m != nil {
		found := foundWord(m[2])
		switch expected := expectedWord(m[1]); expected {
		case "semicolon":
			return "syntax error: unexpected " + found + " at end of statement"
		default:
			return "syntax error: unexpected " + found + ", expected " + expected
		}
	}
	if m := missingComma.FindStringSubmatch(msg); m != nil {
		what := "token"
		if m[1] != "" {
			what = "newline"
		}
		closing := ")"
		if m[2] == "composite literal" {
			closing = "}"
		}
		return "syntax error: unexpected " + what + " in " + m[2] + "; possibly missing comma or " + closing
	}
	return "syntax error: " + msg
}

func expectedWord(s string) string {
	switch s {
	case "operand":
		return "expression"
	case "'IDENT'":
		return "name"
	case "';'":
		return "semicolon"
	}
	return strings.Trim(s, "'")
}

func foundWord(s string) string {
	kind, lit, ok := strings.Cut(s, " ")
	switch {
	case s == "newline" || s == "'EOF'":
		return strings.Trim(s, "'")
	case ok && kind == "'IDENT'":
		return "name " + lit
	case ok:
		return "literal " + lit
	}
	word := strings.Trim(s, "'")
	if len(word) > 1 && word[0] >= 'a' && word[0] <= 'z' {
		return "keyword " + word
	}
	return word
}
