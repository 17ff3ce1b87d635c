package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sockbook/kernel/hint"
	"sockbook/kernel/jupyterenv/envtest"
)

// whole has everything the format knows and some things it does not.
const whole = `{"nbformat":4,"nbformat_minor":5,"zz":{"later":[1,2.50,1e3,null,true]},
"metadata":{"kernelspec":{"name":"sockbook","language":"go","display_name":"Go"},"signature":"s","orig_nbformat":3},
"cells":[
 {"cell_type":"markdown","id":"a","metadata":{"trusted":true,"tags":[]},"source":["# A\n","b<>&\u2028c\u0085\u0001"],
  "attachments":{"x.svg":{"image/svg+xml":"<svg>\n</svg>"},"x.png":{"image/png":["QUJD\n","REVG"]}}},
 {"cell_type":"code","id":"b","metadata":{},"execution_count":7,"source":"x := 1\r\nfmt.Println(x)\n",
  "outputs":[
   {"output_type":"stream","name":"stdout","text":"1\n2\n"},
   {"output_type":"display_data","metadata":{},"data":{"text/plain":"a\nb","application/json":{"k":["a\n","b"]},"application/javascript":"x\ny"}},
   {"output_type":"execute_result","execution_count":7,"metadata":{"m":1},"data":{"text/html":["<b>\n","</b>"]}},
   {"output_type":"error","ename":"panic","evalue":"é","traceback":["one\n","two"]}]},
 {"cell_type":"raw","id":"c","metadata":{"format":"text/x"},"source":""},
 {"cell_type":"code","id":"d","metadata":{},"execution_count":null,"source":[],"outputs":[]}
]}`

var bad = []struct{ name, text, want string }{
	{"nothing", ``, "it is empty"},
	{"no object", `[]`, "cannot unmarshal"},
	{"null", `null`, "format"},
	{"half", `{"nbformat":4,`, "its end is missing"},
	{"more than one", `{"nbformat":4,"cells":[]} {}`, "behind its end"},
	{"no format", `{"cells":[]}`, `format ""`},
	{"format 3", `{"nbformat":3,"worksheets":[]}`, `format "3"`},
	{"format as text", `{"nbformat":"4","cells":[]}`, `format ""`},
	{"no cells", `{"nbformat":4}`, "no list of cells"},
	{"cells are no list", `{"nbformat":4,"cells":{}}`, "no list of cells"},
	{"cell is no object", `{"nbformat":4,"cells":[7]}`, "cell 1 is no object"},
	{"cell without type", `{"nbformat":4,"cells":[{"source":""}]}`, "cell 1: it has no type"},
	{"cell without source", `{"nbformat":4,"cells":[{"cell_type":"raw"}]}`, "cell 1: its source"},
	{"source of numbers", `{"nbformat":4,"cells":[{"cell_type":"raw","source":[1]}]}`, "cell 1: its source"},
	{"code without outputs", `{"nbformat":4,"cells":[{"cell_type":"code","source":""}]}`, "no list of outputs"},
	{"output is no object", `{"nbformat":4,"cells":[{"cell_type":"code","source":"","outputs":[[]]}]}`, "output 1 is no object"},
	{"output without type", `{"nbformat":4,"cells":[{"cell_type":"code","source":"","outputs":[{}]}]}`, "output 1 has no type"},
	{"deep", strings.Repeat("[", 100_000), "depth"},
}

func TestDecodeRefuses(t *testing.T) {
	for _, test := range bad {
		t.Run(test.name, func(t *testing.T) {
			_, err := Decode([]byte(test.text))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			var p *hint.Error
			if !errors.As(err, &p) {
				t.Errorf("the error has no hint: %v", err)
			}
		})
	}
}

