package notebook

import (
	"bytes"
	"encoding/json"
	"fmt"

	"sockbook/kernel/hint"
)

// Edit gives the text of each code cell to change and returns the notebook with
// what change returned. All else, the form of the file included, stays byte for
// byte. Errors are those of [Decode].
func Edit(text []byte, change func(source string) string) ([]byte, error) {
	if _, err := Decode(text); err != nil {
		return nil, err
	}
	spans, err := sources(text)
	if err != nil {
		return nil, hint.Add(fmt.Errorf("read a notebook: %w", err), "a notebook is a file that JupyterLab wrote, of format 4.")
	}
	var out []byte
	at := 0
	for _, s := range spans {
		raw := text[s.start:s.end]
		var value any
		if err := json.Unmarshal(raw, &value); err != nil {
			return nil, fmt.Errorf("read a notebook: %w", err)
		}
		old, ok := joined(value)
		if !ok {
			continue // checked by Decode
		}
		if changed := change(old); changed != old {
			out = append(append(out, text[at:s.start]...), like(raw, changed)...)
			at = s.end
		}
	}
	return append(out, text[at:]...), nil
}

// span is a part of a file.
type span struct{ start, end int }

// sources finds the texts of code cells in a notebook.
func sources(text []byte) (spans []span, err error) {
	err = members(text, span{0, len(text)}, func(key string, value span) error {
		if key != "cells" {
			return nil
		}
		return elements(text, value, func(cell span) error {
			var kind string
			var source span
			err := members(text, cell, func(key string, value span) error {
				switch key {
				case "cell_type":
					return json.Unmarshal(text[value.start:value.end], &kind)
				case "source":
					source = value
				}
				return nil
			})
			if kind == "code" {
				spans = append(spans, source)
			}
			return err
		})
	})
	return spans, err
}

// members calls f with each member of the object that is at s.
func members(text []byte, s span, f func(key string, value span) error) error {
	d := json.NewDecoder(bytes.NewReader(text[s.start:s.end]))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		v, err := value(d, s.start)
		if err != nil {
			return err
		}
		name, _ := key.(string)
		if err := f(name, v); err != nil {
			return err
		}
	}
	return nil
}

// elements calls f with each element of the list that is at s.
func elements(text []byte, s span, f func(span) error) error {
	d := json.NewDecoder(bytes.NewReader(text[s.start:s.end]))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		v, err := value(d, s.start)
		if err != nil {
			return err
		}
		if err := f(v); err != nil {
			return err
		}
	}
	return nil
}

// value says where the next value of d is; base is where d began.
func value(d *json.Decoder, base int) (span, error) {
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return span{}, err
	}
	end := base + int(d.InputOffset())
	return span{end - len(raw), end}, nil
}

// like writes a text in the form in which raw is written: a text, or a list of
// lines with the same blanks between them.
func like(raw []byte, text string) []byte {
	first, last := bytes.IndexByte(raw, '"'), bytes.LastIndexByte(raw, '"')
	if raw[0] != '[' || first < 0 {
		return appendString(nil, text)
	}
	before, after := raw[1:first], raw[last+1:]
	out := []byte{'['}
	lines, _ := split(text).([]any)
	for i, line := range lines {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, before...)
		out = appendString(out, line.(string))
	}
	if len(lines) == 0 {
		return append(out, ']')
	}
	return append(out, after...)
}
