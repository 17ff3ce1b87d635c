// Package complete says what may stand at a place in a cell, and what is known
// of what stands there, from the same types that the cell will be checked with.
//
// Call [Complete] and [Inspect] with the environment of the Go process that
// the cell would run in. Both take the text as it is, broken in the middle of
// typing, and places in Unicode code points, as Jupyter counts them. Directive
// lines are none of their business: there they answer nothing.
package complete

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"sockbook/kernel/cell"
)

// A Completion is what may stand at a place.
type Completion struct {
	Start, End int // what every match replaces, in code points
	Matches    []Match
}

// A Match is one text that completes.
type Match struct {
	Text string // instead of what is between the Completion's Start and End
	Kind Kind
	// Signature is the type: of a function without its name, as "(a int) error".
	Signature string
	// Import is the path of a package that is not imported yet. If the cursor
	// is in a statement of one line at the top of the cell, Text brings the
	// import: it is the import declaration, a line end, and the statement up to
	// what is completed; the Completion's Start is where the statement begins.
	// Elsewhere Text is the name alone, and the import is left to be added.
	Import string
	// Label is what is completed, without the import: "Println".
	Label string

	brought bool
}

// A Kind says what a match is, in the words of Jupyter's
// _jupyter_types_experimental.
type Kind string

// The kinds of matches.
const (
	Function Kind = "function"
	Method   Kind = "method"
	Field    Kind = "field"
	Variable Kind = "variable"
	Constant Kind = "constant"
	Type     Kind = "type"
	Module   Kind = "module"
	Keyword  Kind = "keyword"
)

// maxMatches bounds an answer.
const maxMatches = 500

// Complete returns what may stand at the cursor.
func Complete(env *cell.Env, text string, cursor int) Completion {
	at := byteOffset(text, cursor)
	p := newPlace(env, text, at, false)
	none := Completion{Start: cursor, End: cursor}
	if p == nil {
		return none
	}
	candidates := p.candidates()
	matches := filter(candidates, p.prefix)
	if len(matches) == 0 {
		return none
	}
	if len(matches) > maxMatches {
		matches = matches[:maxMatches]
	}
	start := p.start
	if slices.ContainsFunc(matches, func(m Match) bool { return m.brought }) {
		start = p.importStart
	}
	return Completion{Start: codePoints(text, start), End: codePoints(text, p.end), Matches: matches}
}

// filter keeps the matches that fit the prefix, each text once.
func filter(candidates []Match, prefix string) []Match {
	seen := map[string]bool{}
	return slices.DeleteFunc(fitting(candidates, prefix, func(m Match) string { return m.Label }), func(m Match) bool {
		again := seen[m.Text]
		seen[m.Text] = true
		return again
	})
}

// fitting returns what begins with prefix; if nothing does, what begins with
// it in other cases; if still nothing does, what has it inside.
func fitting[T any](list []T, prefix string, label func(T) string) []T {
	lower := strings.ToLower(prefix)
	for _, fits := range []func(string) bool{
		func(s string) bool { return strings.HasPrefix(s, prefix) },
		func(s string) bool { return strings.HasPrefix(strings.ToLower(s), lower) },
		func(s string) bool { return len(prefix) > 1 && strings.Contains(strings.ToLower(s), lower) },
	} {
		var found []T
		for _, x := range list {
			if fits(label(x)) {
				found = append(found, x)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// byLabel sorts matches of one rank.
func byLabel(list []Match) []Match {
	slices.SortStableFunc(list, func(a, b Match) int { return cmp.Compare(a.Label, b.Label) })
	return list
}

// byteOffset returns the byte that a number of code points ends before.
func byteOffset(text string, points int) int {
	for i := range text {
		if points <= 0 {
			return i
		}
		points--
	}
	return len(text)
}

// codePoints returns how many code points the first n bytes are.
func codePoints(text string, n int) int { return utf8.RuneCountInString(text[:min(n, len(text))]) }
