package worker

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestDecodeFrame(t *testing.T) {
	whole, err := encode(kindRun, 7, runRequest{Name: "[1]", Text: "1+1"})
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if _, rest, ok, err := decode(whole[:n]); ok || err != nil || len(rest) != n {
			t.Fatalf("%d of %d bytes: ok %v, %v", n, len(whole), ok, err)
		}
	}
	f, rest, ok, err := decode(append(whole, 1, 2))
	if !ok || err != nil || f.Kind != kindRun || f.Seq != 7 || !bytes.Equal(rest, []byte{1, 2}) {
		t.Errorf("frame %+v, rest %v, ok %v, %v", f, rest, ok, err)
	}
	for _, bad := range []string{"\xff\xff\xff\xff", "\x00\x00\x00\x01x", "\x00\x00\x00\x02[]", "\x00\x00\x00\x00",
		"\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x01",         // no kind
		"\x00\x00\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x01\x03ok"} { // a kind of three bytes in two {
		if _, _, _, err := decode([]byte(bad)); err == nil {
			t.Errorf("decode %q: no error", bad)
		}
	}
	if _, err := encode(kindRun, 1, strings.Repeat("x", maxFrame)); err == nil {
		t.Error("a frame over the limit was encoded")
	}
}

func FuzzDecodeFrame(f *testing.F) {
	whole, _ := encode(kindDone, 1, Outcome{Failure: &Failure{Name: "panic"}})
	f.Add(whole)
	f.Add([]byte("\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x01\x01k{}"))
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for {
			fr, rest, ok, err := decode(data)
			if err != nil || !ok {
				return
			}
			if len(rest) >= len(data) {
				t.Fatal("decode does not advance")
			}
			data = rest
			if fr.Body != nil && !json.Valid(fr.Body) {
				continue // who unmarshals it will say so
			}
			var body any
			if fr.Body != nil {
				body = fr.Body
			}
			again, err := encode(fr.Kind, fr.Seq, body)
			if err != nil {
				t.Fatal(err)
			}
			if back, _, _, err := decode(again); err != nil || back.Kind != fr.Kind || back.Seq != fr.Seq || (back.Body == nil) != (fr.Body == nil) {
				t.Fatalf("%+v became %+v, %v", fr, back, err)
			}
		}
	})
}
