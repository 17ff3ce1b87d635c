package diagram

import (
	"strings"
	"unicode/utf8"
)

// put writes s into the line from a column on; what is outside is left out.
func put(line []rune, col int, s string) {
	for _, r := range s {
		if col >= 0 && col < len(line) {
			line[col] = r
		}
		col++
	}
}

// breakable tells whether a line may end before r[i].
func breakable(r []rune, i int) bool {
	return r[i] == ' ' || i > 0 && strings.ContainsRune(":/-", r[i-1]) && r[i] != ' '
}

// wrap breaks s into parts of at most width columns: at spaces, after a colon,
// stroke or hyphen, and elsewhere only in longer words.
func wrap(s string, width int) []string {
	var out []string
	r := []rune(strings.TrimRight(s, " "))
	for len(r) > width {
		cut := width
		for cut > width/2 && !breakable(r, cut) {
			cut--
		}
		if !breakable(r, cut) {
			cut = width
		}
		out = append(out, strings.TrimRight(string(r[:cut]), " "))
		r = []rune(strings.TrimLeft(string(r[cut:]), " "))
	}
	return append(out, string(r))
}

func cutText(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	r := []rune(s)
	return string(r[:max(0, width-1)]) + "…"
}

// wrapWidth breaks s into lines that fit in a width.
func wrapWidth(s string, f font, size, width float64) []string {
	chars := max(20, int(width/(size*0.45)))
	for ; chars > 20; chars-- {
		lines, ok := wrap(s, chars), true
		for _, l := range lines {
			ok = ok && f.width(l, size) <= width
		}
		if ok {
			return lines
		}
	}
	return wrap(s, 20)
}
