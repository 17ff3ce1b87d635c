// Package pack packs the sources of package display for programs that are
// exported. It is used by go generate and by the test that finds stale data.
package pack

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// File is the name of the data file.
const File = "display.zip"

// folders are the packages, with all that they import of this module.
var folders = []string{"runtime/display", "runtime/display/sink"}

// Zip returns a module of the sources below root.
func Zip(root string) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name string, text []byte) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	}
	if err := add("go.mod", []byte("module sockbook\n\ngo 1.26.0\n")); err != nil {
		return nil, err
	}
	license, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	if err != nil {
		return nil, err
	}
	if err := add("LICENSE", license); err != nil {
		return nil, err
	}
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
		if err != nil || len(files) == 0 {
			return nil, fmt.Errorf("no sources in %s: %w", folder, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			if err := add(folder+"/"+filepath.Base(file), text); err != nil {
				return nil, err
			}
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
