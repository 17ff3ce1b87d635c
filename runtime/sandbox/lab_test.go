package sandbox_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"sockbook/runtime/lab"
	"sockbook/runtime/sandbox"
)

// TestLabHost has a child attack from, and use, a host of a lab.
func TestLabHost(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	sandbox.CloseOnExec()
	l, err := lab.Up(t.Context(), lab.Config{Hosts: []lab.Host{{Name: "server"}}, Command: []string{self, lab.Argument}})
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	t.Cleanup(func() { l.Down(t.Context()) })
	env := append(victim(t), "DISK=limited", fmt.Sprint("PARENT=", os.Getpid()), "GOTRACEBACK=none")
	for _, deed := range []string{"home", "write", "exec", "parent", "raw", "mount", "bpf", "descriptors", "disk", "kernel", "proc", "sockets", "files"} {
		t.Run(deed, func(t *testing.T) { inLab(t, l, append(env, "SANDBOX_TEST_DEED="+deed)) })
	}
}

func inLab(t *testing.T, l *lab.Lab, env []string) {
	x, err := sandbox.Prepare(sandbox.LabHost, sandbox.Config{Memory: 512 << 20}, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	out, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	p, err := l.Start(t.Context(), lab.Command{
		Host: "server", Argv: []string{"/proc/self/exe"}, Env: append(env, x.Env()), Files: []*os.File{os.Stdin, theirs, os.Stderr, x.File()},
		Isolate: &lab.Isolate{Clone: sandbox.HostClone, UID: sandbox.UID, GID: sandbox.UID, Ambient: sandbox.HostAmbient},
	})
	theirs.Close()
	if err != nil {
		t.Fatal(err)
	}
	defer p.File.Close()
	guard, err := x.Wait(0)
	if err != nil {
		t.Fatal(err)
	}
	if r := guard.Report(); r.Mode != sandbox.LabHost || strings.Contains(r.String(), "/proc") {
		t.Errorf("report %+v", r)
	}
	go guard.Serve(func(r sandbox.Read) { r.EOF() })
	r := &running{out: bufio.NewScanner(out)}
	r.judge(t)
	if e, err := p.Wait(t.Context()); err != nil || e != (lab.Exit{}) {
		t.Errorf("it ended by %+v, %v", e, err)
	}
	if err := guard.Clean(); err != nil {
		t.Error(err)
	}
}
