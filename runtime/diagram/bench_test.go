package diagram

import (
	"testing"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/tracetest"
)

// BenchmarkPictures measures what a picture costs that is drawn anew while a
// cell runs: the trace, the text, the SVG, the PNG.
func BenchmarkPictures(b *testing.B) {
	for _, s := range tracetest.Scenarios() {
		if s.Name != "handshake-and-close" && s.Name != "thousand-connections" {
			continue
		}
		tr := trace.Build(s.In)
		p := Ladder(tr, Options{})
		b.Run(s.Name+"/build", func(b *testing.B) {
			for b.Loop() {
				trace.Build(s.In)
			}
		})
		b.Run(s.Name+"/layout", func(b *testing.B) {
			for b.Loop() {
				Ladder(tr, Options{})
			}
		})
		b.Run(s.Name+"/svg", func(b *testing.B) {
			for b.Loop() {
				p.SVG()
			}
		})
		b.Run(s.Name+"/png", func(b *testing.B) {
			for b.Loop() {
				if _, err := p.PNG(2); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
