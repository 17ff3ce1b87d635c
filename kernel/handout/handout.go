// Package handout gives files to a person and never takes away what that
// person wrote into them.
//
// [Give] copies a tree of files into a folder. Called again, it brings new
// files and new versions of files that were not changed; where both sides
// changed, the new version is put beside the old one. [Put] writes files that
// are made once. The package does not merge.
package handout

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"sockbook/kernel/atomicfile"
	"sockbook/kernel/hint"
)

// ManifestName is the file in the folder that remembers what was given.
const ManifestName = ".sockbook-handout.json"

// Report says what Give did. The paths are slash-separated and relative to the folder.
type Report struct {
	// New are files that were not there.
	New []string
	// Updated are files that nobody had changed and that have a new version now.
	Updated []string
	// Beside maps a file that its owner changed to the file that has its new version.
	Beside map[string]string
}

// manifest is what is remembered between two calls of Give, by path.
type manifest map[string]given

// given is a file's content as it was handed out, as SHA-256 in hex.
type given struct {
	// Given is the content that was last written to the file itself.
	Given string `json:"given,omitempty"`
	// Beside is the content that was last put beside the changed file.
	Beside string `json:"beside,omitempty"`
}

// Give copies the files of src into dir, which is made where it is missing.
// A file that its owner removed is given again. Errors wrap those of the file
// system; what was done before one is remembered.
func Give(src fs.FS, dir string) (Report, error) {
	report := Report{Beside: map[string]string{}}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return report, fmt.Errorf("make the folder: %w", err)
	}
	seen, err := load(dir)
	if err != nil {
		return report, err
	}
	before := seen.encode()
	walk := fs.WalkDir(src, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(src, name)
		if err != nil {
			return err
		}
		return seen.give(dir, name, content, &report)
	})
	if after := seen.encode(); string(after) != string(before) {
		err = write(filepath.Join(dir, ManifestName), after)
	}
	return report, errors.Join(walk, err)
}

// give hands out one file.
func (m manifest) give(dir, name string, content []byte, report *Report) error {
	target := filepath.Join(dir, filepath.FromSlash(name))
	last, now := m[name], hash(content)
	there, err := os.ReadFile(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		report.New = append(report.New, name)
	case err != nil:
		return fmt.Errorf("look at what is there: %w", err)
	case hash(there) == now:
		m[name] = given{Given: now}
		return nil
	case hash(there) == last.Given, hash(there) == last.Beside: // the owner changed nothing, or took the new version
		report.Updated = append(report.Updated, name)
	case now == last.Given || now == last.Beside:
		return nil // the owner changed it, and has this version
	default:
		other, err := putBeside(dir, name, content)
		if err != nil {
			return err
		}
		report.Beside[name] = other
		m[name] = given{Given: last.Given, Beside: now}
		return nil
	}
	if err := write(target, content); err != nil {
		return fmt.Errorf("hand out %s: %w", name, err)
	}
	m[name] = given{Given: now}
	return nil
}

// putBeside writes content to a new file named after name, "lesson.new.ipynb"
// for "lesson.ipynb", and returns its name.
func putBeside(dir, name string, content []byte) (string, error) {
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n := 1; n <= 100; n++ {
		other := stem + ".new" + ext
		if n > 1 {
			other = fmt.Sprintf("%s.new%d%s", stem, n, ext)
		}
		target := filepath.Join(dir, filepath.FromSlash(other))
		there, err := os.ReadFile(target)
		switch {
		case err == nil && hash(there) == hash(content):
			return other, nil
		case err == nil:
			continue
		case !errors.Is(err, fs.ErrNotExist):
			return "", fmt.Errorf("look at what is there: %w", err)
		}
		if err := write(target, content); err != nil {
			return "", fmt.Errorf("put the new version of %s beside it: %w", name, err)
		}
		return other, nil
	}
	return "", fmt.Errorf("put the new version of %s beside it: there are too many already", name)
}

func load(dir string) (manifest, error) {
	file := filepath.Join(dir, ManifestName)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return manifest{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what was given before: %w", err)
	}
	m := manifest{}
	if err := json.Unmarshal(text, &m); err != nil || m == nil {
		return manifest{}, nil // as if nothing was given: no file is overwritten then
	}
	return m, nil
}

func (m manifest) encode() []byte {
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		panic(err) // a map of texts can be encoded
	}
	return append(text, '\n')
}

func hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Put writes files, by their paths with slashes, into dir, which is made where
// it is missing, and returns their paths, sorted. Unless over is set, a file
// that is there with other content is an error, and then nothing is written.
func Put(dir string, files map[string][]byte, over bool) ([]string, error) {
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if there, err := os.ReadFile(path); err == nil && !over && !bytes.Equal(there, files[name]) {
			return nil, hint.Add(fmt.Errorf("%s is there and differs", path), "name another folder, or move that file away.")
		}
	}
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := write(path, files[name]); err != nil {
			return nil, hint.Add(fmt.Errorf("write %s: %w", path, err), "name a folder that you may write to.")
		}
	}
	return names, nil
}

// write makes the folder of name, where it is missing, and writes the file.
func write(name string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return atomicfile.Write(name, content, 0o644)
}
