package display_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sockbook/runtime/display"
	"sockbook/runtime/display/sink"
)

// record makes the sink keep what is shown until the test ends.
func record(t *testing.T) *[]sink.Message {
	t.Helper()
	var got []sink.Message
	sink.Set(func(m sink.Message) error { got = append(got, m); return nil })
	t.Cleanup(func() { sink.Set(nil) })
	return &got
}

func TestShow(t *testing.T) {
	png := []byte("\x89PNG\r\n")
	tests := []struct {
		name string
		show func() error
		want sink.Message
	}{
		{"html", func() error { return display.HTML("<b>hi</b> &amp; bye") },
			sink.Message{Kind: sink.Show, Data: map[string]any{"text/html": "<b>hi</b> &amp; bye", "text/plain": "hi & bye"}}},
		{"png", func() error { return display.PNG(png) },
			sink.Message{Kind: sink.Show, Data: map[string]any{"image/png": base64.StdEncoding.EncodeToString(png), "text/plain": "(a picture)"}}},
		{"id", func() error { return display.Text("0 %", display.ID("p")) },
			sink.Message{Kind: sink.Show, ID: "p", Data: map[string]any{"text/plain": "0 %"}}},
		{"update", func() error { return display.Text("1 %", display.Update("p")) },
			sink.Message{Kind: sink.Update, ID: "p", Data: map[string]any{"text/plain": "1 %"}}},
		{"clear", display.Clear, sink.Message{Kind: sink.Clear}},
		{"clear before next", display.ClearBeforeNext, sink.Message{Kind: sink.Clear, Wait: true}},
		{"no text form", func() error { return display.Show(display.Bundle{"image/png": png}) },
			sink.Message{Kind: sink.Show, Data: map[string]any{"image/png": base64.StdEncoding.EncodeToString(png), "text/plain": "(no text form)"}}},
		{"json", func() error { return display.JSON(map[string]int{"a": 1}) },
			sink.Message{Kind: sink.Show, Data: map[string]any{"application/json": json.RawMessage("{\n  \"a\": 1\n}"), "text/plain": "{\n  \"a\": 1\n}"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := record(t)
			if err := test.show(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]sink.Message{test.want}, *got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatJSONCannotHold(t *testing.T) {
	got := record(t)
	for _, err := range []error{display.JSON(func() {}), display.Show(display.Bundle{"application/json": make(chan int)})} {
		var unsupported *json.UnsupportedTypeError
		if !errors.As(err, &unsupported) {
			t.Errorf("error %v, want *json.UnsupportedTypeError", err)
		}
	}
	if len(*got) != 0 {
		t.Errorf("shown all the same: %v", *got)
	}
}

func TestTable(t *testing.T) {
	type state struct {
		Name string
		n    int
	}
	tests := []struct {
		name string
		rows any
		want string
	}{
		{"structs", []state{{"LISTEN", 1}, {"TIME_WAIT", 12}}, "Name       n\n─────────  ──\nLISTEN     1\nTIME_WAIT  12"},
		{"pointers", []*state{{"LISTEN", 1}, nil}, "Name    n\n──────  ─\nLISTEN  1\n"},
		{"map", map[int]string{10: "b", 9: "a"}, "key  value\n───  ─────\n9    a\n10   b"},
		{"maps", []map[string]int{{"a": 1}, {"b": 2}}, "a  b\n─  ─\n1\n   2"},
		{"slices", [][]string{{"x", "y"}, {"1", "2"}}, "x  y\n─  ─\n1  2"},
		{"ragged", [][]string{{"x"}, {"1", "2"}}, "x\n─\n1  2"},
		{"numbers", [2]int{4, 5}, "value\n─────\n4\n5"},
		{"empty", []state{}, "Name  n\n────  ─"},
		{"many", make([]int, display.MaxRows+7), "… 7 more rows"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b, err := display.TableOf(test.rows)
			if err != nil {
				t.Fatal(err)
			}
			text := b["text/plain"].(string)
			if test.name == "many" {
				text = text[strings.LastIndex(text, "\n")+1:]
			}
			if diff := cmp.Diff(strings.TrimRight(test.want, "\n"), strings.TrimRight(text, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, bad := range []any{nil, 7, "text"} {
		if _, err := display.TableOf(bad); err == nil {
			t.Errorf("TableOf(%v): no error", bad)
		}
	}
	b, _ := display.TableOf([]string{"<script>"})
	if strings.Contains(b["text/html"].(string), "<script>") {
		t.Error("cells are not escaped")
	}
}
