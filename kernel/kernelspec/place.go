package kernelspec

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sockbook/kernel/hint"
)

// Place is where a kernelspec and the program it starts are kept.
type Place struct {
	// Jupyter is a data folder of Jupyter; kernelspecs are in its "kernels".
	Jupyter string
	// Program is where the program is copied to.
	Program string
	// Prefix, if set, holds both: a program that already is somewhere below
	// it is started from there and not copied.
	Prefix string
}

// User is the place in the user's home: $JUPYTER_DATA_DIR or jupyter under
// $XDG_DATA_HOME (~/.local/share), and sockbook/bin/sockbook under the latter.
func User() (Place, error) {
	data, err := DataHome()
	if err != nil {
		return Place{}, hint.Add(fmt.Errorf("find your home: %w", err),
			"set HOME to a folder of yours, or use --prefix.")
	}
	jupyter := os.Getenv("JUPYTER_DATA_DIR")
	if jupyter == "" {
		jupyter = filepath.Join(data, "jupyter")
	}
	return at(jupyter, data, "")
}

// DataHome is the folder of the user's data files: $XDG_DATA_HOME, or
// ~/.local/share where that is not set or relative (the XDG Base Directory
// Specification has relative paths ignored).
func DataHome() (string, error) {
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return data, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, ".local", "share"), nil
}

// Prefix is the place under prefix, /usr/local for example.
func Prefix(prefix string) (Place, error) {
	prefix, err := filepath.Abs(prefix)
	if err != nil {
		return Place{}, fmt.Errorf("find the current folder: %w", err)
	}
	return at(filepath.Join(prefix, "share", "jupyter"), filepath.Join(prefix, "share"), prefix)
}

// at makes the paths absolute: a kernel is started in the notebook's folder.
func at(jupyter, data, prefix string) (Place, error) {
	jupyter, err := filepath.Abs(jupyter)
	if err != nil {
		return Place{}, fmt.Errorf("find the current folder: %w", err)
	}
	program, err := filepath.Abs(filepath.Join(data, "sockbook", "bin", "sockbook"))
	if err != nil {
		return Place{}, fmt.Errorf("find the current folder: %w", err)
	}
	return Place{Jupyter: jupyter, Program: program, Prefix: prefix}, nil
}

// SysPrefix is the place under sys.prefix of the Python on PATH, which is that
// of the active virtual or conda environment. Where PATH has no Python,
// $VIRTUAL_ENV and $CONDA_PREFIX are asked.
func SysPrefix(ctx context.Context) (Place, error) {
	for _, name := range []string{"python3", "python"} {
		python, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, python, "-c", "import sys; print(sys.prefix)").Output()
		if err != nil {
			return Place{}, hint.Add(fmt.Errorf("ask %s for its prefix: %w", python, err),
				"repair this Python, or give the folder by --prefix.")
		}
		return Prefix(strings.TrimSuffix(string(out), "\n"))
	}
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if prefix := os.Getenv(name); prefix != "" {
			return Prefix(prefix)
		}
	}
	return Place{}, hint.Add(errors.New("there is no Python environment: no python on PATH, neither VIRTUAL_ENV nor CONDA_PREFIX set"),
		"activate the environment first, or give the folder by --prefix.")
}

// searchPath lists the data folders in which Jupyter looks for kernelspecs,
// first found first, as jupyter_core's jupyter_path does; the folders of the
// Python that runs Jupyter are taken from the active environment.
func searchPath() []string {
	var path []string
	for _, dir := range filepath.SplitList(os.Getenv("JUPYTER_PATH")) {
		if dir != "" {
			path = append(path, dir)
		}
	}
	var user, env []string
	if place, err := User(); err == nil {
		user = append(user, place.Jupyter)
	}
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if prefix := os.Getenv(name); prefix != "" {
			env = append(env, filepath.Join(prefix, "share", "jupyter"))
		}
	}
	if preferEnv() {
		path = append(append(path, env...), user...)
	} else {
		path = append(append(path, user...), env...)
	}
	return append(path, "/usr/local/share/jupyter", "/usr/share/jupyter")
}

// preferEnv follows jupyter_core: the environment's folder comes before the
// user's unless JUPYTER_PREFER_ENV_PATH says otherwise.
func preferEnv() bool {
	switch strings.ToLower(os.Getenv("JUPYTER_PREFER_ENV_PATH")) {
	case "no", "n", "false", "off", "0", "0.0":
		return false
	}
	return true
}

// Found is an installed kernelspec.
type Found struct {
	// Dir is its folder.
	Dir  string
	Spec Spec
	// Err says what is wrong with it, nil if it can be read and its program is there.
	Err error
}

// Find lists the kernelspecs called name on the search path. Jupyter uses the
// first one; it never sees the others.
func Find(name string) []Found {
	var all []Found
	for _, data := range searchPath() {
		dir := filepath.Join(data, "kernels", name)
		if _, err := os.Stat(filepath.Join(dir, "kernel.json")); err != nil {
			continue
		}
		f := Found{Dir: dir}
		if f.Spec, f.Err = readSpec(dir); f.Err == nil {
			if _, err := exec.LookPath(f.Spec.Program()); err != nil {
				f.Err = fmt.Errorf("its program cannot be started: %w", err)
			}
		}
		all = append(all, f)
	}
	return all
}
