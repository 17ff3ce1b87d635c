package complete

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"slices"
	"strings"

	"sockbook/kernel/cell"
)

// A place is where the cursor is in a cell.
type place struct {
	env        *cell.Env
	text       string // directive lines masked
	at         int    // the cursor, a byte of text
	tokens     []lexeme
	prev       int    // index of the last token before the word at the cursor, or -1
	start, end int    // of the word at the cursor, which is to be replaced
	prefix     string // the word up to the cursor
	quoted     bool   // the cursor is in an import path

	// importStart is where the declaration or statement begins that the cursor
	// is in; an import declaration may stand there.
	importStart int

	sketch *cell.Sketch
}

type lexeme struct {
	tok        token.Token
	start, end int
}

// cursorName stands in for a name that is not written yet.
const cursorName = "ˇcursor"

// newPlace looks at the tokens around the cursor; nil if nothing is to be said
// there: in a comment, a string, a number or a directive.
//
// A cursor right before a word is at that word if whole says so; otherwise a
// new word begins there.
func newPlace(env *cell.Env, text string, at int, whole bool) *place {
	masked := cell.Mask(text)
	p := &place{env: env, text: masked, at: at, start: at, end: at, prev: -1}
	if inMask(text, masked, at) {
		return nil
	}
	p.tokens = lex(masked)
	for i, t := range p.tokens {
		if t.start > at || t.start == at && (!whole || p.prefix != "") {
			break
		}
		if t.start < at && t.end < at || t.start < at && t.end == at && t.tok != token.IDENT && !t.tok.IsKeyword() && !openEnded(t, masked) {
			p.prev = i
			continue
		}
		switch {
		case t.tok == token.IDENT || t.tok.IsKeyword():
			p.start, p.end = t.start, t.end
			p.prefix = masked[t.start:at]
		case t.tok == token.STRING && p.inImport(i):
			p.quoted = true
			p.start, p.end = t.start+1, t.end
			if t.end > t.start+1 && strings.HasSuffix(masked[:t.end], "\"") {
				p.end--
			}
			p.prefix = masked[p.start:max(at, p.start)]
		case t.tok == token.COMMENT, t.tok.IsLiteral():
			return nil
		}
		break
	}
	return p
}

// inMask says whether the cursor is in a directive line.
func inMask(text, masked string, at int) bool {
	from := strings.LastIndexByte(text[:at], '\n') + 1
	to := len(text)
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		to = at + i
	}
	return text[from:to] != masked[from:to]
}

// openEnded says whether a cursor right behind a token is still in it.
func openEnded(t lexeme, text string) bool {
	switch t.tok {
	case token.COMMENT:
		return strings.HasPrefix(text[t.start:], "//") || !strings.HasSuffix(text[:t.end], "*/")
	case token.STRING, token.CHAR:
		return t.end == t.start+1 || text[t.end-1] != text[t.start]
	case token.INT, token.FLOAT, token.IMAG:
		return true
	}
	return false
}

func lex(text string) []lexeme {
	file := token.NewFileSet().AddFile("", -1, len(text))
	var sc scanner.Scanner
	sc.Init(file, []byte(text), func(token.Position, string) {}, scanner.ScanComments)
	var list []lexeme
	for {
		pos, tok, lit := sc.Scan()
		if tok == token.EOF {
			return list
		}
		start := file.Offset(pos)
		n := len(lit)
		switch {
		case n == 0:
			n = len(tok.String())
		case tok == token.SEMICOLON:
			n = 0
		}
		list = append(list, lexeme{tok, start, min(start+n, len(text))})
	}
}

// inImport says whether token i is in an import declaration.
func (p *place) inImport(i int) bool {
	for i--; i >= 0; i-- {
		switch p.tokens[i].tok {
		case token.IMPORT:
			return true
		case token.STRING, token.IDENT, token.PERIOD, token.SEMICOLON, token.LPAREN, token.COMMENT:
		default:
			return false
		}
		if p.tokens[i].tok == token.LPAREN && (i == 0 || p.tokens[i-1].tok != token.IMPORT) {
			return false
		}
		if p.tokens[i].tok == token.SEMICOLON && !p.openParen(i) {
			return false
		}
	}
	return false
}

// openParen says whether a parenthesis is open at token i.
func (p *place) openParen(i int) bool {
	depth := 0
	for i--; i >= 0; i-- {
		switch p.tokens[i].tok {
		case token.RPAREN:
			depth--
		case token.LPAREN:
			if depth++; depth > 0 {
				return true
			}
		}
	}
	return false
}

