package main

import (
	"os"
	"strings"
	"testing"

	"sockbook/kernel/jupyterenv/envtest"
	"sockbook/kernel/stage"
	"sockbook/kernel/worker"
)

// written is a worker.Sink that keeps text.
type written struct {
	silent
	text strings.Builder
}

func (w *written) Stream(_, text string) { w.text.WriteString(text) }

// What a cell does to the descriptors on which its process talks to the kernel:
// they are not there for it, by whichever package.
const attackOwn = `import (
	"fmt"
	"net"
	"os"
	"syscall"
	"golang.org/x/sys/unix"
)
bad := func(what string, err error) {
	if err != unix.EBADF {
		fmt.Println(what, err)
	}
}
var own []int
for fd := 3; fd < 200; fd++ {
	bad("close", unix.Close(fd))
	_, err := unix.Write(fd, []byte("nonsense"))
	bad("write", err)
	_, err = unix.Read(fd, make([]byte, 1))
	bad("read", err)
	bad("send", unix.Send(fd, []byte("nonsense"), 0))
	bad("shutdown", unix.Shutdown(fd, unix.SHUT_RDWR))
	_, err = unix.Dup(fd)
	bad("dup", err)
	f := os.NewFile(uintptr(fd), "x")
	if f == nil {
		own = append(own, fd)
		bad("dup2", unix.Dup2(0, fd))
		bad("dup3", unix.Dup3(0, fd, 0))
	}
	_, err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD, 0)
	bad("fcntl", err)
	bad("nonblock", syscall.SetNonblock(fd, true))
	bad("syscall.Close", syscall.Close(fd))
	_, _, errno := unix.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0)
	bad("Syscall", errno)
	_, _, errno = syscall.RawSyscall6(unix.SYS_WRITE, uintptr(fd), 0, 0, 0, 0, 0)
	bad("RawSyscall6", errno)
	if f == nil {
		continue
	}
	if _, err := f.Write([]byte("nonsense")); err == nil {
		fmt.Println("os.File wrote")
	}
	if _, err := net.FileConn(f); err == nil {
		fmt.Println("net.FileConn")
	}
	f.Close()
}
if err := unix.CloseRange(3, 1<<20, 0); err != unix.EPERM { // the sandbox's filter
	fmt.Println("CloseRange", err)
}
pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
fmt.Println(len(own) > 0, pair, err, unix.Sendmsg(pair[0], []byte("x"), unix.UnixRights(own[0]), nil, 0))`

func TestOwnDescriptors(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, noLab := range []bool{false, true} {
		if !noLab && !labAllowed() {
			t.Log("namespaces are not allowed here")
			continue
		}
		s := stage.New(stage.Config{Program: self, Env: workerEnv(), NoLab: noLab})
		defer s.Close()
		run := func(process, cell string) string {
			t.Helper()
			p, err := s.Process(process)
			if err != nil {
				t.Fatal(err)
			}
			var out written
			outcome, err := p.Run("1", cell, &out)
			if err != nil || outcome.Failure != nil {
				t.Fatal(err, outcome.Failure, out.text.String())
			}
			return out.text.String()
		}
		run("other", "kept := 7")
		run(stage.Main, "kept := 8")
		pid := pidOf(t, s, stage.Main)
		if got := run(stage.Main, attackOwn); got != "true [3 4] <nil> bad file descriptor\n" {
			t.Errorf("without a lab %v: %s", noLab, got)
		}
		if got := run(stage.Main, "print(kept)"); got != "8" || pidOf(t, s, stage.Main) != pid {
			t.Errorf("the process does not go on: %q", got)
		}
		if got := run("other", "print(kept)"); got != "7" {
			t.Errorf("the other process does not go on: %q", got)
		}
	}
}

// TestNewName: a host is known by its name at once, also to a process that has
// just looked into /etc/hosts.
func TestNewName(t *testing.T) {
	if !labAllowed() {
		envtest.Skip(t, "no lab is possible here")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := stage.New(stage.Config{Program: self, Env: workerEnv()})
	defer s.Close()
	for _, step := range []struct{ process, cell, want string }{
		{stage.Main, "import (\"fmt\"; \"net\")\n_, err := net.LookupHost(\"late\"); fmt.Print(err != nil)", "true"},
		{"late", "1", ""},
		{stage.Main, "addrs, err := net.LookupHost(\"late\"); fmt.Print(len(addrs) == 2, err)", "true <nil>"},
	} {
		p, err := s.Process(step.process)
		if err != nil {
			t.Fatal(err)
		}
		var out written
		if outcome, err := p.Run("1", step.cell, &out); err != nil || outcome.Failure != nil || out.text.String() != step.want {
			t.Errorf("%s: %q, want %q (%v, %v)", step.cell, out.text.String(), step.want, err, outcome.Failure)
		}
	}
}

func pidOf(t *testing.T, s *stage.Stage, name string) int {
	t.Helper()
	p, err := s.Process(name)
	if err != nil {
		t.Fatal(err)
	}
	return p.PID()
}

var _ worker.Sink = (*written)(nil)
