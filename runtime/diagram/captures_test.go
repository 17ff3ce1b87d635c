package diagram

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sockbook/runtime/trace"
	"sockbook/runtime/wire"
)

// TestCaptures draws what the hub of a real lab captured.
func TestCaptures(t *testing.T) {
	files, err := filepath.Glob("../trace/testdata/captures/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no captures: %v", err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var frames []wire.Frame
			if err := json.Unmarshal(b, &frames); err != nil {
				t.Fatal(err)
			}
			tr := trace.Build(trace.Input{Hosts: []trace.Host{{Name: "client"}, {Name: "server"}}, Frames: frames})
			p := Ladder(tr, Options{})
			golden(t, "capture-"+name+".txt", []byte(p.Text()))
			wellFormed(t, p.SVG())
			bounded(t, p.Text(), TextWidth)
			for i := range tr.Flows {
				wellFormed(t, States(tr, i, Options{}).SVG())
			}
		})
	}
}
