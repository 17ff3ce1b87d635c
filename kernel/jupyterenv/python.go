package jupyterenv

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sockbook/kernel/hint"
)

// The oldest Python that Lab's packages run on.
const minMajor, minMinor = 3, 10

// probe asks a Python what has to be known before a virtual environment is
// made with it. Debian puts ensurepip, without which venv makes an environment
// with no pip, into a package of its own.
const probe = `
import sys, importlib.util as u
print(sys.version_info[0], sys.version_info[1], int(all(u.find_spec(m) for m in ("venv", "ensurepip"))))
`

// Python is a Python that can make virtual environments.
type Python struct {
	// Path is the program.
	Path string
	// Version is its version, "3.11" for example.
	Version string
}

// FindPython finds the python3 on PATH and makes sure that [Ensure] can make
// an environment with it. Errors are of type *[hint.Error] where the user can do
// something about them.
func FindPython(ctx context.Context) (Python, error) {
	path, err := exec.LookPath("python3")
	if err != nil {
		return Python{}, hint.Add(errors.New("there is no python3 on PATH, and JupyterLab needs one"), installPython())
	}
	out, err := isolated(ctx, path, "-I", "-c", probe).Output()
	if err != nil {
		return Python{}, hint.Add(fmt.Errorf("run %s: %w", path, explain(err)), "repair this Python, or put another python3 before it in PATH.")
	}
	var major, minor, venv int
	if _, err := fmt.Sscan(string(out), &major, &minor, &venv); err != nil {
		return Python{}, fmt.Errorf("ask %s for its version: it says %q", path, out)
	}
	if major != minMajor || minor < minMinor {
		return Python{}, hint.Add(fmt.Errorf("%s is Python %d.%d, and JupyterLab needs %d.%d or later", path, major, minor, minMajor, minMinor),
			"put a newer python3 first in PATH.")
	}
	if venv == 0 {
		return Python{}, hint.Add(fmt.Errorf("%s cannot make virtual environments: its module venv or ensurepip is missing", path), installPython())
	}
	return Python{Path: path, Version: fmt.Sprintf("%d.%d", major, minor)}, nil
}

// installPython is the one command that brings python3 and venv to this system.
func installPython() string {
	commands := []struct{ manager, install string }{
		{"apt-get", "apt-get install python3-venv"},
		{"dnf", "dnf install python3"},
		{"pacman", "pacman -S python"},
		{"zypper", "zypper install python3"},
		{"apk", "apk add python3"},
	}
	for _, c := range commands {
		if _, err := exec.LookPath(c.manager); err != nil {
			continue
		}
		if os.Geteuid() != 0 {
			return "sudo " + c.install
		}
		return c.install
	}
	return "install Python 3 with its module venv."
}

// create makes an empty environment in e.Dir, in the place of whatever is there.
func (e Env) create(ctx context.Context, progress Progress) error {
	python, err := FindPython(ctx)
	if err != nil {
		return err
	}
	progress("make a virtual environment in "+e.Dir, 0, 0)
	if err := os.RemoveAll(e.Dir); err != nil {
		return fmt.Errorf("remove what is left of an environment: %w", err)
	}
	if _, err := isolated(ctx, python.Path, "-I", "-m", "venv", e.Dir).Output(); err != nil {
		return hint.Add(fmt.Errorf("make a virtual environment: %w", explain(err)), installPython())
	}
	real, err := filepath.EvalSymlinks(e.Bin("python"))
	if err != nil {
		return fmt.Errorf("find the new environment's Python: %w", err)
	}
	return os.WriteFile(e.pythonStamp(), []byte(real), 0o644)
}

// install brings pins into the environment. Only wheels are taken: nothing is
// compiled here, and no package's code runs while it is installed.
func (e Env) install(ctx context.Context, pins Pins, progress Progress) error {
	file := filepath.Join(e.Dir, pins.Name+".txt")
	if err := os.WriteFile(file, []byte(pins.Requirements), 0o644); err != nil {
		return fmt.Errorf("write the list of packages: %w", err)
	}
	pip := isolated(ctx, e.Bin("python"), "-I", "-m", "pip", "install", "--require-hashes", "--no-deps", "--only-binary=:all:",
		"--no-input", "--disable-pip-version-check", "--no-warn-script-location", "--progress-bar=off", "-r", file)
	var complaints bytes.Buffer
	pip.Stderr = &complaints
	stdout, err := pip.StdoutPipe()
	if err != nil {
		return fmt.Errorf("run pip: %w", err)
	}
	if err := pip.Start(); err != nil {
		return fmt.Errorf("run pip: %w", err)
	}
	follow(stdout, pins, progress)
	if err := pip.Wait(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("install packages: %w", ctx.Err())
		}
		return hint.Add(fmt.Errorf("install the packages of %s: %w%s", file, err, lastLines(complaints.String(), 6)),
			"pip needs the network for this; its settings (a proxy, another index) are taken from its usual places. What was fetched is kept: try again.")
	}
	return os.WriteFile(e.stamp(pins), nil, 0o644)
}

// follow turns pip's output into progress: a line for each package it meets,
// one more when it begins to install them all.
func follow(pip io.Reader, pins Pins, progress Progress) {
	lines, done := bufio.NewScanner(pip), 0
	for lines.Scan() {
		word, rest, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		switch word {
		case "Collecting", "Requirement", "Ignoring":
			name, _, _ := strings.Cut(strings.TrimPrefix(rest, "already satisfied: "), "==")
			done++
			progress("fetch "+strings.TrimSuffix(name, ":"), min(done, pins.count()), pins.count())
		case "Installing":
			progress("unpack the packages", pins.count(), pins.count())
		}
	}
	io.Copy(io.Discard, pip) // a line too long for the scanner must not block pip
}

// isolated is a command whose Python sees neither the user's Python settings
// nor those of pip that would send packages elsewhere.
func isolated(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.WaitDelay = 5 * time.Second
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "PYTHON") || strings.HasPrefix(v, "PIP_TARGET=") || strings.HasPrefix(v, "PIP_PREFIX=")
	}), "PIP_USER=0", "PIP_REQUIRE_VIRTUALENV=0")
	return cmd
}

// explain adds what a program that was run with Output said on stderr.
func explain(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w%s", err, lastLines(string(exit.Stderr), 6))
	}
	return err
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return "\n  " + strings.Join(lines[max(0, len(lines)-n):], "\n  ")
}
