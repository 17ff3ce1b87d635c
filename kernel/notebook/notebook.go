// Package notebook reads and writes Jupyter notebooks, format 4, without losing
// what it does not know.
//
// [Decode] a file, walk [Notebook.Cells], record what running them shows with
// a [Recording], and [Notebook.Encode] the result in the form in which Jupyter
// itself writes notebooks, so that a diff shows only what changed. The package
// runs nothing.
//
// The format is that of https://nbformat.readthedocs.io, version 4.
package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"sockbook/kernel/hint"
)

// Notebook is a document of cells.
type Notebook struct {
	// Cells are the notebook's cells in their order.
	Cells []*Cell
	// fields are all but the cells, as JSON.
	fields map[string]any
}

// Cell is one cell of a notebook.
type Cell struct {
	// fields is the cell as JSON; what ran is in outputs instead.
	fields  map[string]any
	outputs []*Output
	ran     bool
}

// Decode reads a notebook. It checks what this package relies on: the format's
// number, and each cell's type, text and outputs. Errors name the cell,
// counting from 1, and are of type *[hint.Error].
func Decode(text []byte) (*Notebook, error) {
	n, err := decode(text)
	if err != nil {
		return nil, hint.Add(err, "a notebook is a file that JupyterLab wrote, of format 4.")
	}
	return n, nil
}

