// Package docs holds the documentation of every package that a cell may
// import, and of the predeclared names, as their source comments have it.
//
// [Lookup] finds the text about one name. The texts are embedded, one
// compressed file a package, and read when a package is first asked for.
// Nothing is read from the machine it runs on. After a change of the Go
// version, of golang.org/x/sys, or of sock.Packages, run go generate here.
package docs

//go:generate go run ./gen

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed docs.zip
var archive []byte

// Entry is what is written about one name.
type Entry struct {
	Doc  string `json:"doc,omitempty"`  // the comment
	Decl string `json:"decl,omitempty"` // of types, and of predeclared functions, the declaration
}

var (
	mu     sync.Mutex // guards loaded
	loaded = map[string]map[string]Entry{}
)

// Lookup returns what is written about a name of the package of that path:
// "Name", "Type.Method", "Type.Field", or "" for the package. The predeclared
// names are in the package "builtin".
func Lookup(path, name string) (Entry, bool) {
	mu.Lock()
	defer mu.Unlock()
	entries, ok := loaded[path]
	if !ok {
		entries, _ = load(path) // damaged data have no texts; a test reads them all
		loaded[path] = entries
	}
	e, ok := entries[name]
	return e, ok
}

func load(path string) (map[string]Entry, error) {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("read the embedded documentation: %w", err)
	}
	f, err := z.Open(path)
	if err != nil {
		return nil, fmt.Errorf("documentation of %s: %w", path, err)
	}
	defer f.Close()
	var entries map[string]Entry
	if err := json.NewDecoder(f).Decode(&entries); err != nil {
		return nil, fmt.Errorf("documentation of %s: %w", path, err)
	}
	return entries, nil
}