func TestEncodeAsNbformatDoes(t *testing.T) {
	python := envtest.Python(t)
	n, err := Decode([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	const program = `
import nbformat, sys, json
text = sys.stdin.read()
sys.stdout.buffer.write((nbformat.v4.writes(nbformat.v4.reads(text)) + "\n").encode())
`
	cmd := exec.Command(python, "-c", program)
	// Python would write 1e3 as 1000.0; this package keeps numbers as they are
	cmd.Stdin = strings.NewReader(strings.Replace(whole, "2.50,1e3", "2.5,1000", 1))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	want, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	got := strings.Replace(string(n.Encode()), "2.50", "2.5", 1)
	got = strings.Replace(got, "1e3", "1000", 1)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("nbformat's is -, ours is +\n%s", diff)
	}
}

func TestCells(t *testing.T) {
	n, err := Decode([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	if got := n.Language(); got != "go" {
		t.Errorf("language %q", got)
	}
	var code []bool
	var source []string
	for _, c := range n.Cells {
		code, source = append(code, c.IsCode()), append(source, c.Source())
	}
	if diff := cmp.Diff([]bool{false, true, false, true}, code); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"# A\nb<>&\u2028c\u0085\x01", "x := 1\r\nfmt.Println(x)\n", "", ""}, source); diff != "" {
		t.Error(diff)
	}
}

func TestRecording(t *testing.T) {
	n, err := Decode([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	n.ClearOutputs()
	first, second := n.Cells[1], n.Cells[3]
	var r Recording
	r.Start(first)
	r.Count(first, 1)
	r.Add(first, Stream("stdout", "gone\n"), "")
	r.Clear(first, true)
	r.Add(first, Stream("stdout", "a"), "")
	r.Start(second)
	r.Count(second, 2)
	r.Add(second, Stream("stdout", "gone"), "")
	r.Add(first, Stream("stdout", "b\n"), "") // the first runs on in the background
	r.Add(first, Stream("stderr", "c\n"), "")
	r.Add(first, Stream("stdout", "d\n"), "")
	r.Add(first, Display(map[string]any{"text/plain": "0 %"}, nil), "bar")
	r.Clear(second, false)
	r.Add(second, Display(map[string]any{"text/plain": "0 %"}, nil), "bar")
	r.Update("bar", map[string]any{"text/plain": "100 %", "application/json": map[string]any{"done": 1.0}}, nil)
	r.Update("nobody", map[string]any{"text/plain": "x"}, nil)
	r.Add(second, Result(2, map[string]any{"text/plain": "42"}, nil), "")
	r.Add(second, Failure("panic", "boom", []string{"cell 2, line 1"}), "")

	again, err := Decode(n.Encode())
	if err != nil {
		t.Fatal(err)
	}
	bar := `{"data":{"application/json":{"done":1},"text/plain":["100 %"]},"metadata":{},"output_type":"display_data"}`
	want := []string{
		`[{"name":"stdout","output_type":"stream","text":["ab\n"]},{"name":"stderr","output_type":"stream","text":["c\n"]},` +
			`{"name":"stdout","output_type":"stream","text":["d\n"]},` + bar + `]`,
		`[` + bar + `,{"data":{"text/plain":["42"]},"execution_count":2,"metadata":{},"output_type":"execute_result"},` +
			`{"ename":"panic","evalue":"boom","output_type":"error","traceback":["cell 2, line 1"]}]`,
	}
	for i, c := range []*Cell{again.Cells[1], again.Cells[3]} {
		got, err := json.Marshal(c.fields["outputs"])
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[i], string(got)); diff != "" {
			t.Errorf("cell %d\n%s", i+1, diff)
		}
		if count := c.fields["execution_count"]; count != json.Number([]string{"1", "2"}[i]) {
			t.Errorf("cell %d ran as number %v", i+1, count)
		}
	}
}

func TestClearOutputs(t *testing.T) {
	n, err := Decode([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	n.ClearOutputs()
	again, err := Decode(n.Encode())
	if err != nil {
		t.Fatal(err)
	}
	code := again.Cells[1].fields
	if code["execution_count"] != nil || len(code["outputs"].([]any)) != 0 {
		t.Errorf("left: %v", code)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(whole))
	for _, test := range bad {
		if len(test.text) < 1000 {
			f.Add([]byte(test.text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := Decode(text)
		if err != nil {
			return
		}
		once := n.Encode()
		again, err := Decode(once)
		if err != nil {
			t.Fatalf("cannot read what was written: %v\n%s", err, once)
		}
		if twice := again.Encode(); !bytes.Equal(once, twice) {
			t.Errorf("written once:\n%s\ntwice:\n%s", once, twice)
		}
		for i, c := range again.Cells {
			if c.Source() != n.Cells[i].Source() {
				t.Errorf("cell %d's source changed", i+1)
			}
		}
	})
}
