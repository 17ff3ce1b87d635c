package cell

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// A source is the syntax of one cell, with every position in one token.File
// that holds the cell's own text and nothing else.
type source struct {
	name, text string
	file       *token.File
	program    bool
	prog       *ast.File     // the whole program, if program
	decls      []ast.Decl    // import, const, type and func declarations, in source order
	comments   *ast.File     // the file decls came from; nil if there are none
	stmts      []ast.Stmt    // everything else, in source order
	body       *ast.FuncDecl // a function that holds stmts; nil if there are none
	errs       []Diagnostic
}

// The two parses of a mixed cell see the text behind a prefix of one length,
// so that an offset has the same position in both.
const (
	declPrefix = "package main;         \n" // or a comment on the first line would be no doc comment
	stmtPrefix = "package main;func _() {"
	stmtSuffix = "\n}"
)

// parse splits text into what Go has at package level and what it has in a
// function, and parses both. Syntax errors are in errs.
func parse(fset *token.FileSet, name, text string) *source {
	s := &source{name: name, text: text}
	// The prefix needs room before the file, the suffix behind it.
	base := fset.Base() + len(stmtPrefix)
	s.file = fset.AddFile(name, base, len(text))
	s.file.SetLinesForContent([]byte(text))
	clean := text
	if strings.HasPrefix(clean, "\uFEFF") {
		clean = "   " + clean[len("\uFEFF"):]
	}
	items, errs := split(clean)
	for _, e := range errs {
		s.syntaxError(e.offset, e.msg)
	}
	if len(s.errs) > 0 {
		return s
	}
	if len(items) > 0 && items[0].kind == programItem {
		s.program = true
		s.prog = s.parseText(base, "", clean, "")
		return s
	}
	decls, stmts := []byte(clean), []byte(clean)
	var haveDecls, haveStmts bool
	for _, it := range items {
		if it.kind == declItem {
			haveDecls = true
			blank(stmts[it.start:it.end])
		} else {
			haveStmts = true
			blank(decls[it.start:it.end])
		}
	}
	if haveDecls {
		s.comments = s.parseText(base, declPrefix, string(decls), "")
		if s.comments != nil {
			s.decls = s.comments.Decls
		}
	}
	if haveStmts {
		if f := s.parseText(base, stmtPrefix, string(stmts), stmtSuffix); f != nil && len(f.Decls) > 0 {
			if fn, ok := f.Decls[0].(*ast.FuncDecl); ok && fn.Body != nil {
				s.body, s.stmts = fn, fn.Body.List
			}
		}
	}
	s.errs = sortDiagnostics(s.errs)
	return s
}

// parseText parses prefix+text+suffix so that positions in text are those of
// s.file, whose base is base.
func (s *source) parseText(base int, prefix, text, suffix string) *ast.File {
	scratch := token.NewFileSet()
	if gap := base - len(prefix) - scratch.Base() - 1; gap >= 0 {
		scratch.AddFile("", scratch.Base(), gap)
	}
	f, err := parser.ParseFile(scratch, s.name, prefix+text+suffix, parser.ParseComments|parser.SkipObjectResolution)
	if list, ok := err.(scanner.ErrorList); ok {
		for _, e := range list {
			offset := min(max(e.Pos.Offset-len(prefix), 0), len(text))
			s.syntaxError(offset, e.Msg)
		}
	}
	return f
}

// syntaxError notes a syntax error, the first one of a line. What the parser
// says of the end of the text after an earlier error only follows from that.
func (s *source) syntaxError(offset int, msg string) {
	atEnd := strings.TrimSpace(s.text[offset:]) == ""
	if atEnd {
		offset = len(strings.TrimRight(s.text, " \t\r\n"))
	}
	pos := s.file.Position(s.file.Pos(offset))
	for _, d := range s.errs {
		if d.Pos.Line == pos.Line || atEnd {
			return
		}
	}
	words := syntaxWords(msg, s.text, offset)
	s.errs = append(s.errs, Diagnostic{Pos: pos, End: pos, Msg: words, Hint: syntaxHint(words, s.line(pos.Line))})
}

// blank replaces everything but line ends by spaces.
func blank(text []byte) {
	for i, c := range text {
		if c != '\n' {
			text[i] = ' '
		}
	}
}

type itemKind int

const (
	stmtItem itemKind = iota
	declItem
	programItem
)

// An item is a stretch of a cell's text, from its first token to after the
// semicolon that ends it, and after a comment on the same line.
type item struct {
	kind       itemKind
	start, end int
	function   bool // it begins with func
	body       bool // it has a brace
}

// An offsetError is what is wrong with a text before it is parsed.
type offsetError struct {
	offset  int
	msg     string
	lexical bool
}

