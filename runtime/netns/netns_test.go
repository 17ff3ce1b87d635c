package netns

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// What needs rights is tested by this binary, started by Start with the name of
// a check as its argument.
var checks = map[string]func() error{
	"spaces":  checkSpaces,
	"mounts":  checkMounts,
	"setup":   checkSetup,
	"closed":  checkClosed,
	"threads": checkThreads,
	"sleep":   func() error { time.Sleep(time.Hour); return nil },
}

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && checks[os.Args[1]] != nil {
		if err := checks[os.Args[1]](); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func start(t *testing.T, cmd *exec.Cmd) *Child {
	t.Helper()
	c, err := Start(cmd)
	var not *NotAllowedError
	if errors.As(err, &not) {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no namespaces here: %v", err)
		}
		t.Skipf("no namespaces here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestInside(t *testing.T) {
	for name := range checks {
		if name == "sleep" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			cmd := exec.Command("/proc/self/exe", name)
			cmd.Stdout, cmd.Stderr = &out, &out
			c := start(t, cmd)
			<-c.Done
			if c.Err != nil {
				t.Errorf("%v\n%s", c.Err, &out)
			}
		})
	}
}

func net(pid string) string {
	s, err := os.Readlink("/proc/" + pid + "/ns/net")
	if err != nil {
		return err.Error()
	}
	return s
}

// checkSpaces makes two network namespaces and looks from where it is.
func checkSpaces() error {
	if unix.Getpid() != 1 || unix.Geteuid() != 0 {
		return fmt.Errorf("pid %d, uid %d", unix.Getpid(), unix.Geteuid())
	}
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return nil // a place where /proc is masked: the rest looks at the wrong pids
	}
	home := net("thread-self")
	a, err := New(Net, nil)
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := New(Net|UTS, func() error { return unix.Sethostname([]byte("b")) })
	if err != nil {
		return err
	}
	defer b.Close()
	seen := map[string]bool{home: true}
	for _, s := range []*Space{a, b} {
		err := Do(func() error {
			if ns := net("thread-self"); seen[ns] {
				return fmt.Errorf("in %s again", ns)
			}
			seen[net("thread-self")] = true
			name, err := os.Hostname()
			if err == nil && (name == "b") != (s == b) {
				err = fmt.Errorf("its name is %s", name)
			}
			return err
		}, s)
		if err != nil {
			return err
		}
	}
	boom := errors.New("boom")
	if err := Do(func() error { return boom }, a); !errors.Is(err, boom) {
		return fmt.Errorf("f's error became %v", err)
	}
	if net("self") != home || net("thread-self") != home {
		return fmt.Errorf("%s and %s, want %s", net("self"), net("thread-self"), home)
	}
	return nil
}

func checkMounts() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	s, err := New(Mount, func() error { return unix.Mount("own", "/tmp", "tmpfs", 0, "") })
	if err != nil {
		return err
	}
	defer s.Close()
	if err := Do(func() error { return os.WriteFile("/tmp/netns-test-own", nil, 0o600) }, s); err != nil {
		return err
	}
	if _, err := os.Stat("/tmp/netns-test-own"); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the file is seen outside: %v", err)
	}
	return Do(func() error { _, err := os.Stat("/tmp/netns-test-own"); return err }, s)
}

func checkSetup() error {
	before := descriptors()
	boom := errors.New("boom")
	if s, err := New(Net, func() error { return boom }); !errors.Is(err, boom) || s != nil {
		return fmt.Errorf("New: %v %v", s, err)
	}
	if n := descriptors(); n != before {
		return fmt.Errorf("%d descriptors, %d before", n, before)
	}
	return nil
}

func descriptors() int {
	d, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return -1
	}
	return len(d)
}

func checkClosed() error {
	s, err := New(Net, nil)
	if err != nil {
		return err
	}
	for range 2 {
		if err := s.Close(); err != nil {
			return err
		}
	}
	if err := Do(func() error { return nil }, s); !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("Do in a closed space: %v", err)
	}
	if s.Fd() != -1 {
		return fmt.Errorf("descriptor %d", s.Fd())
	}
	return nil
}

// checkThreads goes in and out a lot, in parallel and also from the first thread,
// and looks whether any thread is left where it should not be.
func checkThreads() error {
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return nil
	}
	home := net("self")
	var spaces []*Space
	for range 4 {
		s, err := New(Net, nil)
		if err != nil {
			return err
		}
		spaces = append(spaces, s)
	}
	var wg sync.WaitGroup
	errs := make(chan error, 16)
	for i := range 16 {
		wg.Go(func() {
			for range 50 {
				err := Do(func() error {
					runtime.Gosched()
					if net("thread-self") == home {
						return errors.New("not inside")
					}
					return nil
				}, spaces[i%4])
				if err == nil && net("thread-self") != home {
					err = errors.New("still inside")
				}
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
	}
	// Goexit, as by a test's FailNow, must not let the caller wait for ever.
	if err := Do(func() error { runtime.Goexit(); return nil }, spaces[0]); err == nil {
		return errors.New("no error from a function that did not return")
	}
	end := time.Now().Add(10 * time.Second)
	for {
		astray := 0
		tasks, _ := filepath.Glob("/proc/self/task/*/ns/net")
		for _, task := range tasks {
			if ns, err := os.Readlink(task); err == nil && ns != home {
				astray++
			}
		}
		switch {
		case astray == 0 && net("self") == home:
			return nil
		case time.Now().After(end):
			return fmt.Errorf("%d of %d threads are in other namespaces", astray, len(tasks))
		}
		time.Sleep(time.Millisecond)
	}
}

func TestStartFails(t *testing.T) {
	if _, err := Start(exec.Command("/no/such/program")); err == nil || errors.As(err, new(*NotAllowedError)) {
		t.Errorf("Start: %v", err)
	}
}

// The child lives as long as this process wants, though the thread that made it
// is not needed for anything else.
func TestChildLives(t *testing.T) {
	c := start(t, exec.Command("/proc/self/exe", "sleep"))
	for range 20 { // busy threads come and go
		done := make(chan bool)
		go func() { runtime.LockOSThread(); close(done) }()
		<-done
	}
	select {
	case <-c.Done:
		t.Fatalf("the child has ended: %v", c.Err)
	default:
	}
	if err := unix.Kill(c.Pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-c.Done
	var exit *exec.ExitError
	if !errors.As(c.Err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != unix.SIGKILL {
		t.Errorf("end: %v", c.Err)
	}
}

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		err     error
		allowed bool
	}{
		{errors.New("something"), true}, {unix.ENOENT, true}, {unix.EPERM, false}, {unix.EACCES, false},
		{unix.ENOSPC, false}, {unix.ENOSYS, false}, {&fs.PathError{Op: "open", Path: "x", Err: unix.EPERM}, false},
	} {
		err := Explain("do it", fmt.Errorf("doing: %w", c.err))
		var not *NotAllowedError
		if errors.As(err, &not) == c.allowed || !errors.Is(err, c.err) && c.allowed {
			t.Errorf("%v became %v", c.err, err)
		}
		if not != nil && (not.Missing == "" || not.Hint == "" || not.Op != "do it") {
			t.Errorf("%v: %+v", c.err, not)
		}
	}
}