// prevTok is the token before the word at the cursor, comments left out.
func (p *place) prevTok() token.Token {
	for i := p.prev; i >= 0; i-- {
		if p.tokens[i].tok != token.COMMENT {
			return p.tokens[i].tok
		}
	}
	return token.ILLEGAL
}

// look checks the cell as far as it goes. What is behind the cursor is left
// out if the text does not parse, and open brackets are closed.
func (p *place) look() {
	name := p.text[p.start:p.end]
	if name == "" && p.prevTok() == token.PERIOD {
		name = cursorName
	}
	before := p.text[:p.start] + name
	if p.statementIs(token.GO, token.DEFER) {
		before += "()"
	}
	whole := before + p.text[p.end:]
	if status, _ := cell.IsComplete(whole); status != cell.Complete {
		whole = before + closers(lex(before)) + "\n" + p.laterDeclarations()
	}
	p.sketch = p.env.Sketch(whole)
	if p.prevTok() == token.PERIOD && p.selector() == nil {
		// The parser lost its way before the cursor: look at this line only.
		line := strings.LastIndexByte(before[:p.start], '\n') + 1
		alone := strings.Repeat(" ", line) + before[line:]
		p.sketch = p.env.Sketch(alone + closers(lex(alone)))
	}
	p.importStart = p.itemStart()
}

// selector returns the selector expression whose selected name is at the
// cursor.
func (p *place) selector() *ast.SelectorExpr {
	var sel *ast.SelectorExpr
	at := p.sketch.Pos(p.start)
	p.sketch.Nodes(func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Pos() == at {
			sel = s
		}
		return true
	})
	return sel
}

// statementIs says whether the statement that the cursor is at the end of
// begins with one of the tokens.
func (p *place) statementIs(toks ...token.Token) bool {
	if next := strings.TrimLeft(p.text[p.end:], " \t"); next != "" && next[0] != '\n' {
		return false
	}
	for i := p.prev; i >= 0; i-- {
		switch t := p.tokens[i].tok; t {
		case token.PERIOD, token.IDENT:
		default:
			for _, want := range toks {
				if t == want {
					return true
				}
			}
			return false
		}
	}
	return false
}

// closers are the brackets that close what tokens leave open. A function
// literal after go or defer is called, too.
func closers(tokens []lexeme) string {
	var open []string
	called := -1 // how many brackets were open at go func or defer func
	for i, t := range tokens {
		switch t.tok {
		case token.FUNC:
			if i > 0 && (tokens[i-1].tok == token.GO || tokens[i-1].tok == token.DEFER) {
				called = len(open)
			}
		case token.LPAREN:
			open = append(open, ")")
		case token.LBRACK:
			open = append(open, "]")
		case token.LBRACE:
			if called == len(open) {
				open = append(open, "\n}()")
				called = -1
			} else {
				open = append(open, "\n}")
			}
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
	}
	slices.Reverse(open)
	return strings.Join(open, "")
}

// laterDeclarations returns the functions and types that begin a line behind
// the cursor, each up to the next one: what stands at the cursor may use them.
func (p *place) laterDeclarations() string {
	rest := p.text[p.end:]
	i := strings.IndexByte(rest, '\n')
	if i < 0 {
		return ""
	}
	var b strings.Builder
	keep := false
	for line := range strings.Lines(rest[i+1:]) {
		if line[0] != ' ' && line[0] != '\t' && line[0] != '}' && line[0] != ')' && strings.TrimSpace(line) != "" {
			keep = strings.HasPrefix(line, "func ") || strings.HasPrefix(line, "type ") || strings.HasPrefix(line, "const ")
		}
		if keep {
			b.WriteString(line)
		}
	}
	if status, _ := cell.IsComplete(b.String()); status != cell.Complete {
		return ""
	}
	return b.String()
}

// itemStart is where the outermost declaration or statement around the cursor
// begins, with its comment; in a program, where imports are.
func (p *place) itemStart() int {
	at := p.sketch.Pos(p.start)
	start := p.start
	inside := func(n ast.Node, doc *ast.CommentGroup) {
		if n.Pos() <= at && at <= n.End() && n.Pos().IsValid() {
			start = p.sketch.Offset(n.Pos())
			if doc != nil {
				start = p.sketch.Offset(doc.Pos())
			}
		}
	}
	for _, s := range p.sketch.Stmts {
		inside(s, nil)
	}
	for _, d := range p.sketch.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			inside(d, d.Doc)
		case *ast.GenDecl:
			inside(d, d.Doc)
		}
	}
	return min(start, p.start)
}