// split finds where package level and statement level alternate. It needs the
// tokens only, so that it works on text that does not parse. The errors are
// those that the parser would not see, or misunderstand, as it does not see
// the text in one piece.
func split(text string) ([]item, []offsetError) {
	t, errs := tokenize(text)
	var items []item
	if at := t.tooDeep(); at >= 0 {
		return nil, []offsetError{{offset: t[at].start, msg: "nesting depth limit exceeded"}}
	}
	for i := 0; i < len(t); {
		kind := t.kindAt(i)
		if kind == programItem && len(items) > 0 {
			kind = stmtItem // the parser says what is wrong with it
		}
		end := t.endOfItem(i)
		if len(items) > 0 && items[0].kind != programItem {
			if last := items[len(items)-1]; t[i].tok == token.LBRACE && last.kind == declItem && last.function && !last.body {
				errs = append(errs, offsetError{offset: t[i].start, msg: "unexpected semicolon or newline before {"})
			}
		}
		if kind != programItem && (len(items) == 0 || items[0].kind != programItem) {
			if at := t.unopened(i, end); at >= 0 {
				errs = append(errs, offsetError{offset: t[at].start, msg: "unexpected }: no { is open here"})
			}
		}
		it := item{kind: kind, start: t[i].start, end: t[end-1].end, function: t[i].tok == token.FUNC}
		for j := i; j < end; j++ {
			it.body = it.body || t[j].tok == token.LBRACE
		}
		items = append(items, it)
		i = end
	}
	if len(items) > 0 {
		// Errors of single tokens come again from the parser, in context.
		errs = slices.DeleteFunc(errs, func(e offsetError) bool { return e.lexical })
	}
	return items, errs
}

// maxNesting is how many brackets may be open at one place: what checks a cell
// needs memory for each, and no cell that a person reads has more.
const maxNesting = 1000

// tooDeep returns the index of the first bracket that is too many, or -1.
func (t lexemes) tooDeep() int {
	depth := 0
	for i, l := range t {
		switch l.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if depth++; depth > maxNesting {
				return i
			}
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth = max(depth-1, 0)
		}
	}
	return -1
}

// unopened returns the index of a closing brace in t[i:end] that nothing
// opens, or -1.
func (t lexemes) unopened(i, end int) int {
	depth := 0
	for ; i < end; i++ {
		switch t[i].tok {
		case token.LBRACE:
			depth++
		case token.RBRACE:
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return -1
}

type lexeme struct {
	tok        token.Token
	start, end int
	newline    bool // a semicolon that a line end stands for
	line       int
}

type lexemes []lexeme

func tokenize(text string) (lexemes, []offsetError) {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	var sc scanner.Scanner
	var errs []offsetError
	sc.Init(file, []byte(text), func(pos token.Position, msg string) {
		errs = append(errs, offsetError{offset: pos.Offset, msg: msg, lexical: true})
	}, scanner.ScanComments)
	var list lexemes
	for {
		pos, tok, lit := sc.Scan()
		if tok == token.EOF {
			return list, errs
		}
		start := file.Offset(pos)
		n := len(lit)
		if n == 0 {
			n = len(tok.String())
		}
		l := lexeme{tok: tok, start: start, end: min(start+n, len(text)), line: file.Line(pos)}
		switch {
		case tok == token.SEMICOLON && lit == "\n":
			l.newline = true
			l.end = start
			if start < len(text) && text[start] == '\n' {
				l.end = start + 1
			}
		case tok == token.COMMENT:
			// Only a comment behind something on its line belongs to an item.
			if len(list) > 0 {
				last := &list[len(list)-1]
				if last.tok == token.SEMICOLON && last.line == l.line {
					last.end = l.end
				}
			}
			continue
		}
		list = append(list, l)
	}
}

func (t lexemes) tok(i int) token.Token {
	if i < len(t) {
		return t[i].tok
	}
	return token.EOF
}

func (t lexemes) kindAt(i int) itemKind {
	switch t.tok(i) {
	case token.PACKAGE:
		return programItem
	case token.IMPORT, token.CONST, token.TYPE:
		return declItem
	case token.FUNC:
		switch t.tok(i + 1) {
		case token.IDENT:
			return declItem
		case token.LPAREN: // a method, or a function literal
			close := t.closing(i + 1)
			if t.tok(close+1) == token.IDENT && (t.tok(close+2) == token.LPAREN || t.tok(close+2) == token.LBRACK) {
				return declItem
			}
		}
	}
	return stmtItem
}

// closing returns the index of the bracket that closes the one at i.
func (t lexemes) closing(i int) int {
	depth := 0
	for ; i < len(t); i++ {
		switch t[i].tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(t)
}

// endOfItem returns the index after the semicolon that ends the item at i.
func (t lexemes) endOfItem(i int) int {
	for depth := 0; i < len(t); i++ {
		switch t[i].tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth = max(depth-1, 0)
		case token.SEMICOLON:
			if depth == 0 {
				return i + 1
			}
		}
	}
	return i
}

// line returns line n of the cell, without its end.
func (s *source) line(n int) string {
	if n < 1 || n > s.file.LineCount() {
		return ""
	}
	text, _, _ := strings.Cut(s.text[s.file.Offset(s.file.LineStart(n)):], "\n")
	return strings.TrimSuffix(text, "\r")
}
