package deploy_test

import (
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// binderCommand is what BinderHub starts in place of an image's own command
// (singleuser.cmd in its chart's values.yaml).
var binderCommand = []string{"python3", "-c", `import os, sys
try:
    import jupyterlab
    import jupyterlab.labapp
    major = int(jupyterlab.__version__.split(".", 1)[0])
except Exception:
    have_lab = False
else:
    have_lab = major >= 3
if have_lab:
    print("Launching jupyter-lab", file=sys.stderr)
    exe = "jupyter-lab"
else:
    print("jupyter-lab not found, launching jupyter-notebook", file=sys.stderr)
    exe = "jupyter-notebook"
os.execvp(exe, sys.argv)
`, "--ip=0.0.0.0", "--port=8888", "--ServerApp.base_url=/user/x/", "--ServerApp.token=secret", "--ServerApp.trust_xheaders=True"}

// The repository is one that repo2docker takes by its Dockerfile, and the image
// does what BinderHub asks of it, as user 1000 without capabilities.
func TestBinder(t *testing.T) {
	root := os.DirFS("../..")
	for _, folder := range []string{"binder", ".binder"} { // which would come first
		if _, err := fs.Stat(root, folder); err == nil {
			t.Errorf("there is a folder %s", folder)
		}
	}
	text, err := fs.ReadFile(root, "Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"ARG NB_USER=jovyan", "ARG NB_UID=1000"} { // which repo2docker sets
		if !strings.Contains(string(text), "\n"+line+"\n") {
			t.Errorf("no %s in the Dockerfile", line)
		}
	}
	id := docker(t, append([]string{"run", "-d", "-p", "127.0.0.1:0:8888", "--cap-drop", "ALL", image(t)}, binderCommand...)...)
	t.Cleanup(func() { exec.Command("docker", "rm", "-fv", id).Run() })
	address, _, _ := strings.Cut(docker(t, "port", id, "8888"), "\n")
	for end := time.Now().Add(limit); ; time.Sleep(50 * time.Millisecond) {
		r, err := http.Get("http://" + address + "/user/x/api/contents/sockbook/00-start/lesson.ipynb?token=secret")
		if err == nil {
			r.Body.Close()
			if r.StatusCode != http.StatusOK {
				t.Errorf("the first lesson: %s\n%s", r.Status, logs(t, id))
			}
			return
		}
		if time.Now().After(end) {
			t.Fatalf("nobody answers: %v\n%s", err, logs(t, id))
		}
	}
}
