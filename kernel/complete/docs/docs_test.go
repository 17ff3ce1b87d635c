package docs_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"sockbook/kernel/complete/docs"
	"sockbook/kernel/complete/docs/internal/extract"
	"sockbook/runtime/sock"
)

func TestLookup(t *testing.T) {
	for _, c := range []struct{ path, name, doc, decl string }{
		{"fmt", "Println", "Println formats using", ""},
		{"net", "Conn.Read", "Read reads data from the connection", ""},
		{"net", "KeepAliveConfig.Idle", "Idle is the time", ""},
		{"net", "Conn", "Conn is a generic", "type Conn interface {"},
		{"net", "", "Package net provides", ""},
		{"net/http", "StatusTeapot", "RFC 9110, 15.5.19", ""},
		{"io", "EOF", "EOF is the error", ""},
		{"builtin", "len", "The len built-in", "func len(v Type) int"},
		{"sockbook/runtime/display", "HTML", "HTML ", ""},
	} {
		e, ok := docs.Lookup(c.path, c.name)
		if !ok || !strings.HasPrefix(e.Doc, c.doc) || !strings.HasPrefix(e.Decl, c.decl) {
			t.Errorf("Lookup(%q, %q) = %+v, %v", c.path, c.name, e, ok)
		}
	}
	for _, c := range [][2]string{{"os/exec", "Command"}, {"fmt", "println"}, {"", ""}} {
		if e, ok := docs.Lookup(c[0], c[1]); ok {
			t.Errorf("Lookup(%q, %q) = %+v", c[0], c[1], e)
		}
	}
	for _, path := range sock.Packages {
		if e, ok := docs.Lookup(path, ""); !ok || e.Doc == "" {
			t.Errorf("package %s has no comment; if it is new, run: go generate ./kernel/complete/docs", path)
		}
	}
}

// TestFresh makes the data again.
func TestFresh(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no go command")
		}
		t.Skip("no go command to find the sources with")
	}
	want, err := extract.Zip()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(extract.File)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is stale, run: go generate ./kernel/complete/docs", extract.File)
	}
}
