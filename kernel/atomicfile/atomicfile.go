// Package atomicfile replaces files in one step: whoever opens one sees the
// old content or the new, never a part, and whoever has it open or runs it
// goes on with the old one.
package atomicfile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write puts content at path with the permissions mode.
func Write(path string, content []byte, mode fs.FileMode) error {
	return Copy(path, bytes.NewReader(content), mode)
}

// Copy puts what src has left at path with the permissions mode. Where it
// fails, what was at path stays and nothing else is left behind. A device or a
// pipe at path, such as /dev/null or /dev/stdout, is written to, not replaced.
func Copy(path string, src io.Reader, mode fs.FileMode) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, src)
		return errors.Join(err, f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".sockbook-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it was renamed
	_, err = io.Copy(f, src)
	if err := errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
