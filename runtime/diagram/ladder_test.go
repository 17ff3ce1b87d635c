package diagram

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/tracetest"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// golden compares got with a file of testdata, or rewrites that.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s: %s", name, d)
	}
}

// wellFormed tests that an SVG is XML.
func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("SVG: %v", err)
		}
	}
}

func bounded(t *testing.T, text string, width int) {
	t.Helper()
	for _, l := range strings.Split(text, "\n") {
		if n := utf8.RuneCountInString(l); n > width {
			t.Errorf("line of %d columns, want at most %d: %q", n, width, l)
		}
	}
}

func TestLadderGoldens(t *testing.T) {
	for _, s := range tracetest.Scenarios() {
		t.Run(s.Name, func(t *testing.T) {
			p := Ladder(trace.Build(s.In), Options{})
			golden(t, "ladder-"+s.Name+".txt", []byte(p.Text()))
			golden(t, "ladder-"+s.Name+".svg", p.SVG())
			wellFormed(t, p.SVG())
			bounded(t, p.Text(), TextWidth)
			img, err := p.PNG(1)
			if err != nil {
				t.Fatal(err)
			}
			cfg, err := png.DecodeConfig(bytes.NewReader(img))
			if err != nil {
				t.Fatal(err)
			}
			if w, h := p.Size(); cfg.Width != w || cfg.Height != h {
				t.Errorf("PNG of %d × %d, SVG of %d × %d", cfg.Width, cfg.Height, w, h)
			}
		})
	}
}

// TestLocalGolden draws what calls alone tell.
func TestLocalGolden(t *testing.T) {
	p := Ladder(trace.Local(tracetest.LocalCalls(), tracetest.Epoch), Options{Title: "Within one host"})
	golden(t, "local.txt", []byte(p.Text()))
	golden(t, "local.svg", p.SVG())
	wellFormed(t, p.SVG())
	bounded(t, p.Text(), TextWidth)
}

// TestPNGColours: reducing the colours keeps every ink.
func TestPNGColours(t *testing.T) {
	if n := len(shades()); n > 256 {
		t.Fatalf("%d shades do not fit in a palette", n)
	}
	for _, s := range append([]string{paper, ink, muted, rule, red, frame}, flowInks...) {
		if got := shades().Convert(rgb(s)); got != rgb(s) {
			t.Errorf("%s becomes %v", s, got)
		}
	}
}

// TestDownFits: the words at the head of a silent host's rail are not cut off
// at the picture's edge.
func TestDownFits(t *testing.T) {
	const words = "was shut down"
	tr := trace.Build(tracetest.Refused().In)
	last := len(tr.Hosts) - 1
	tr.DownBefore = map[int]string{last: words}
	p := Ladder(tr, Options{})
	at := regexp.MustCompile(`<text x="([0-9.]+)"[^>]*>` + words).FindSubmatch(p.SVG())
	if at == nil {
		t.Fatalf("no %q in\n%s", words, p.SVG())
	}
	x, err := strconv.ParseFloat(string(at[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	if w, _ := p.Size(); x+bold.width(words, noteSize) > float64(w) {
		t.Errorf("%q begins at %v and is %v wide, the picture ends at %d", words, x, bold.width(words, noteSize), w)
	}
}
