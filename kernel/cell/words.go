package cell

import (
	"go/scanner"
	"go/token"
	"strings"
)

// This file turns the words of go/parser and go/types into those of the Go
// compiler, where they differ.

var (
	expectedFound = pattern(`^expected (.+?), found (.+)$`)
	missingComma  = pattern(`^missing ',' (before newline )?in (.+)$`)
)

// lexical are the scanner's messages about a token by itself, which the
// compiler does not call syntax errors.
var lexical = strings.NewReplacer(
	"illegal character", "invalid character",
	"raw string literal not terminated", "string not terminated",
	"string literal not terminated", "newline in string",
	"illegal rune literal", "more than one character in rune literal",
)

// syntaxWords is what the compiler says where go/parser says msg about the
// text at offset.
func syntaxWords(msg, text string, offset int) string {
	if m := expectedFound().FindStringSubmatch(msg); m != nil {
		return "syntax error: " + unexpected(m[1], m[2], text, offset)
	}
	if m := missingComma().FindStringSubmatch(msg); m != nil {
		found := foundWord(text, offset)
		if m[1] != "" {
			found = "newline"
		}
		closing := ")"
		if m[2] == "composite literal" {
			closing = "}"
		}
		return "syntax error: unexpected " + found + " in " + m[2] + "; possibly missing comma or " + closing
	}
	switch {
	case isLexical(msg):
		return lexical.Replace(msg)
	case strings.HasSuffix(msg, "must be function call"), strings.HasSuffix(msg, "must not be parenthesized"):
		return msg
	}
	return "syntax error: " + strings.Replace(msg, "; expecting", "; expected", 1)
}

func isLexical(msg string) bool {
	for _, prefix := range []string{"illegal ", "invalid ", "string literal", "raw string", "rune literal", "comment not", "unknown escape", "escape ", "hexadecimal ", "octal ", "binary ", "'_' must", "exponent ", "empty rune"} {
		if strings.HasPrefix(msg, prefix) {
			return true
		}
	}
	return false
}

func unexpected(expected, found, text string, offset int) string {
	if strings.HasPrefix(found, "assignment") {
		return "cannot use assignment as value"
	}
	word := "newline"
	if found != "newline" || strings.TrimSpace(text[offset:]) == "" {
		word = foundWord(text, offset)
	}
	switch expected {
	case "';'":
		return "unexpected " + word + " at end of statement"
	case "statement":
		if word == ")" || word == "]" {
			return "unexpected " + word + " at end of statement"
		}
	case "declaration":
		if word == "}" {
			return "unexpected } after top level declaration"
		}
		return "non-declaration statement outside function body"
	case "operand":
		expected = "expression"
	case "'IDENT'":
		expected = "name"
	case "'{'":
		expected = "{"
		if k := firstKeyword(text, offset); word == "newline" && (k == "if" || k == "for") {
			expected = "{ after " + k + " clause"
		}
	case "'('":
		expected = "("
		if strings.HasSuffix(strings.TrimRight(text[:offset], " \t"), "func") {
			expected = "name or ("
		}
	default:
		expected = strings.Trim(expected, "'")
	}
	return "unexpected " + word + ", expected " + expected
}

// foundWord names the token at offset.
func foundWord(text string, offset int) string {
	if strings.TrimSpace(text[offset:]) == "" {
		return "EOF"
	}
	if text[offset] == '\n' {
		return "newline"
	}
	var sc scanner.Scanner
	sc.Init(token.NewFileSet().AddFile("", -1, len(text)-offset), []byte(text[offset:]), nil, 0)
	_, tok, lit := sc.Scan()
	switch {
	case tok == token.IDENT:
		return "name " + lit
	case tok.IsLiteral():
		return "literal " + lit
	case tok.IsKeyword():
		return "keyword " + tok.String()
	case tok == token.COMMA:
		return "comma"
	case tok == token.SEMICOLON:
		return "semicolon"
	}
	return tok.String()
}

// firstKeyword returns the first word of the line that offset is in.
func firstKeyword(text string, offset int) string {
	line := text[strings.LastIndexByte(text[:offset], '\n')+1 : offset]
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return word
}

// typeWords is what the compiler says where go/types says msg.
func typeWords(msg string) string {
	switch {
	case strings.HasPrefix(msg, "label ") && strings.HasSuffix(msg, " declared and not used"):
		return strings.Replace(msg, " declared and not used", " defined and not used", 1)
	case strings.HasPrefix(msg, "break not in "):
		return "break is not in a loop, switch, or select"
	case strings.HasPrefix(msg, "continue not in "):
		return "continue is not in a loop"
	case strings.HasPrefix(msg, "invalid break label "):
		return "break label not defined: " + strings.TrimPrefix(msg, "invalid break label ")
	case strings.HasPrefix(msg, "label ") && strings.HasSuffix(msg, " not declared"):
		return strings.TrimSuffix(msg, "declared") + "defined"
	}
	return functionLiteral().ReplaceAllString(msg, "$1 {}")
}

// functionLiteral is how go/types shortens a function literal.
var functionLiteral = pattern(`\((func\([^{}]*) literal\)`)
