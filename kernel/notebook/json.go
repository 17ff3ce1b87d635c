package notebook

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// appendValue appends v as Python's json.dumps(v, indent=1, sort_keys=True,
// ensure_ascii=False) writes it. encoding/json cannot: it escapes U+2028 and
// U+2029 even where it is told not to escape.
func appendValue(b []byte, v any, depth int) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return fmt.Appendf(b, "%t", v)
	case int:
		return fmt.Appendf(b, "%d", v)
	case json.Number:
		return append(b, v...)
	case string:
		return appendString(b, v)
	case []any:
		return appendList(b, v, depth)
	case map[string]any:
		return appendObject(b, v, depth)
	}
	// values that a caller put in: floats, structs, lists of texts
	text, err := json.Marshal(v)
	var plain any
	if err == nil {
		err = json.Unmarshal(text, &plain)
	}
	if f, ok := plain.(float64); ok && err == nil {
		return appendValue(b, json.Number(fmt.Sprint(f)), depth)
	}
	if err != nil {
		return append(b, "null"...)
	}
	return appendValue(b, plain, depth)
}

func appendList(b []byte, list []any, depth int) []byte {
	if len(list) == 0 {
		return append(b, "[]"...)
	}
	b = append(b, '[')
	for i, v := range list {
		b = appendNewline(b, i > 0, depth+1)
		b = appendValue(b, v, depth+1)
	}
	return append(appendNewline(b, false, depth), ']')
}

func appendObject(b []byte, object map[string]any, depth int) []byte {
	if len(object) == 0 {
		return append(b, "{}"...)
	}
	b = append(b, '{')
	for i, key := range slices.Sorted(maps.Keys(object)) {
		b = appendNewline(b, i > 0, depth+1)
		b = append(appendString(b, key), ": "...)
		b = appendValue(b, object[key], depth+1)
	}
	return append(appendNewline(b, false, depth), '}')
}

func appendNewline(b []byte, comma bool, depth int) []byte {
	if comma {
		b = append(b, ',')
	}
	b = append(b, '\n')
	for range depth {
		b = append(b, ' ')
	}
	return b
}

// short has the escapes that Python writes with one letter.
var short = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\b': `\b`, '\f': `\f`}

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch escape := short[r]; {
		case escape != "":
			b = append(b, escape...)
		case r < 0x20:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = utf8.AppendRune(b, r) // what is no UTF-8 becomes U+FFFD
		}
	}
	return append(b, '"')
}
