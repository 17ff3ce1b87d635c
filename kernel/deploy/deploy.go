// Package deploy holds what a teacher needs to offer Sockbook to a course: a
// compose file for one machine, JupyterHub's configuration for a server, values
// for a cluster, and the seccomp profiles that they name. Call [Files]. The
// image itself is made by the Dockerfile, with what is in image.
package deploy

import (
	"embed"
	"io/fs"

	"sockbook/runtime/sandbox/profile"
)

//go:embed files
var files embed.FS

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
