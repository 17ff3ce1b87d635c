// Package jupyterenv provides a JupyterLab to people who have none: a private
// Python virtual environment whose packages are pinned by version and hash.
//
// Call [Ensure] first; it makes the environment or finds it made. [OnPath]
// finds a JupyterLab that the user installed, which is used rather than a
// private one. The package starts no Jupyter and changes nothing outside the
// environment's folder.
package jupyterenv

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/kernel/hint"
)

//go:embed lab.txt
var labPins string

// Lab is JupyterLab and all it needs.
var Lab = Pins{Name: "lab", Requirements: labPins}

// Pins is a set of Python packages, each of one version and known hashes.
type Pins struct {
	// Name is a short word for the set; it becomes part of a file name.
	Name string
	// Requirements is a pip requirements file with hashes.
	Requirements string
}

// count is how many packages p names. Some are for other systems only, so it
// is an upper bound of what gets installed.
func (p Pins) count() (n int) {
	for line := range strings.Lines(p.Requirements) {
		if strings.Contains(line, "==") && line[0] != ' ' {
			n++
		}
	}
	return n
}

func (p Pins) hash() string {
	sum := sha256.Sum256([]byte(p.Requirements))
	return hex.EncodeToString(sum[:6])
}

// Env is a private environment that is ready for use.
type Env struct {
	// Dir is the environment's folder.
	Dir string
}

// Bin returns the path of a program in the environment, "python" for example.
func (e Env) Bin(program string) string { return filepath.Join(e.Dir, "bin", program) }

// Progress is told what Ensure does now and how far it is: done of total
// steps, with total 0 where nobody knows.
type Progress func(what string, done, total int)

// CacheDir is where Sockbook keeps what it can make again: $XDG_CACHE_HOME/sockbook
// or ~/.cache/sockbook.
func CacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", hint.Add(fmt.Errorf("find a folder for caches: %w", err),
			"set HOME to a folder of yours that can be written, or XDG_CACHE_HOME to another one.")
	}
	return filepath.Join(dir, "sockbook"), nil
}

// Dir is the folder of the environment with the packages of [Lab]. It need not exist.
func Dir() (string, error) {
	cache, err := CacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "jupyter-"+Lab.hash()), nil
}

// Find returns the environment in dir if [Ensure] has made it.
func Find(dir string) (Env, bool) {
	env := Env{dir}
	return env, env.complete([]Pins{Lab})
}

// Ensure returns the environment in dir with the packages of Lab and of extra.
// What is missing is downloaded and installed, which takes a minute or two
// and about 260 MB for Lab; where all is there Ensure looks at a few files only.
// Processes that call it for the same dir wait for each other.
//
// Errors are of type *[hint.Error] where the user can do something about them.
func Ensure(ctx context.Context, dir string, progress Progress, extra ...Pins) (Env, error) {
	env := Env{dir}
	want := append([]Pins{Lab}, extra...)
	if env.complete(want) {
		return env, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return env, hint.Add(fmt.Errorf("make the folder for the private environment: %w", err),
			"set XDG_CACHE_HOME to a folder that can be written.")
	}
	unlock, err := lock(ctx, dir+".lock", progress)
	if err != nil {
		return env, err
	}
	defer unlock()
	if env.complete(want) { // another process made it while this one waited
		return env, nil
	}
	if !env.complete(nil) {
		if err := env.create(ctx, progress); err != nil {
			return env, err
		}
	}
	for _, pins := range want {
		if env.has(pins) {
			continue
		}
		if err := env.install(ctx, pins, progress); err != nil {
			return env, err
		}
	}
	return env, nil
}

// complete tells whether the environment works as far as a few looks at files
// can tell: its Python is the one it was made with, all of pins are installed.
func (e Env) complete(pins []Pins) bool {
	made, err := os.ReadFile(e.pythonStamp())
	if err != nil {
		return false
	}
	now, err := filepath.EvalSymlinks(e.Bin("python"))
	if err != nil || now != string(made) {
		return false // the system's Python went away or became another version
	}
	for _, p := range pins {
		if !e.has(p) {
			return false
		}
	}
	return true
}

func (e Env) has(pins Pins) bool {
	_, err := os.Stat(e.stamp(pins))
	return err == nil
}

// pythonStamp holds the path of the Python that the environment was made with.
func (e Env) pythonStamp() string { return filepath.Join(e.Dir, ".made-with") }

// stamp is the file that says that pins are installed; written last.
func (e Env) stamp(pins Pins) string {
	return filepath.Join(e.Dir, ".has-"+pins.Name+"-"+pins.hash())
}

// lock takes an exclusive lock on path, waiting until ctx ends.
func lock(ctx context.Context, path string, progress Progress) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		what := "see that this place can be written, or set XDG_CACHE_HOME to another one."
		if errors.Is(err, fs.ErrPermission) {
			what = "set XDG_CACHE_HOME to a folder that can be written."
		}
		return nil, hint.Add(fmt.Errorf("open the lock of the private environment: %w", err), what)
	}
	for waits := 0; ; waits++ {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case err == nil:
			return func() { f.Close() }, nil // closing gives the lock back
		case !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR):
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		if waits == 0 {
			progress("wait for another sockbook that is setting up the same environment", 0, 0)
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			f.Close()
			return nil, fmt.Errorf("wait for the private environment: %w", ctx.Err())
		}
	}
}