func decode(text []byte) (*Notebook, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // numbers are written as they were read
	n := &Notebook{}
	switch err := d.Decode(&n.fields); {
	case err == io.EOF:
		return nil, errors.New("read a notebook: it is empty")
	case err == io.ErrUnexpectedEOF:
		return nil, errors.New("read a notebook: its end is missing")
	case err != nil:
		return nil, fmt.Errorf("read a notebook: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("read a notebook: there is something behind its end")
	}
	if major, _ := n.fields["nbformat"].(json.Number); major != "4" {
		return nil, fmt.Errorf("read a notebook: it is of format %q", major)
	}
	cells, ok := n.fields["cells"].([]any)
	if !ok {
		return nil, errors.New("read a notebook: it has no list of cells")
	}
	delete(n.fields, "cells")
	for i, c := range cells {
		cell := &Cell{}
		if cell.fields, ok = c.(map[string]any); !ok {
			return nil, fmt.Errorf("read a notebook: cell %d is no object", i+1)
		}
		if err := cell.check(); err != nil {
			return nil, fmt.Errorf("read a notebook: cell %d: %w", i+1, err)
		}
		n.Cells = append(n.Cells, cell)
	}
	return n, nil
}

func (c *Cell) check() error {
	if _, ok := c.fields["cell_type"].(string); !ok {
		return errors.New("it has no type")
	}
	if _, ok := joined(c.fields["source"]); !ok {
		return errors.New("its source is neither a text nor a list of texts")
	}
	if !c.IsCode() {
		return nil
	}
	outputs, ok := c.fields["outputs"].([]any)
	if !ok {
		return errors.New("it has no list of outputs")
	}
	for i, o := range outputs {
		fields, ok := o.(map[string]any)
		if !ok {
			return fmt.Errorf("its output %d is no object", i+1)
		}
		if _, ok := fields["output_type"].(string); !ok {
			return fmt.Errorf("its output %d has no type", i+1)
		}
	}
	return nil
}

// IsCode tells whether the cell is code, which can be run.
func (c *Cell) IsCode() bool { return c.fields["cell_type"] == "code" }

// ID is the cell's id, by which it is known as long as the notebook lives; ""
// in notebooks older than format 4.5.
func (c *Cell) ID() string {
	id, _ := c.fields["id"].(string)
	return id
}

// Tags are the cell's tags: "raises-exception" says that an error is expected
// and the cells after it run all the same, as nbclient has it.
func (c *Cell) Tags() []string {
	metadata, _ := c.fields["metadata"].(map[string]any)
	list, _ := metadata["tags"].([]any)
	var tags []string
	for _, tag := range list {
		if text, ok := tag.(string); ok {
			tags = append(tags, text)
		}
	}
	return tags
}

// Metadata returns one key of the cell's metadata, as encoding/json has it; nil
// if it is not there.
func (c *Cell) Metadata(key string) any {
	metadata, _ := c.fields["metadata"].(map[string]any)
	return metadata[key]
}

// SetMetadata sets one key of the cell's metadata.
func (c *Cell) SetMetadata(key string, value any) {
	metadata, ok := c.fields["metadata"].(map[string]any)
	if !ok {
		metadata = map[string]any{}
		c.fields["metadata"] = metadata
	}
	metadata[key] = value
}

// SetSource gives the cell another text.
func (c *Cell) SetSource(text string) { c.fields["source"] = text }

// Source is the cell's text.
func (c *Cell) Source() string {
	text, _ := joined(c.fields["source"])
	return text
}

// ClearOutputs takes away what all code cells showed when they last ran.
func (n *Notebook) ClearOutputs() {
	for _, c := range n.Cells {
		if c.IsCode() {
			c.outputs, c.ran = nil, true
			c.fields["execution_count"] = nil
		}
	}
}

// Language is the language of the notebook's code, "go" for example: what its
// metadata says of the kernel, "" if it says nothing.
func (n *Notebook) Language() string {
	metadata, _ := n.fields["metadata"].(map[string]any)
	for _, at := range [][2]string{{"kernelspec", "language"}, {"language_info", "name"}} {
		about, _ := metadata[at[0]].(map[string]any)
		if name, _ := about[at[1]].(string); name != "" {
			return strings.ToLower(name)
		}
	}
	return ""
}

// SetMetadata sets an entry of the notebook's metadata, "language_info" for
// example, to a value made of JSON's types.
func (n *Notebook) SetMetadata(key string, value map[string]any) {
	metadata, _ := n.fields["metadata"].(map[string]any)
	if metadata == nil {
		metadata = map[string]any{}
		n.fields["metadata"] = metadata
	}
	metadata[key] = value
}

// Encode writes the notebook as Jupyter does: keys sorted, one space of
// indentation, texts as lists of lines, what must not be stored left out.
func (n *Notebook) Encode() []byte {
	cells := make([]any, len(n.Cells))
	for i, c := range n.Cells {
		cells[i] = c.canonical()
	}
	fields := maps.Clone(n.fields)
	fields["cells"] = cells
	fields["metadata"] = without(fields["metadata"], "orig_nbformat", "orig_nbformat_minor", "signature")
	return append(appendValue(nil, fields, 0), '\n')
}

func (c *Cell) canonical() map[string]any {
	fields := maps.Clone(c.fields)
	fields["source"] = split(fields["source"])
	fields["metadata"] = without(fields["metadata"], "trusted")
	if attachments, ok := fields["attachments"].(map[string]any); ok {
		attachments = maps.Clone(attachments)
		for name, bundle := range attachments {
			attachments[name] = splitBundle(bundle)
		}
		fields["attachments"] = attachments
	}
	if c.IsCode() {
		fields["outputs"] = c.canonicalOutputs()
	}
	return fields
}

func (c *Cell) canonicalOutputs() []any {
	var outputs []any
	if c.ran {
		for _, o := range c.outputs {
			outputs = append(outputs, o.fields())
		}
	} else {
		outputs, _ = c.fields["outputs"].([]any)
	}
	all := make([]any, 0, len(outputs))
	for _, o := range outputs {
		o, ok := o.(map[string]any)
		if !ok {
			continue // checked by Decode
		}
		o = maps.Clone(o)
		switch o["output_type"] {
		case "stream":
			o["text"] = split(o["text"])
		case "execute_result", "display_data":
			o["data"] = splitBundle(o["data"])
		}
		all = append(all, o)
	}
	return all
}

// without is an object less some keys; a value that is no object comes back as an empty one.
func without(v any, keys ...string) map[string]any {
	object, _ := v.(map[string]any)
	object = maps.Clone(object)
	if object == nil {
		return map[string]any{}
	}
	for _, key := range keys {
		delete(object, key)
	}
	return object
}

// splitBundle splits the texts of a MIME bundle; JSON and base64 stay as they are.
func splitBundle(v any) any {
	bundle, ok := v.(map[string]any)
	if !ok {
		return v
	}
	bundle = maps.Clone(bundle)
	for mime, value := range bundle {
		switch {
		case strings.HasPrefix(mime, "text/"), mime == "application/javascript", mime == "image/svg+xml":
			bundle[mime] = split(value)
		case !isJSON(mime):
			if text, ok := joined(value); ok {
				bundle[mime] = text
			}
		}
	}
	return bundle
}

func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}

// joined is a text that is written as one text or as a list of its lines.
func joined(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []any:
		var b strings.Builder
		for _, line := range v {
			text, ok := line.(string)
			if !ok {
				return "", false
			}
			b.WriteString(text)
		}
		return b.String(), true
	}
	return "", false
}

// split is the list of a text's lines; what is no text comes back as it is.
func split(v any) any {
	text, ok := joined(v)
	if !ok {
		return v
	}
	lines := []any{}
	for text != "" {
		n := lineLength(text)
		lines = append(lines, text[:n])
		text = text[n:]
	}
	return lines
}

// lineLength is the length of the first line of text with its end, where lines
// end as in Python's str.splitlines, by which Jupyter splits.
func lineLength(text string) int {
	for i, r := range text {
		switch r {
		case '\r':
			if strings.HasPrefix(text[i:], "\r\n") {
				return i + 2
			}
			return i + 1
		case '\n', '\v', '\f', 0x1c, 0x1d, 0x1e:
			return i + 1
		case 0x85:
			return i + 2
		case 0x2028, 0x2029:
			return i + 3
		}
	}
	return len(text)
}
