// Package kernelspec makes Sockbook known to Jupyter: kernel.json, its logos,
// and the program that they point to.
//
// A [Place] says where; get one from [User], [Prefix] or [SysPrefix]. Then
// [Place.Install], [Place.Uninstall]; [Find] tells what Jupyter would find. The
// package starts no kernel.
package kernelspec

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sockbook/kernel/hint"
)

const (
	// DefaultName is the name under which Jupyter knows the kernel.
	DefaultName = "sockbook"
	// DefaultDisplayName is what people see in JupyterLab's launcher.
	DefaultDisplayName = "Go (Sockbook)"
)

// connectionFile is what Jupyter replaces by the path of the connection file.
const connectionFile = "{connection_file}"

//go:embed logos
var logos embed.FS

// Spec is the content of a kernel.json, as "Making kernels for Jupyter" in
// jupyter_client's documentation has it.
type Spec struct {
	Argv          []string       `json:"argv"`
	DisplayName   string         `json:"display_name"`
	Language      string         `json:"language"`
	InterruptMode string         `json:"interrupt_mode"`
	Metadata      map[string]any `json:"metadata"`
}

// New is the Spec that starts the kernel by program, an absolute path.
func New(program, displayName string) Spec {
	return Spec{
		Argv:          []string{program, "kernel", connectionFile},
		DisplayName:   displayName,
		Language:      "go",
		InterruptMode: "message",
		Metadata:      map[string]any{"debugger": false},
	}
}

// Ours tells whether s starts a Sockbook kernel.
func (s Spec) Ours() bool {
	return len(s.Argv) == 3 && strings.HasPrefix(filepath.Base(s.Argv[0]), "sockbook") &&
		slices.Equal(s.Argv[1:], []string{"kernel", connectionFile})
}

// Program is the program that s starts, "" if it names none.
func (s Spec) Program() string {
	if len(s.Argv) == 0 {
		return ""
	}
	return s.Argv[0]
}

func readSpec(dir string) (Spec, error) {
	var s Spec
	text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		return s, fmt.Errorf("read a kernelspec: %w", err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("read %s: %w", filepath.Join(dir, "kernel.json"), err)
	}
	return s, nil
}

// files returns what a kernelspec's folder holds, by name.
func (s Spec) files() (map[string][]byte, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // people read this file
	e.SetIndent("", " ")
	if err := e.Encode(s); err != nil {
		return nil, fmt.Errorf("write kernel.json: %w", err)
	}
	files := map[string][]byte{"kernel.json": text.Bytes()}
	pictures, err := logos.ReadDir("logos")
	if err != nil {
		return nil, fmt.Errorf("read the logos: %w", err)
	}
	for _, p := range pictures {
		if files[p.Name()], err = logos.ReadFile("logos/" + p.Name()); err != nil {
			return nil, fmt.Errorf("read the logos: %w", err)
		}
	}
	return files, nil
}

var validName = regexp.MustCompile(`^[a-z0-9._-]+$`)

// checkName returns an error if Jupyter takes no kernelspec of that name.
func checkName(name string) error {
	if !validName.MatchString(name) || name == "." || name == ".." {
		return hint.Add(fmt.Errorf("%q cannot be a kernel's name", name),
			"a name has small letters, digits, '.', '_' and '-' only, such as "+DefaultName+".")
	}
	return nil
}
