package jupyter

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// A ContentError says which field of a message's content is missing or wrong.
type ContentError struct {
	Type   MsgType
	Field  string // the JSON key, with dots for fields of fields; empty if the content as a whole is wrong
	Reason string // as in "is missing", "must be a string, not a number"
}

func (e *ContentError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("%s: content %s", e.Type, e.Reason)
	}
	return fmt.Sprintf("%s: content field %q %s", e.Type, e.Field, e.Reason)
}

// Contents with defaults other than zero set them before JSON is read over them; those with required or constrained
// fields check them afterwards. check is told which keys were given (null counts as not given).
type (
	defaulter interface{ setDefaults() }
	checker   interface {
		check(has func(key string) bool) (field, reason string)
	}
)

// Unmarshal reads the content into v, a pointer to the struct of this package for the message's type. Keys that are
// missing or null get the specification's default; unknown keys are ignored, as the specification asks. What is wrong
// comes as a *ContentError.
func (m *Message) Unmarshal(v any) error {
	text := m.Content
	if len(text) == 0 {
		text = json.RawMessage("{}")
	}
	if d, ok := v.(defaulter); ok {
		d.setDefaults()
	}
	if err := json.Unmarshal(text, v); err != nil {
		return contentError(m.Type(), err)
	}
	c, ok := v.(checker)
	if !ok {
		return nil
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(text, &keys); err != nil {
		return contentError(m.Type(), err)
	}
	has := func(key string) bool { return len(keys[key]) > 0 && string(keys[key]) != "null" }
	if field, reason := c.check(has); reason != "" {
		return &ContentError{m.Type(), field, reason}
	}
	return nil
}

func contentError(t MsgType, err error) error {
	if field, reason, ok := wrongType(err); ok {
		return &ContentError{t, field, reason}
	}
	return &ContentError{t, "", "is malformed: " + err.Error()}
}

// wrongType says in JSON's words what a json.UnmarshalTypeError says in Go's.
func wrongType(err error) (field, reason string, ok bool) {
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return "", "", false
	}
	return wrong.Field, "must be " + jsonKind(wrong.Type) + ", not " + jsonValue(wrong.Value), true
}

// plainTypeError is err in JSON's words if it is about a wrong type.
func plainTypeError(err error) error {
	if field, reason, ok := wrongType(err); ok {
		return errors.New(field + " " + reason)
	}
	return err
}

// jsonKind names in JSON's words what a Go type is read from.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Slice, reflect.Array:
		return "a list"
	default:
		return "an object"
	}
}

// jsonValue gives encoding/json's word for a value ("number", "number 1.5", "bool", …) an article.
func jsonValue(v string) string {
	switch {
	case v == "array":
		return "a list"
	case v == "object":
		return "an object"
	case v == "bool":
		return "true or false"
	case strings.HasPrefix(v, "number "):
		return strings.TrimPrefix(v, "number ")
	default:
		return "a " + v
	}
}

const isMissing = "is missing"

// need reports the first of the keys that was not given.
func need(has func(string) bool, keys ...string) (field, reason string) {
	for _, k := range keys {
		if !has(k) {
			return k, isMissing
		}
	}
	return "", ""
}

// checkCursor puts a cursor that was not given at the end of the code, as clients mean it, and refuses one outside.
func checkCursor(has func(string) bool, code string, cursor *int) (field, reason string) {
	if field, reason = need(has, "code"); reason != "" {
		return field, reason
	}
	n := utf8.RuneCountInString(code)
	if !has("cursor_pos") {
		*cursor = n
	}
	if *cursor < 0 || *cursor > n {
		return "cursor_pos", fmt.Sprintf("must be between 0 and %d, the length of the code in characters, not %d", n, *cursor)
	}
	return "", ""
}
