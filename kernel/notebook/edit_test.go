package notebook

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEdit(t *testing.T) {
	upper := func(s string) string {
		if s == "" {
			return "x"
		}
		return strings.ToUpper(s)
	}
	nb := func(cells string) string {
		return `{"nbformat": 4, "metadata":{"z":1e3, "a":"é"}, "cells": ` + cells + "}"
	}
	code := func(source string) string {
		return `{ "outputs":[{"output_type":"stream","text":"source","source":["no"]}], "cell_type":"code","metadata":{"source":"no"},"source":` + source + `,"id":"q" }`
	}
	for _, test := range []struct{ name, text, want string }{
		{"none", nb(`[]`), nb(`[]`)},
		{"prose", nb(`[{"cell_type":"markdown","source":"a"}]`), nb(`[{"cell_type":"markdown","source":"a"}]`)},
		{"same", nb("[" + code(`[ "A\n" , "\u0042" ]`) + "]"), nb("[" + code(`[ "A\n" , "\u0042" ]`) + "]")},
		{"text", nb("[" + code(`"a\nb"`) + "]"), nb("[" + code(`"A\nB"`) + "]")},
		{"lines", nb("[" + code("[\n   \"a\\n\",\n   \"b\"\n  ]") + " ,\t" + code(`"c"`) + "]"), nb("[" + code("[\n   \"A\\n\",\n   \"B\"\n  ]") + " ,\t" + code(`"C"`) + "]")},
		{"compact", nb("[" + code(`["a\n","\"b\\"]`) + "]"), nb("[" + code(`["A\n","\"B\\"]`) + "]")},
		{"empty list", nb("[" + code(`[]`) + "]"), nb("[" + code(`"x"`) + "]")},
		{"source first", nb(`[{"source":"a","cell_type":"code","outputs":[]}]`), nb(`[{"source":"A","cell_type":"code","outputs":[]}]`)},
	} {
		got, err := Edit([]byte(test.text), upper)
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %s, %v\nwant %s", test.name, got, err, test.want)
		}
	}
	for _, bad := range []string{"", "{", "[]", nb("[]") + "x", nb("[1]"), nb(`[{"cell_type":"code"}]`)} {
		if got, err := Edit([]byte(bad), upper); err == nil {
			t.Errorf("%s: %s", bad, got)
		}
	}
}

// Edits of notebooks change nothing but what they say; what is edited to itself
// stays byte for byte.
func FuzzEdit(f *testing.F) {
	files, err := filepath.Glob("../../lessons/*/*.ipynb")
	if err != nil || len(files) == 0 {
		f.Fatal("no notebooks", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"nbformat":4,"cells":[{"cell_type":"code","outputs":[],"source":[]},{"cell_type":"code","outputs":[],"source":["a\r\n","\ud800"]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		same, err := Edit(text, func(s string) string { return s })
		if err != nil {
			return
		}
		if !bytes.Equal(same, text) {
			t.Fatalf("changed without being asked: %q", same)
		}
		var want []string
		edited, err := Edit(text, func(s string) string { want = append(want, s+"\n// new"); return s + "\n// new" })
		if err != nil {
			t.Fatal(err)
		}
		n, err := Decode(edited)
		if err != nil {
			t.Fatalf("%v: %q", err, edited)
		}
		i := 0
		for _, c := range n.Cells {
			if c.IsCode() {
				if c.Source() != want[i] {
					t.Errorf("cell %d is %q, want %q", i, c.Source(), want[i])
				}
				i++
			}
		}
		if i != len(want) {
			t.Errorf("%d cells, want %d", i, len(want))
		}
	})
}
