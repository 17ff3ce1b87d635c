package sandbox_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/netns"
	"sockbook/runtime/sandbox"
	"sockbook/runtime/sandbox/sandboxtest"
)

// elsewhere has this test binary run a test in another place, and fails if it
// does.
func elsewhere(t *testing.T, place, name string, start func(*exec.Cmd) error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run", name, "-test.v", "-test.timeout", "60s")
	cmd.Env = append(os.Environ(), "SANDBOX_TEST_PLACE="+place)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = start(cmd)
	switch text := out.String(); {
	case err != nil:
		t.Errorf("%v:\n%s", err, text)
	case !strings.Contains(text, "--- PASS"):
		t.Errorf("no test passed:\n%s", text)
	case testing.Verbose():
		t.Log(text)
	}
}

// enterPlace is called first of all by a process that elsewhere started.
func enterPlace(place string) {
	var err error
	switch place {
	case "docker":
		err = sandbox.LikeDocker()
		confining = []sandbox.Mode{sandbox.Loopback}
	case "network":
		err = unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "")
		if err == nil {
			err = unix.Mount("proc", "/proc", "proc", 0, "")
		}
	}
	if err != nil {
		fmt.Println("enter the place:", err)
		os.Exit(97)
	}
}

// TestAsInDocker runs the attacks where namespaces are refused.
func TestAsInDocker(t *testing.T) {
	elsewhere(t, "docker", "^(TestFallBack|TestAttacks)$", (*exec.Cmd).Run)
}

// TestFallBack is TestAsInDocker's.
func TestFallBack(t *testing.T) {
	if os.Getenv("SANDBOX_TEST_PLACE") != "docker" {
		t.Skip("a part of TestAsInDocker")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := sandbox.Command{Argv: []string{self}, Env: []string{"SANDBOX_TEST_DEED=nothing"}, Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}}
	for range 2 {
		p, err := sandbox.Start(command, sandbox.Config{})
		if err != nil {
			t.Fatal(err)
		}
		go p.Serve(func(r sandbox.Read) { r.EOF() })
		if exit, err := p.Wait(); err != nil || exit != (sandbox.Exit{}) {
			t.Errorf("it ended by %+v, %v", exit, err)
		}
		r := p.Report()
		if r.Mode != sandbox.Loopback || len(r.Tried) != 1 || !strings.Contains(r.Tried[0], "a seccomp filter, as Docker's default") {
			t.Errorf("report %+v", r)
		}
		if len(r.Lacks) != 1 || !strings.Contains(r.Lacks[0], "pidfd_getfd") {
			t.Errorf("lacks %q", r.Lacks)
		}
	}
	found := sandbox.Probe(command)
	if len(found) != 2 || found[0].Works || found[0].Hint == "" || !found[1].Works {
		t.Errorf("Probe: %+v", found)
	}
}

// TestNice runs where all is nicer than a confined process makes itself, as
// under nice(1): to be less nice again would need privilege.
func TestNice(t *testing.T) {
	elsewhere(t, "nice", "^(TestWhatWorks|TestLabHost)$", func(cmd *exec.Cmd) (err error) {
		cmd.Args = append([]string{"nice", "-n", "12"}, cmd.Args...)
		if cmd.Path, err = exec.LookPath("nice"); err != nil {
			return err
		}
		return cmd.Run()
	})
}

func TestProbe(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range sandbox.Probe(sandbox.Command{Argv: []string{self}, Env: []string{"SANDBOX_TEST_DEED=nothing"}, Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}}) {
		t.Logf("%+v", f)
		if f.Works != (f.Why == "") || f.Means == "" {
			t.Errorf("%+v", f)
		}
	}
	for _, f := range sandbox.Probe(sandbox.Command{Argv: []string{"/nonexistent/program"}, Files: []*os.File{nil, nil, nil}}) {
		if f.Works || f.Why == "" {
			t.Errorf("a program that is not there: %+v", f)
		}
	}
}

// TestOutside runs the attacks on a network in one.
func TestOutside(t *testing.T) {
	elsewhere(t, "network", "^TestNetwork$", func(cmd *exec.Cmd) error {
		c, err := netns.Start(cmd)
		if err != nil {
			if os.Getenv("CI") != "true" {
				t.Skip(err)
			}
			return err
		}
		<-c.Done
		return c.Err
	})
}

// TestNetwork is TestOutside's: this process is the machine.
func TestNetwork(t *testing.T) {
	if os.Getenv("SANDBOX_TEST_PLACE") != "network" {
		t.Skip("a part of TestOutside")
	}
	world := sandboxtest.NewWorld(t)
	inModes(t, func(t *testing.T, mode sandbox.Mode) {
		t.Run("connect", func(t *testing.T) {
			r := start(t, mode, "connect")
			r.judge(t)
			r.end(t)
		})
		t.Run("listen", func(t *testing.T) {
			r := start(t, mode, "listen")
			for range 2 {
				if a, ok := r.next(); !ok || a.Err != "" {
					t.Fatalf("%+v", a)
				}
			}
			knock(t, world.Space)
			r.judge(t)
			r.end(t)
		})
	})
	if n := world.Reached.Load(); n != 0 {
		t.Errorf("the world outside was reached %d times", n)
	}
	// It is there, and this process reaches it.
	c, err := net.DialTimeout("tcp", sandboxtest.TCP, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	u, err := net.Dial("udp", sandboxtest.UDP)
	if err != nil {
		t.Fatal(err)
	}
	u.Write([]byte("x"))
	until(t, "it is reached", func() bool { return world.Reached.Load() == 2 })
}

// knock tries to reach a child's listeners from outside.
func knock(t *testing.T, world *netns.Space) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	err := netns.Do(func() error {
		u, err := net.Dial("udp4", sandboxtest.Machine+":7778")
		if err != nil {
			return err
		}
		defer u.Close()
		u.Write([]byte("knock"))
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp4", sandboxtest.Machine+":7777")
		if err == nil {
			c.Close()
			t.Error("a child's listener was reached from outside")
		}
		return nil
	}, world)
	if err != nil {
		t.Error(err)
	}
}
