package sandbox_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/sandbox"
)

var confining = []sandbox.Mode{sandbox.Namespaces, sandbox.Loopback}

// child is a child that does a deed.
type running struct {
	*sandbox.Process
	out    *bufio.Scanner
	stderr chan string
	done   chan error
	files  []io.Closer
}

// start starts a child, or skips the test where its mode is not possible.
func start(t testing.TB, mode sandbox.Mode, deed string, env ...string) *running {
	t.Helper()
	r, err := startChild(mode, deed, env...)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("mode %s is not possible here: %v", mode, err)
	}
	return r
}

func startChild(mode sandbox.Mode, deed string, env ...string) (*running, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var ends [6]*os.File // of pipes: reading, writing, …
	for i := 0; i < len(ends); i += 2 {
		if ends[i], ends[i+1], err = os.Pipe(); err != nil {
			return nil, err
		}
	}
	theirs := []*os.File{ends[0], ends[3], ends[5]}
	p, err := sandbox.Start(sandbox.Command{
		Argv: []string{self}, Files: theirs,
		Env: append(env, "SANDBOX_TEST_DEED="+deed, "GOTRACEBACK=none", fmt.Sprint("PARENT=", os.Getpid())),
	}, sandbox.Config{Modes: []sandbox.Mode{mode}, Memory: 512 << 20})
	for _, f := range theirs {
		f.Close()
	}
	r := &running{Process: p, out: bufio.NewScanner(ends[2]), stderr: make(chan string, 1), done: make(chan error, 1),
		files: []io.Closer{ends[1], ends[2], ends[4]}}
	if err != nil {
		r.close()
		return nil, err
	}
	go func() { r.done <- p.Serve(func(r sandbox.Read) { r.EOF() }) }()
	go func() {
		var b bytes.Buffer
		b.ReadFrom(ends[4])
		r.stderr <- b.String()
	}()
	return r, nil
}

func (r *running) close() {
	for _, f := range r.files {
		f.Close()
	}
}

// next returns the next thing that the child tells of.
func (r *running) next() (a attempt, ok bool) {
	return a, r.out.Scan() && json.Unmarshal(r.out.Bytes(), &a) == nil
}

// end waits for the child's end.
func (r *running) end(t testing.TB) (sandbox.Exit, string) {
	t.Helper()
	exit, err := r.Wait()
	if err != nil {
		t.Error(err)
	}
	if err := <-r.done; err != nil {
		t.Error(err)
	}
	words := <-r.stderr
	r.close()
	return exit, words
}

// judge checks everything that the child tells of until it ends.
func (r *running) judge(t *testing.T) {
	t.Helper()
	seen := false
	for {
		a, ok := r.next()
		if !ok {
			break
		}
		seen = true
		must := strings.HasPrefix(a.What, "ok ")
		switch {
		case must && a.Err != "":
			t.Errorf("%s: %s %s", a.What, a.Err, a.Note)
		case !must && a.Err == "" && !strings.HasPrefix(a.What, "may "):
			t.Errorf("it could %s %s", a.What, a.Note)
		case testing.Verbose():
			t.Log(a.What, "→", a.Err, a.Note)
		}
	}
	if !seen {
		t.Error("it told of nothing")
	}
}

// victim makes what is to be attacked and returns the environment that says so.
func victim(t *testing.T) []string {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"secret", "connection.json"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte("secret"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tcp, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tcp.Close() })
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { udp.Close() })
	abstract := fmt.Sprint("sockbook-test-", os.Getpid())
	for _, path := range []string{"@" + abstract, home + "/socket"} {
		l, err := net.Listen("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
	}
	return []string{"VICTIM=" + home, "ABSTRACT=" + abstract,
		fmt.Sprint("PORT=", tcp.Addr().(*net.TCPAddr).Port), fmt.Sprint("UDPPORT=", udp.LocalAddr().(*net.UDPAddr).Port)}
}

func inModes(t *testing.T, f func(t *testing.T, mode sandbox.Mode)) {
	for _, mode := range confining {
		t.Run(string(mode), func(t *testing.T) { f(t, mode) })
	}
}

