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
	if special(path) {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, src)
		return errors.Join(err, f.Close())
	}
	f, err := create(path)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it was renamed
	_, err = io.Copy(f, src)
	if err := errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return &fs.PathError{Op: "replace", Path: path, Err: cause(err)}
	}
	return nil
}

// Check returns why nothing can be written to path, if it cannot even be begun.
// It is for those who have long work before they write.
func Check(path string) error {
	if special(path) {
		return nil
	}
	f, err := create(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// special tells whether path is a device or a pipe.
func special(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

// create makes the file that is to replace that at path, which errors name.
func create(path string) (*os.File, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".sockbook-*")
	if err != nil {
		return nil, &fs.PathError{Op: "create", Path: path, Err: cause(err)}
	}
	return f, nil
}

// cause is what an error of package os says but for the names of files.
func cause(err error) error {
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}
