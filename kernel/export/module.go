package export

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"strings"
)

//go:generate go run ./gen

// display holds the sources of sockbook/runtime/display, which a program gets
// with it: outside a notebook it prints text.
//
//go:embed display.zip
var display []byte

// The version of golang.org/x/sys that programs require, as go.sum has it. A
// test compares it with this module's.
const (
	sysVersion = "v0.49.0"
	sysSums    = `golang.org/x/sys v0.49.0 h1:XbzkgYJHdqh/8m2Uu0W/dQv8nktxx4BFHp1M0gROTXA=
golang.org/x/sys v0.49.0/go.mod h1:hNLxWAXmnKAxqDtdwIYC4bM9oQPEecfsnNMuSxOs3og=
`
)

// moduleFiles adds go.mod, and what the imports need.
func (m *Module) moduleFiles(module string, imports map[string]bool) error {
	mod := fmt.Sprintf("module %s\n\ngo 1.26.0\n", module)
	uses := func(prefix string) bool {
		for path := range imports {
			if strings.HasPrefix(path, prefix) {
				return true
			}
		}
		return false
	}
	if uses("golang.org/x/sys/") {
		mod += fmt.Sprintf("\nrequire golang.org/x/sys %s\n", sysVersion)
		m.Files["go.sum"] = []byte(sysSums)
	}
	if uses("sockbook/") {
		mod += "\nrequire sockbook v0.0.0\n\nreplace sockbook => ./sockbook\n"
		if err := m.unpack("sockbook/"); err != nil {
			return err
		}
	}
	m.Files["go.mod"] = []byte(mod)
	return nil
}

// unpack adds the sources of package display below a folder.
func (m *Module) unpack(folder string) error {
	z, err := zip.NewReader(bytes.NewReader(display), int64(len(display)))
	if err != nil {
		return fmt.Errorf("read the embedded sources: %w", err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return fmt.Errorf("read the embedded sources: %w", err)
		}
		text, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			return fmt.Errorf("read the embedded sources: %w", err)
		}
		m.Files[folder+f.Name] = text
	}
	return nil
}
