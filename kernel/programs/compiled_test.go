package programs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// The .want files are what the programs do when they are compiled.
func TestCompiled(t *testing.T) {
	if testing.Short() && !*update {
		t.Skip("-short: the programs are not compiled")
	}
	list := programs(t)
	bin := build(t, list)
	slots := make(chan struct{}, parallel)
	var group sync.WaitGroup
	for _, p := range list {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			got, err := execute(t.Context(), filepath.Join(bin, commandName(p.name)))
			if err != nil {
				t.Errorf("%s: %v", p.name, err)
				return
			}
			want, err := os.ReadFile(p.want())
			switch {
			case *update && got.String() != string(want):
				err = os.WriteFile(p.want(), []byte(got.String()), 0o644)
			case err == nil && got.String() != string(want):
				t.Errorf("%s does something else when compiled: %s\nrun go test ./kernel/programs -run TestCompiled -update", p.name, difference(string(want), got.String()))
			}
			if err != nil {
				t.Errorf("%s: %v", p.name, err)
			}
		})
	}
	group.Wait()
}

func commandName(name string) string { return strings.ReplaceAll(name, "/", "_") }

// build compiles all programs in one run of the Go tool, each as a command in
// a folder that only an overlay knows, and returns where they are.
func build(t *testing.T, list []program) string {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for _, p := range list {
		overlay.Replace[filepath.Join(here, "compiled", commandName(p.name), "main.go")] = filepath.Join(here, p.path())
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/overlay.json", text, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-overlay", dir+"/overlay.json", "-o", dir+"/bin/", "./compiled/...")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return dir + "/bin"
}

// execute runs a program in an empty directory.
func execute(ctx context.Context, path string, args ...string) (run, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	dir, err := os.MkdirTemp("", "program")
	if err != nil {
		return run{}, err
	}
	defer os.RemoveAll(dir)
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return run{}, err
	}
	if ctx.Err() != nil {
		return run{}, fmt.Errorf("did not end in %v", limit)
	}
	return run{stdout: stdout.String(), stderr: stderr.String(), status: cmd.ProcessState.ExitCode()}.ended(), nil
}

// ended takes the runtime's last words out of what a program wrote to stderr.
func (r run) ended() run {
	at := lastWords.FindStringIndex(r.stderr)
	if at == nil || r.status != 2 {
		return r
	}
	r.last, _, _ = strings.Cut(r.stderr[at[0]:], "\n\ngoroutine ")
	r.last, _, _ = strings.Cut(r.last, "\n\nruntime stack:")
	r.stderr = stackLines.ReplaceAllString(r.stderr[:at[0]], "")
	r.last = addresses.ReplaceAllString(signalLine.ReplaceAllString(strings.TrimSuffix(r.last, "\n")+"\n", ""), "0xADDR")
	return r
}

var (
	lastWords  = regexp.MustCompile(`(?m)^(panic|fatal error): `)
	stackLines = regexp.MustCompile(`(?m)^runtime: (goroutine stack exceeds|sp=).*\n`)
	signalLine = regexp.MustCompile(`(?m)^\[signal .*\]\n`)
	addresses  = regexp.MustCompile(`0x[0-9a-f]{6,16}`)
)
