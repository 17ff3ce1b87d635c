package course

import (
	"testing"

	"sockbook/kernel/notebook"
)

// TestLaddersLast: a picture that was drawn while the cell went on printing is
// compared as if it had been drawn at the end.
func TestLaddersLast(t *testing.T) {
	stream := func(text string) string { return `{"output_type":"stream","name":"stdout","text":"` + text + `\n"}` }
	const ladder = `{"output_type":"display_data","metadata":{},"data":{"text/plain":"0 ms ├── SYN ──►│"}}`
	texts := map[string]string{}
	for name, outputs := range map[string]string{
		"early": stream("one") + "," + ladder + "," + stream("two"),
		"late":  stream("one") + "," + stream("two") + "," + ladder,
	} {
		n, err := notebook.Decode([]byte(`{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"code","id":"a","metadata":{},"execution_count":1,"source":"x","outputs":[` + outputs + `]}]}`))
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = Text(n.Cells[0])
	}
	if want := "one\ntwo\n0 ms ├── SYN ──►│\n"; texts["early"] != want || texts["late"] != want {
		t.Errorf("have %q, want %q each", texts, want)
	}
}
