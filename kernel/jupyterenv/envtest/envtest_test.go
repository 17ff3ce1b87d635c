package envtest_test

import (
	"os/exec"
	"testing"

	"sockbook/kernel/jupyterenv/envtest"
)

func TestPackagesCanBeImported(t *testing.T) {
	python := envtest.Python(t)
	const imports = "import jupyterlab, jupyter_client, zmq, nbclient, jupyter_console, jupyter_kernel_test, playwright.sync_api"
	if out, err := exec.Command(python, "-I", "-c", imports).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestProgramsStandBesidePython(t *testing.T) {
	jupyter := envtest.Program(t, "jupyter")
	if out, err := exec.Command(jupyter, "--version").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
