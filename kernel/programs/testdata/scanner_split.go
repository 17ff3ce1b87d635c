// bufio.Scanner with split functions of one's own.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// CRLF splits at "\r\n" only.
func CRLF(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.Index(data, []byte("\r\n")); i >= 0 {
		return i + 2, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

var errNetstring = errors.New("bad netstring")

// Netstrings splits "5:hello,3:abc,".
func Netstrings(data []byte, atEOF bool) (int, []byte, error) {
	if len(data) == 0 {
		return 0, nil, nil
	}
	i := bytes.IndexByte(data, ':')
	if i < 0 {
		if atEOF || len(data) > 9 {
			return 0, nil, fmt.Errorf("%w: no colon in %q", errNetstring, data)
		}
		return 0, nil, nil
	}
	n, err := strconv.Atoi(string(data[:i]))
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %w", errNetstring, err)
	}
	end := i + 1 + n
	if len(data) <= end {
		if atEOF {
			return 0, nil, io.ErrUnexpectedEOF
		}
		return 0, nil, nil
	}
	if data[end] != ',' {
		return 0, nil, fmt.Errorf("%w: %q instead of a comma", errNetstring, data[end])
	}
	return end + 1, data[i+1 : end], nil
}

// Chunks makes a split function for n runes each.
func Chunks(n int) bufio.SplitFunc {
	return func(data []byte, atEOF bool) (int, []byte, error) {
		count, off := 0, 0
		for off < len(data) && count < n {
			if !atEOF && !utf8.FullRune(data[off:]) {
				return 0, nil, nil
			}
			_, w := utf8.DecodeRune(data[off:])
			off += w
			count++
		}
		if count == n || atEOF && off > 0 {
			return off, data[:off], nil
		}
		return 0, nil, nil
	}
}

// Until stops at a word.
func Until(split bufio.SplitFunc, word string) bufio.SplitFunc {
	return func(data []byte, atEOF bool) (advance int, token []byte, err error) {
		advance, token, err = split(data, atEOF)
		if err == nil && string(token) == word {
			return 0, []byte("(stopped)"), bufio.ErrFinalToken
		}
		return
	}
}

// slow gives a byte or two at a time.
type slow struct {
	s string
	n int
}

func (s *slow) Read(p []byte) (int, error) {
	if s.s == "" {
		return 0, io.EOF
	}
	s.n = s.n%2 + 1
	n := copy(p, s.s[:min(s.n, len(s.s))])
	s.s = s.s[n:]
	return n, nil
}

func scan(name, text string, split bufio.SplitFunc) {
	sc := bufio.NewScanner(&slow{s: text})
	sc.Split(split)
	sc.Buffer(make([]byte, 0, 8), 32)
	var tokens []string
	for sc.Scan() {
		tokens = append(tokens, sc.Text())
	}
	fmt.Printf("%-8s%q", name, tokens)
	if err := sc.Err(); err != nil {
		fmt.Printf(" error: %v (bad netstring: %t, too long: %t)", err, errors.Is(err, errNetstring), errors.Is(err, bufio.ErrTooLong))
	}
	fmt.Println()
}

type lexer struct {
	*bufio.Scanner
	line int
}

func (l *lexer) Scan() bool {
	l.line++
	return l.Scanner.Scan()
}

func main() {
	scan("crlf", "GET / HTTP/1.1\r\nHost: x\n y\r\n\r\nbody", CRLF)
	scan("net", "5:hello,0:,11:a,b:c;d e f,", Netstrings)
	scan("net", "5:hello,3:abcd,", Netstrings)
	scan("net", "x:hello,", Netstrings)
	scan("net", "9:short,", Netstrings)
	scan("net", "12", Netstrings)
	scan("three", "naïve café, 日本語!", Chunks(3))
	scan("words", "  to be or not to  be ", bufio.ScanWords)
	scan("until", "one two STOP three", Until(bufio.ScanWords, "STOP"))
	scan("runes", "aé\xffz", bufio.ScanRunes)
	scan("long", strings.Repeat("long", 20), bufio.ScanLines)
	scan("lines", "a\n\nb\r\nc", bufio.ScanLines)

	l := &lexer{Scanner: bufio.NewScanner(strings.NewReader("x = 1\n# comment\n\ny = 2\nbad"))}
	vars := map[string]int{}
	for l.Scan() {
		text := strings.TrimSpace(l.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			fmt.Printf("line %d: no = in %q\n", l.line, text)
			continue
		}
		n, _ := strconv.Atoi(strings.TrimSpace(value))
		vars[strings.TrimSpace(name)] = n
	}
	fmt.Println(vars, l.line)
	r := bufio.NewReaderSize(strings.NewReader("peek a boo\nsecond line"), 16)
	b, err := r.Peek(4)
	fmt.Printf("%s %v %d\n", b, err, r.Buffered())
	c, size, _ := r.ReadRune()
	r.UnreadRune()
	line, isPrefix, err := r.ReadLine()
	fmt.Printf("%c %d %q %t %v\n", c, size, line, isPrefix, err)
	_, err = r.ReadString(0)
	fmt.Println(err)
}
