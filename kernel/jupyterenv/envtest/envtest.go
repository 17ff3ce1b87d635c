// Package envtest gives tests the private Jupyter environment, with the
// packages that only tests need.
//
// Call [Python] or [Program]. The environment is made on first use, shared by
// all test processes and kept. A test that cannot have it is skipped with the
// reason, and fails where CI=true. For tests only.
package envtest

import (
	"context"
	_ "embed"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sockbook/kernel/jupyterenv"
)

//go:embed test.txt
var testPins string

var pins = jupyterenv.Pins{Name: "test", Requirements: testPins}

//go:embed nbgrader.txt
var nbgraderPins string

// Nbgrader returns the path of the program of nbgrader, which is in the same
// environment from the first call on. It needs Python 3.11.
func Nbgrader(t testing.TB) string {
	t.Helper()
	env, err := ensureNbgrader()
	if err != nil {
		Skip(t, "no nbgrader: %v", err)
	}
	return env.Bin("nbgrader")
}

// Python returns the path of a Python that has JupyterLab, jupyter_client,
// pyzmq, nbclient, jupyter-console, jupyter_kernel_test and playwright.
// $SOCKBOOK_PYTHON, where set, is taken instead of the private environment's.
func Python(t testing.TB) string {
	t.Helper()
	if python := os.Getenv("SOCKBOOK_PYTHON"); python != "" {
		return python
	}
	env, err := ensure()
	if err != nil {
		Skip(t, "no Jupyter environment: %v", err)
	}
	return env.Bin("python")
}

// Program returns the path of a program that stands beside Python, "jupyter" for example.
func Program(t testing.TB, name string) string {
	t.Helper()
	return filepath.Join(filepath.Dir(Python(t)), name)
}

// Skip skips the test and says why; where CI=true the test fails instead.
func Skip(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("must not be skipped where CI=true: "+format, args...)
	}
	t.Skipf(format, args...)
}

// ensure makes the environment, once in a process: a failure holds for all its tests.
var ensure = sync.OnceValues(func() (jupyterenv.Env, error) { return with(pins) })

var ensureNbgrader = sync.OnceValues(func() (jupyterenv.Env, error) {
	return with(pins, jupyterenv.Pins{Name: "nbgrader", Requirements: nbgraderPins})
})

func with(all ...jupyterenv.Pins) (jupyterenv.Env, error) {
	dir, err := jupyterenv.Dir()
	if err != nil {
		return jupyterenv.Env{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	return jupyterenv.Ensure(ctx, dir, func(string, int, int) {}, all...)
}
