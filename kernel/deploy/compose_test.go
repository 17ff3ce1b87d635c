package deploy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// compose.yaml starts the whole lab; the home stays when the container is made
// anew.
func TestCompose(t *testing.T) {
	name := image(t)
	program := os.Getenv("SOCKBOOK_COMPOSE")
	if program == "" {
		t.Fatal("SOCKBOOK_COMPOSE is not set")
	}
	dir := deployed(t)
	// of a port that is free, and the image that is tested
	override := fmt.Sprintf("services: {sockbook: {image: %q, ports: !override [\"127.0.0.1:0:8888\"]}}\n", name)
	if err := os.WriteFile(filepath.Join(dir, "compose.override.yaml"), []byte(override), 0o644); err != nil {
		t.Fatal(err)
	}
	project := fmt.Sprint("sockbook-test-", os.Getpid())
	run := func(args ...string) (string, error) {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		cmd := exec.CommandContext(ctx, program, append([]string{"--project-name", project}, args...)...)
		cmd.Dir = dir
		var out, diag bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &diag
		if err := cmd.Run(); err != nil {
			return out.String(), fmt.Errorf("compose %s: %w\n%s%s", strings.Join(args, " "), err, out.String(), diag.String())
		}
		return strings.TrimSpace(out.String()), nil
	}
	must := func(args ...string) string {
		t.Helper()
		out, err := run(args...)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	t.Cleanup(func() {
		if _, err := run("down", "--volumes"); err != nil {
			t.Error(err)
		}
	})
	must("up", "--detach")
	id := must("ps", "--quiet", "sockbook")
	healthy(t, id)
	var r report
	if out, err := run("exec", "-T", "sockbook", "sockbook", "doctor", "--json"); err != nil {
		t.Error(err)
	} else if err := json.Unmarshal([]byte(out), &r); err != nil || !r.Full || r.User != 1000 {
		t.Errorf("the doctor: %v\n%s", err, out)
	}
	address := "http://" + must("port", "sockbook", "8888")
	if got := status(t, address+"/api/kernelspecs?token="+token(t, id)); got != http.StatusOK {
		t.Errorf("with the token: %d", got)
	}
	must("exec", "-T", "sockbook", "sh", "-c", "echo mine > mine.txt")
	must("down")
	must("up", "--detach")
	if got := must("exec", "-T", "sockbook", "cat", "mine.txt"); got != "mine" {
		t.Errorf("after down and up the file is %q", got)
	}
}