// TestAttacks has a child try what it must not be able to do.
func TestAttacks(t *testing.T) {
	inModes(t, func(t *testing.T, mode sandbox.Mode) {
		env := victim(t)
		if mode == sandbox.Namespaces {
			env = append(env, "DISK=limited")
		}
		for _, deed := range []string{"home", "write", "exec", "parent", "raw", "mount", "bpf", "descriptors", "disk", "kernel", "proc"} {
			t.Run(deed, func(t *testing.T) {
				r := start(t, mode, deed, env...)
				r.judge(t)
				if exit, words := r.end(t); exit != (sandbox.Exit{}) {
					t.Errorf("it ended by %+v: %s", exit, words)
				}
			})
		}
	})
}

// TestExhaustion has a child take more than it may: it ends, and nobody else.
func TestExhaustion(t *testing.T) {
	deeds := []string{"threads", "memory", "mapped memory", "goroutines"}
	inModes(t, func(t *testing.T, mode sandbox.Mode) {
		for _, deed := range deeds {
			t.Run(deed, func(t *testing.T) {
				if raceDetector && deed != "threads" {
					t.Skip("the race detector's own memory is beyond any limit")
				}
				r := start(t, mode, deed)
				stop := watch(r)
				r.judgeNot(t)
				exit, words := r.end(t)
				stop()
				t.Logf("it ended by %+v: %.60q", exit, words)
				// glibc's stacks, in a test with the race detector, are large, and reach the limit of memory first
				if deed == "threads" && !strings.Contains(words, "thread exhaustion") && !strings.Contains(words, "pthread_create failed") {
					t.Errorf("it ended by %+v: %.300s", exit, words)
				}
			})
		}
	})
}

// watch ends a child that has more memory than it may.
func watch(r *running) (stop func()) {
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(10 * time.Millisecond):
			}
			var size, resident int64
			b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", r.PID()))
			fmt.Sscan(string(b), &size, &resident)
			if resident*int64(os.Getpagesize()) > 512<<20 {
				r.Signal(unix.SIGKILL)
				return
			}
		}
	}()
	return func() { close(done) }
}

// judgeNot is judge for a child that may tell of nothing.
func (r *running) judgeNot(t *testing.T) {
	t.Helper()
	for {
		a, ok := r.next()
		if !ok {
			return
		}
		if !strings.HasPrefix(a.What, "ok ") && a.Err == "" {
			t.Errorf("it could %s %s", a.What, a.Note)
		}
	}
}

func TestSpinningChildIsEnded(t *testing.T) {
	inModes(t, func(t *testing.T, mode sandbox.Mode) {
		r := start(t, mode, "spin")
		if a, ok := r.next(); !ok || a.What != "ok spin" {
			t.Errorf("%+v", a)
		}
		r.Signal(unix.SIGKILL)
		if exit, _ := r.end(t); exit.Signal != unix.SIGKILL {
			t.Errorf("it ended by %+v", exit)
		}
	})
}

// TestWhatWorks has a child do what lessons do.
func TestWhatWorks(t *testing.T) {
	inModes(t, func(t *testing.T, mode sandbox.Mode) {
		for _, deed := range []string{"sockets", "files"} {
			t.Run(deed, func(t *testing.T) {
				r := start(t, mode, deed)
				r.judge(t)
				if exit, words := r.end(t); exit != (sandbox.Exit{}) {
					t.Errorf("it ended by %+v: %s", exit, words)
				}
			})
		}
	})
}

// TestSignalsToItself: the first process of a pid namespace ends by them like
// any other.
func TestSignalsToItself(t *testing.T) {
	inModes(t, func(t *testing.T, mode sandbox.Mode) {
		for _, sig := range []syscall.Signal{unix.SIGKILL, unix.SIGTERM, unix.SIGINT, unix.SIGHUP} {
			t.Run(unix.SignalName(sig), func(t *testing.T) {
				r := start(t, mode, "signal", fmt.Sprint("SIGNAL=", int(sig)))
				r.judgeNot(t)
				if exit, words := r.end(t); exit.Signal != sig {
					t.Errorf("it ended by %+v: %s", exit, words)
				}
			})
		}
		t.Run("SIGSTOP", func(t *testing.T) {
			r := start(t, mode, "signal", fmt.Sprint("SIGNAL=", int(unix.SIGSTOP)))
			until(t, "it is stopped", func() bool { return state(r.PID()) == "T" })
			r.Signal(unix.SIGCONT)
			until(t, "it goes on", func() bool { return state(r.PID()) != "T" })
			r.Signal(unix.SIGKILL)
			r.end(t)
		})
	})
}

// state returns a process's state, as in proc_pid_stat(5); empty: it is gone.
func state(pid int) string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	return fields[0]
}

