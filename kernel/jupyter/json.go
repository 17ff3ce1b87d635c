package jupyter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// maxDepth bounds the nesting of objects and arrays in a part of a message.
const maxDepth = 500

// checkObject reports why text is not one JSON object in UTF-8 whose objects name no key twice. Python's parser would
// take the last of two equal keys, others the first: a message that reads differently in two places is refused.
func checkObject(text []byte) error {
	if !utf8.Valid(text) {
		return ErrNotUTF8
	}
	if !json.Valid(text) {
		return fmt.Errorf("%w: not JSON", ErrNotObject)
	}
	for _, c := range text {
		if c == '{' {
			break
		}
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return ErrNotObject
		}
	}
	return checkKeys(text)
}

// A level is one object or array that a scan is inside of.
type level struct {
	keys    map[string]struct{} // nil in an array
	wantKey bool                // the next string is a key
}

// checkKeys looks for duplicate keys and too deep nesting in text, which must be valid JSON: only strings, brackets and
// commas matter then.
func checkKeys(text []byte) error {
	var stack []level
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			if len(stack) == maxDepth {
				return ErrTooDeep
			}
			l := level{}
			if text[i] == '{' {
				l = level{keys: make(map[string]struct{}), wantKey: true}
			}
			stack = append(stack, l)
		case '}', ']':
			stack = stack[:len(stack)-1]
		case ',':
			top := &stack[len(stack)-1]
			top.wantKey = top.keys != nil
		case '"':
			end := stringEnd(text, i)
			if len(stack) > 0 && stack[len(stack)-1].wantKey {
				if err := stack[len(stack)-1].addKey(text[i:end]); err != nil {
					return err
				}
			}
			i = end - 1
		}
	}
	return nil
}

// stringEnd is the index after the string literal that begins at i.
func stringEnd(text []byte, i int) int {
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}

func (l *level) addKey(literal []byte) error {
	key := string(literal[1 : len(literal)-1])
	if bytes.IndexByte(literal, '\\') >= 0 { // literals differ where keys are equal: "a" and "\u0061"
		if err := json.Unmarshal(literal, &key); err != nil {
			return err
		}
	}
	if _, again := l.keys[key]; again {
		return fmt.Errorf("%w %q", ErrDuplicateKey, key)
	}
	l.keys[key] = struct{}{}
	l.wantKey = false
	return nil
}
