package display

import (
	"encoding/hex"
	"fmt"
	"net"
	"reflect"
	"strings"
)

// maxText is how many bytes of a value's text are shown.
const maxText = 1 << 20

// Of returns how values are shown as the result of a cell: bytes as a hex
// dump, errors and Stringers by what they say, connections and listeners by
// their addresses, structs with the names of their fields, a slice of structs
// as a table, and a [Displayer] as it says itself.
func Of(values ...any) Bundle {
	if len(values) == 1 {
		if b := rich(values[0]); b != nil {
			return b
		}
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = text(v)
	}
	all := strings.Join(texts, ", ")
	if len(all) > maxText {
		all = strings.ToValidUTF8(all[:maxText], "") + fmt.Sprintf("… %d more bytes", len(all)-maxText)
	}
	return Bundle{"text/plain": all}
}

// rich returns the forms of a value that has more than text; nil if it has not.
func rich(v any) (b Bundle) {
	defer func() {
		if recover() != nil { // in the value's own method; its text says more
			b = nil
		}
	}()
	if d, ok := v.(Displayer); ok {
		return d.Display()
	}
	if !isTable(reflect.ValueOf(v)) {
		return nil
	}
	b, err := TableOf(v)
	if err != nil {
		return nil
	}
	return b
}

// isTable reports whether v is a slice of structs that say nothing themselves.
func isTable(v reflect.Value) bool {
	if v.Kind() != reflect.Slice || v.Len() == 0 || speaks(v.Type()) {
		return false
	}
	elem := v.Type().Elem()
	if speaks(elem) {
		return false
	}
	if elem.Kind() == reflect.Pointer {
		elem = elem.Elem()
	}
	return elem.Kind() == reflect.Struct && elem.NumField() > 0 && !speaks(elem) && !speaks(reflect.PointerTo(elem))
}

var (
	errorType    = reflect.TypeFor[error]()
	stringerType = reflect.TypeFor[fmt.Stringer]()
)

// speaks reports whether values of a type say their text themselves.
func speaks(t reflect.Type) bool { return t.Implements(errorType) || t.Implements(stringerType) }

// text is a value as one sees it in a terminal, or better.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case string:
		return v
	case error, fmt.Stringer:
		return fmt.Sprint(v) // which knows nil pointers and panics
	case net.Conn:
		return addresses(v, func() string { return v.LocalAddr().String() + "→" + v.RemoteAddr().String() })
	case net.Listener:
		return addresses(v, func() string { return v.Addr().String() })
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Slice, reflect.Array:
		if r.Type().Elem().Kind() == reflect.Uint8 {
			return dump(r)
		}
	case reflect.Func:
		if r.IsNil() {
			return "nil " + r.Type().String()
		}
		return r.Type().String()
	case reflect.Pointer, reflect.Map, reflect.Chan:
		if r.IsNil() {
			return "nil"
		}
	}
	return fmt.Sprintf("%+v", v)
}

// addresses shows what has addresses; a zero value of it, whose methods may
// panic, by its type alone.
func addresses(v any, of func() string) (s string) {
	s = fmt.Sprintf("%T", v)
	defer func() { _ = recover() }()
	return s + " " + of()
}

func dump(v reflect.Value) string {
	data := make([]byte, min(v.Len(), maxText/5)) // a line of the dump is 78 bytes for 16
	for i := range data {
		data[i] = byte(v.Index(i).Uint())
	}
	s := strings.TrimSuffix(hex.Dump(data), "\n")
	switch more := v.Len() - len(data); {
	case v.Len() == 0:
		return "no bytes"
	case more > 0:
		return fmt.Sprintf("%s\n… %d more bytes", s, more)
	}
	return s
}
