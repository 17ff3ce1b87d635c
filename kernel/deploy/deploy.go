// Package deploy holds what a teacher needs to offer Sockbook to a course: a
// compose file for one machine, JupyterHub's configuration for a server, values
// for a cluster, and the seccomp profiles that they name. Call [Write]. The
// image itself is made by the Dockerfile, with what is in image.
package deploy

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"sockbook/kernel/atomicfile"
	"sockbook/runtime/sandbox/profile"
)

//go:embed files
var files embed.FS

// ExistsError says that a file is there that was not written by this version:
// nothing was changed.
type ExistsError struct{ Path string }

func (e *ExistsError) Error() string { return fmt.Sprintf("%s is there and differs", e.Path) }

// Hint says what to do.
func (e *ExistsError) Hint() string {
	return "name an empty folder and compare, or move that file away."
}

// Files returns the files by their names.
func Files() (map[string][]byte, error) {
	all := map[string][]byte{}
	entries, err := fs.ReadDir(files, "files")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if all[e.Name()], err = files.ReadFile("files/" + e.Name()); err != nil {
			return nil, err
		}
	}
	for name, made := range map[string]func() ([]byte, error){"sockbook.json": profile.Docker, "sockbook-kubernetes.json": profile.Kubernetes} {
		if all[name], err = made(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Write writes the files to a folder, which is made if need be, and returns
// their names, sorted. A file that is there and differs is left, with an
// *[ExistsError], and then nothing is written.
func Write(dir string) ([]string, error) {
	all, err := Files()
	if err != nil {
		return nil, err
	}
	var names []string
	for name, text := range all {
		path := filepath.Join(dir, name)
		if old, err := os.ReadFile(path); err == nil && string(old) != string(text) {
			return nil, &ExistsError{path}
		}
		names = append(names, name)
	}
	slices.Sort(names)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	for _, name := range names {
		if err := atomicfile.Write(filepath.Join(dir, name), all[name], 0o644); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
	}
	return names, nil
}
