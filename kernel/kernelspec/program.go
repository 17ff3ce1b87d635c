package kernelspec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"sockbook/kernel/atomicfile"
)

// placeProgram copies the running program to p.Program, unless it is the same
// there already or the program is below p.Prefix. It returns the path to start.
//
// "go run" starts programs in a folder that is gone afterwards, and a build
// cache is emptied now and then: a kernelspec must point to neither.
func (p Place) placeProgram() (path string, copied bool, err error) {
	running, err := os.Executable()
	if err != nil {
		return "", false, fmt.Errorf("find the running program: %w", err)
	}
	if p.Prefix != "" && below(p.Prefix, running) && !strings.Contains(running, "go-build") {
		return running, false, nil
	}
	src, err := os.Open(running)
	if err != nil {
		return "", false, fmt.Errorf("read the running program: %w", err)
	}
	defer src.Close()
	if same, err := sameContent(src, p.Program); err != nil {
		return "", false, fmt.Errorf("compare the program with the installed one: %w", err)
	} else if same {
		return p.Program, false, nil
	}
	if err := os.MkdirAll(filepath.Dir(p.Program), 0o755); err != nil {
		return "", false, fmt.Errorf("make the program's folder: %w", err)
	}
	if err := atomicfile.Copy(p.Program, src, 0o755); err != nil {
		return "", false, fmt.Errorf("copy the program to %s: %w", p.Program, err)
	}
	return p.Program, true, nil
}

// below tells whether path is somewhere in dir.
func below(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, "../")
}

// sameContent tells whether the executable at path is there and holds what src
// holds. It leaves src at its beginning.
func sameContent(src *os.File, path string) (bool, error) {
	dst, err := os.Open(path)
	if err != nil {
		return false, nil // it will be written, or writing says what is wrong
	}
	defer dst.Close()
	a, err := src.Stat()
	if err != nil {
		return false, err
	}
	b, err := dst.Stat()
	if err != nil {
		return false, err
	}
	switch {
	case os.SameFile(a, b):
		return true, nil
	case a.Size() != b.Size() || b.Mode()&0o111 == 0:
		return false, nil
	}
	defer src.Seek(0, io.SeekStart)
	one, two := make([]byte, 1<<20), make([]byte, 1<<20)
	for {
		n, err1 := io.ReadFull(src, one)
		m, err2 := io.ReadFull(dst, two)
		if !bytes.Equal(one[:n], two[:m]) {
			return false, nil
		}
		if err := errors.Join(notEnd(err1), notEnd(err2)); err != nil {
			return false, err
		}
		if err1 != nil || err2 != nil {
			return err1 != nil && err2 != nil, nil
		}
	}
}

// notEnd is err unless that only says that a file is at its end.
func notEnd(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil
	}
	return err
}
