package notebook

import (
	"maps"
	"strings"
)

// Output is one thing that a running cell showed. Make one with [Stream],
// [Display], [Result] or [Failure].
type Output struct {
	kind     string // the format's output_type
	name     string // of a stream
	text     []byte // of a stream
	data     map[string]any
	metadata map[string]any
	count    int
	ename    string
	evalue   string
	trace    []string
}

// Stream is text that the cell wrote to name, "stdout" or "stderr".
func Stream(name, text string) *Output {
	return &Output{kind: "stream", name: name, text: []byte(text)}
}

// Display is a MIME bundle that the cell showed.
func Display(data, metadata map[string]any) *Output {
	return &Output{kind: "display_data", data: data, metadata: metadata}
}

// Result is the value of the cell that ran as number count.
func Result(count int, data, metadata map[string]any) *Output {
	return &Output{kind: "execute_result", count: count, data: data, metadata: metadata}
}

// Failure is the error that ended the cell.
func Failure(ename, evalue string, traceback []string) *Output {
	return &Output{kind: "error", ename: ename, evalue: evalue, trace: traceback}
}

// Text is what the output says to those who see text only: a stream as it is,
// text/plain or else text/markdown of a bundle, the lines of a traceback.
func (o *Output) Text() string {
	switch o.kind {
	case "stream":
		return string(o.text)
	case "error":
		if len(o.trace) == 0 {
			return o.ename + ": " + o.evalue
		}
		return strings.Join(o.trace, "\n")
	}
	for _, mime := range []string{"text/plain", "text/markdown"} {
		if text, ok := o.data[mime].(string); ok {
			return text
		}
	}
	return ""
}

// Stderr is the text if the output is one of standard error, else "".
func (o *Output) Stderr() string {
	if o.kind == "stream" && o.name == "stderr" {
		return string(o.text)
	}
	return ""
}

// Data is the output's data of a MIME type as text, "" if it has none.
func (o *Output) Data(mime string) string {
	text, _ := o.data[mime].(string)
	return text
}

// Kind is the format's output_type: "stream", "display_data",
// "execute_result" or "error".
func (o *Output) Kind() string { return o.kind }

// Bundle is the output's data by MIME type; nil for streams and errors.
func (o *Output) Bundle() map[string]any { return maps.Clone(o.data) }

// Drop takes the data of a MIME type away, with what is said about it.
func (o *Output) Drop(mime string) {
	o.data, o.metadata = maps.Clone(o.data), maps.Clone(o.metadata)
	delete(o.data, mime)
	delete(o.metadata, mime)
}

// Outputs are what was recorded of the cell since it last began to run, or what
// the file had.
func (c *Cell) Outputs() []*Output {
	if c.ran {
		return c.outputs
	}
	list, _ := c.fields["outputs"].([]any)
	var outputs []*Output
	for _, o := range list {
		if fields, ok := o.(map[string]any); ok {
			outputs = append(outputs, outputOf(fields))
		}
	}
	return outputs
}

// outputOf reads an output; what is not as the format has it is empty.
func outputOf(fields map[string]any) *Output {
	text := func(key string) string { s, _ := fields[key].(string); return s }
	o := &Output{kind: text("output_type"), name: text("name"), ename: text("ename"), evalue: text("evalue")}
	if s, ok := joined(fields["text"]); ok {
		o.text = []byte(s)
	}
	if data, ok := fields["data"].(map[string]any); ok {
		o.data = maps.Clone(data)
		for mime, v := range o.data {
			if s, ok := joined(v); ok && !isJSON(mime) {
				o.data[mime] = s
			}
		}
	}
	o.metadata, _ = fields["metadata"].(map[string]any)
	if trace, ok := fields["traceback"].([]any); ok {
		for _, line := range trace {
			s, _ := line.(string)
			o.trace = append(o.trace, s)
		}
	}
	return o
}

// fields is the output as the format has it.
func (o *Output) fields() map[string]any {
	fields := map[string]any{"output_type": o.kind}
	switch o.kind {
	case "stream":
		fields["name"], fields["text"] = o.name, string(o.text)
	case "error":
		trace := make([]any, len(o.trace))
		for i, line := range o.trace {
			trace[i] = line
		}
		fields["ename"], fields["evalue"], fields["traceback"] = o.ename, o.evalue, trace
	default:
		fields["data"], fields["metadata"] = orEmpty(o.data), orEmpty(o.metadata)
		if o.kind == "execute_result" {
			fields["execution_count"] = o.count
		}
	}
	return fields
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// Recording puts what cells show into a notebook by the rules that frontends
// follow: texts of one stream run together, a display with an id can be
// changed later, from another cell too, and a cell's outputs can be cleared.
// Cells may run side by side. The zero value is ready. It is not for use by
// several goroutines at once.
type Recording struct {
	// clear has the cells whose outputs go when the next one comes
	clear map[*Cell]bool
	byID  map[string][]*Output
}

// Start begins to record what c shows, in the place of what it showed before.
func (r *Recording) Start(c *Cell) {
	c.outputs, c.ran = nil, true
	c.fields["execution_count"] = nil
	delete(r.clear, c)
}

// Count notes as which number c ran.
func (r *Recording) Count(c *Cell, n int) { c.fields["execution_count"] = n }

// Add adds an output to c. An id other than "" names a display for Update.
func (r *Recording) Add(c *Cell, o *Output, id string) {
	if r.clear[c] {
		r.Clear(c, false)
	}
	if n := len(c.outputs); n > 0 && o.kind == "stream" {
		if last := c.outputs[n-1]; last.kind == "stream" && last.name == o.name {
			last.text = append(last.text, o.text...)
			return
		}
	}
	c.outputs = append(c.outputs, o)
	if id != "" {
		if r.byID == nil {
			r.byID = map[string][]*Output{}
		}
		r.byID[id] = append(r.byID[id], o)
	}
}

// Update changes every output that was added with id.
func (r *Recording) Update(id string, data, metadata map[string]any) {
	for _, o := range r.byID[id] {
		o.data, o.metadata = maps.Clone(data), maps.Clone(metadata)
	}
}

// Clear takes c's outputs away, with wait only when the next one comes.
func (r *Recording) Clear(c *Cell, wait bool) {
	if wait {
		if r.clear == nil {
			r.clear = map[*Cell]bool{}
		}
		r.clear[c] = true
		return
	}
	c.outputs = nil
	delete(r.clear, c)
}
