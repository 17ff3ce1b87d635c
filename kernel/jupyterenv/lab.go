package jupyterenv

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The oldest JupyterLab that is used where the user has one.
const minLab = 4

// FoundLab is a JupyterLab that somebody else installed.
type FoundLab struct {
	// Path is the program jupyter-lab.
	Path string
	// Version is what it says of itself, "4.6.6" for example.
	Version string
}

// ErrNoLab is returned where there is no JupyterLab on PATH.
var ErrNoLab = errors.New("there is no JupyterLab on PATH")

// OnPath finds the JupyterLab on PATH and makes sure that it starts. Starting
// it takes a second, so what was learned is kept in cacheDir and holds until
// the program changes; an empty cacheDir keeps nothing.
//
// The error is [ErrNoLab], or says why the one found cannot be used.
func OnPath(ctx context.Context, cacheDir string) (FoundLab, error) {
	path, err := exec.LookPath("jupyter-lab")
	if err != nil {
		return FoundLab{}, ErrNoLab
	}
	if path, err = filepath.Abs(path); err != nil {
		return FoundLab{}, fmt.Errorf("find jupyter-lab: %w", err)
	}
	lab := FoundLab{Path: path}
	known := knownLab(path)
	if known != nil {
		if lab.Version = known.load(cacheDir); lab.Version != "" {
			return lab, nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "--version")
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return lab, fmt.Errorf("%s does not start: %w", path, explain(err))
	}
	lab.Version = strings.TrimSpace(string(out))
	major, _, _ := strings.Cut(lab.Version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < minLab {
		return lab, fmt.Errorf("%s is JupyterLab %q, and %d or later is needed", path, lab.Version, minLab)
	}
	if known != nil {
		known.Version = lab.Version
		known.save(cacheDir)
	}
	return lab, nil
}

// labNote is what is kept about a jupyter-lab that was tried.
type labNote struct {
	Path     string
	Size     int64
	Modified int64 // nanoseconds since 1970
	Version  string
}

// knownLab describes the program at path as it is now, nil if it cannot be told.
func knownLab(path string) *labNote {
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	return &labNote{Path: path, Size: info.Size(), Modified: info.ModTime().UnixNano()}
}

const labNoteFile = "jupyterlab-on-path.json"

// load returns the version if dir has a note about this very program, else "".
func (n *labNote) load(dir string) string {
	if dir == "" {
		return ""
	}
	text, err := os.ReadFile(filepath.Join(dir, labNoteFile))
	var kept labNote
	if err != nil || json.Unmarshal(text, &kept) != nil {
		return ""
	}
	version := kept.Version
	kept.Version = ""
	if kept != *n {
		return ""
	}
	return version
}

// save keeps the note. It only saves time: where it cannot be written the
// program is tried again at the next start.
func (n *labNote) save(dir string) {
	if dir == "" {
		return
	}
	if text, err := json.Marshal(n); err == nil && os.MkdirAll(dir, 0o755) == nil {
		_ = os.WriteFile(filepath.Join(dir, labNoteFile), text, 0o644)
	}
}
