// Package display shows rich output under a cell: HTML, Markdown, pictures,
// JSON and tables.
//
//	display.Markdown("The answer is **42**.")
//	display.Table([]Row{{"LISTEN", 1}, {"TIME_WAIT", 3}})
//
// Each call shows its output at once, in the order of the calls and of what
// the cell prints. An output that has an ID can be changed later:
//
//	display.Text("0 %", display.ID("progress"))
//	display.Text("50 %", display.Update("progress"))
//
// A value that implements [Displayer] says itself how it is shown when it is
// the result of a cell. A program built with go build has no frontend: there
// every output is printed to standard output as text.
package display

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"regexp"
	"strings"

	"sockbook/runtime/display/sink"
)

// Bundle is one output in several forms, of which a frontend shows the richest
// it knows: MIME type → data. Data is a string, or for application/json and
// other JSON types any value that encoding/json can marshal. Binary data such
// as image/png is base64 text or a []byte.
type Bundle map[string]any

// Display makes a bundle a [Displayer].
func (b Bundle) Display() Bundle { return b }

// Displayer is a value that says how it is shown.
type Displayer interface {
	// Display returns the value in at least the form text/plain.
	Display() Bundle
}

// Option changes how an output is shown; see [ID] and [Update].
type Option struct {
	id     string
	update bool
}

// ID gives the output a name by which [Update] finds it.
func ID(id string) Option {
	return Option{id: id}
}

// Update changes every output shown with the ID instead of showing a new one.
func Update(id string) Option {
	return Option{id: id, update: true}
}

// Show shows a bundle. Its text/plain form is what frontends without the other
// types show: give one.
func Show(b Bundle, options ...Option) error {
	m := sink.Message{Kind: sink.Show, Data: b.Wire()}
	for _, option := range options {
		m.ID = option.id
		if option.update {
			m.Kind = sink.Update
		}
	}
	for mime, data := range m.Data {
		if _, err := json.Marshal(data); err != nil {
			return fmt.Errorf("display %s: %w", mime, err)
		}
	}
	sent, err := sink.Send(m)
	if !sent {
		_, err = fmt.Fprintln(os.Stdout, b.text())
	}
	return err
}

// Value shows a value by its own Display method, else as text.
func Value(v any, options ...Option) error {
	if d, ok := v.(Displayer); ok {
		return Show(d.Display(), options...)
	}
	return Show(Bundle{"text/plain": fmt.Sprint(v)}, options...)
}

// Text shows plain text.
func Text(text string, options ...Option) error {
	return Show(Bundle{"text/plain": text}, options...)
}

// HTML shows a piece of HTML. Scripts do not run in every frontend, and a
// notebook that is not trusted shows only harmless elements.
func HTML(source string, options ...Option) error {
	return Show(Bundle{"text/html": source, "text/plain": plain(source)}, options...)
}

// Markdown shows Markdown.
func Markdown(source string, options ...Option) error {
	return Show(Bundle{"text/markdown": source, "text/plain": source}, options...)
}

// SVG shows a drawing. Frontends show it as a picture: it sees neither the
// page's styles nor its colours.
func SVG(source string, options ...Option) error {
	return Show(Bundle{"image/svg+xml": source, "text/plain": "(a drawing)"}, options...)
}

// PNG shows the bytes of a PNG file.
func PNG(file []byte, options ...Option) error {
	return Show(Bundle{"image/png": file, "text/plain": "(a picture)"}, options...)
}

// JSON shows any value that encoding/json can marshal, as a tree where the
// frontend has one.
func JSON(v any, options ...Option) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("display JSON: %w", err)
	}
	return Show(Bundle{"application/json": json.RawMessage(text), "text/plain": string(text)}, options...)
}

// Clear removes the cell's outputs so far.
func Clear() error { return clear(false) }

// ClearBeforeNext removes the cell's outputs when the next one arrives, which
// does not flicker.
func ClearBeforeNext() error { return clear(true) }

func clear(wait bool) error {
	_, err := sink.Send(sink.Message{Kind: sink.Clear, Wait: wait})
	return err
}

// Wire returns the bundle as the Jupyter specification wants it: binary data
// as base64 text.
func (b Bundle) Wire() map[string]any {
	data := make(map[string]any, len(b)+1)
	for mime, v := range b {
		if raw, ok := v.([]byte); ok {
			if strings.HasPrefix(mime, "text/") || mime == "image/svg+xml" {
				v = string(raw)
			} else {
				v = base64.StdEncoding.EncodeToString(raw)
			}
		}
		data[mime] = v
	}
	if _, ok := data["text/plain"]; !ok && len(data) > 0 {
		data["text/plain"] = b.text()
	}
	return data
}

func (b Bundle) text() string {
	for _, mime := range []string{"text/plain", "text/markdown", "text/html"} {
		switch v := b[mime].(type) {
		case string:
			return v
		case []byte:
			return string(v)
		}
	}
	return "(no text form)"
}

var tag = regexp.MustCompile(`<[^<>]*>`)

// plain is what is left of HTML without its tags.
func plain(source string) string {
	return strings.TrimSpace(html.UnescapeString(tag.ReplaceAllString(source, "")))
}