func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 1000 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("not after 10 s: %s", what)
}

// parentThatDies starts a child, tells its number, and waits to be killed.
func parentThatDies() {
	r, err := startChild(sandbox.Mode(os.Getenv("SANDBOX_TEST_PARENT")), "wait")
	if err != nil {
		fmt.Println("cannot:", err)
		os.Exit(1)
	}
	r.next()
	fmt.Println(r.PID())
	select {}
}

func TestNothingOutlivesItsParent(t *testing.T) {
	inModes(t, func(t *testing.T, mode sandbox.Mode) {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		temp := t.TempDir()
		parent, err := os.StartProcess(self, []string{self}, &os.ProcAttr{
			Env: append(os.Environ(), "SANDBOX_TEST_PARENT="+string(mode), "TMPDIR="+temp), Files: []*os.File{nil, w, os.Stderr}})
		w.Close()
		if err != nil {
			t.Fatal(err)
		}
		line, _ := bufio.NewReader(r).ReadString('\n')
		pid, err := strconv.Atoi(strings.TrimSpace(line))
		parent.Signal(unix.SIGKILL)
		parent.Wait()
		if err != nil {
			t.Skipf("mode %s is not possible here: %s", mode, line)
		}
		until(t, "it is gone", func() bool { s := state(pid); return s == "" || s == "Z" || s == "X" })

		// What it left in mode Loopback is removed by the next that is started.
		t.Setenv("TMPDIR", temp)
		dirs, _ := filepath.Glob(temp + "/sockbook-cells-*")
		old := time.Now().Add(-time.Hour)
		for _, d := range dirs {
			os.Chtimes(d, old, old)
		}
		next := start(t, mode, "nothing")
		next.end(t)
		if dirs, _ := filepath.Glob(temp + "/*"); len(dirs) > 0 {
			t.Errorf("left: %v", dirs)
		}
	})
}

func TestNothingLeaks(t *testing.T) {
	starts := 200
	if raceDetector || testing.Short() {
		starts = 20
	}
	count := func() (fds, goroutines int) {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries), runtime.NumGoroutine()
	}
	inModes(t, func(t *testing.T, mode sandbox.Mode) {
		t.Setenv("TMPDIR", t.TempDir())
		start(t, mode, "nothing").end(t) // starts what starts once
		fds, goroutines := count()
		for i := range starts {
			deed := []string{"nothing", "wait", "nothing", "blocked"}[i%4]
			r := start(t, mode, deed)
			if deed != "nothing" {
				for a, ok := r.next(); ok && a.What != "ok wait"; a, ok = r.next() {
					if a.Err != "" {
						t.Errorf("%s: %s", a.What, a.Err)
					}
				}
				r.Signal(unix.SIGKILL)
			}
			r.end(t)
		}
		until(t, "as before", func() bool {
			f, g := count()
			return f <= fds && g <= goroutines
		})
		children, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", os.Getpid()))
		for _, path := range children {
			if text, _ := os.ReadFile(path); len(bytes.TrimSpace(text)) > 0 {
				t.Errorf("processes left: %s", text)
			}
		}
		if left, _ := filepath.Glob(os.Getenv("TMPDIR") + "/*"); len(left) > 0 {
			t.Errorf("files left: %v", left)
		}
	})
}

func TestBadStarts(t *testing.T) {
	files := []*os.File{os.Stdin, os.Stdout, os.Stderr}
	for _, test := range []struct {
		name string
		c    sandbox.Command
		want string
	}{
		{"no such program", sandbox.Command{Argv: []string{"/nonexistent/program"}, Files: files}, "no such file or directory"},
		{"a program that does not enter", sandbox.Command{Argv: []string{"/bin/true"}, Files: files}, "it ended before"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := sandbox.Start(test.c, sandbox.Config{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
	if _, err := sandbox.Enter(); err == nil || !strings.Contains(err.Error(), "not by hand") {
		t.Errorf("Enter by hand: %v", err)
	}
}

// BenchmarkStart starts a child and waits until it is confined.
func BenchmarkStart(b *testing.B) {
	for _, mode := range []sandbox.Mode{sandbox.Open, sandbox.Loopback, sandbox.Namespaces} {
		b.Run(string(mode), func(b *testing.B) {
			for b.Loop() {
				r := start(b, mode, "nothing")
				b.StopTimer()
				r.end(b)
				b.StartTimer()
			}
		})
	}
}
