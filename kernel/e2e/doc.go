// Package e2e tests the kernel as Jupyter's users meet it: the installed
// program, driven by Jupyter's own clients. It has tests only.
//
// The tests are Python programs in testdata, each a unittest suite; every test
// of a suite becomes a test of Go's. See testdata/kernel.py for the client that
// they share. They need the private Jupyter environment (see
// sockbook/kernel/jupyterenv/envtest), and one needs Chromium.
package e2e
