package transport

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sockbook/kernel/jupyter"
	"sockbook/kernel/jupyterenv/envtest"
)

// pythonPeer is testdata/frontend.py running: a frontend with the real libzmq.
type pythonPeer struct {
	t    *testing.T
	cmd  *exec.Cmd
	said chan string // its lines; closed at its end
}

// startPython starts frontend.py for s, and waits until it says that it is ready.
func startPython(t *testing.T, s *Server, mode string, options ...string) *pythonPeer {
	t.Helper()
	file := filepath.Join(t.TempDir(), "connection.json")
	text, err := json.Marshal(s.Connection())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	p := &pythonPeer{t: t, said: make(chan string, 10)}
	p.cmd = exec.Command(envtest.Python(t), append([]string{"testdata/frontend.py", mode, file}, options...)...)
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.said)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.said <- lines.Text()
		}
		p.cmd.Wait()
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		for range p.said {
		}
	})
	p.expect("ready")
	return p
}

// expect waits for a line.
func (p *pythonPeer) expect(want string) {
	p.t.Helper()
	select {
	case got := <-p.said:
		if got != want {
			p.t.Fatalf("the Python frontend says %q, want %q", got, want)
		}
	case <-time.After(3 * patience):
		p.t.Fatalf("the Python frontend does not say %q", want)
	}
}

// awaitStop waits until the process has stopped itself.
func (p *pythonPeer) awaitStop() {
	p.t.Helper()
	await(p.t, "the Python frontend stops", func() bool {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
		if err != nil {
			p.t.Fatal(err)
		}
		_, state, _ := strings.Cut(string(stat), ") ")
		return strings.HasPrefix(state, "T")
	})
}

// TestPythonSubscribers floods three libzmq subscribers. One freezes in the middle, one dies; the third must get
// everything, and so must the first when it thaws.
func TestPythonSubscribers(t *testing.T) {
	s := testServer(t)
	reads := startPython(t, s, "subscribe")
	freezes := startPython(t, s, "subscribe", "stop", "3000")
	dies := startPython(t, s, "subscribe", "die", "2000")
	const n = 30_000
	for _, l := range lines(n) {
		say(t, s, l)
	}
	say(t, s, "end")
	reads.expect(fmt.Sprint("received ", n))
	freezes.awaitStop()
	if line, open := <-dies.said; open {
		t.Errorf("the dying frontend says %q", line)
	}
	if err := freezes.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	freezes.expect(fmt.Sprint("received ", n))
}

// TestPythonFrozen has a libzmq subscriber that freezes for good: it is thrown out, and the other one gets everything.
// That one must not be taken for frozen where the machine has no time for it, so the limit is long, and the test runs
// beside TestPythonHeartbeat, which waits as long.
func TestPythonFrozen(t *testing.T) {
	t.Parallel()
	s := testServer(t, func(l *limits) {
		l.grace, l.frozen, l.low, l.high = 100*time.Millisecond, 10*time.Second, 64<<10, 256<<10
	})
	reads := startPython(t, s, "subscribe")
	startPython(t, s, "subscribe", "stop", "10")
	n := 0
	for ; len(s.iopub.members()) == 2; n++ {
		if n == 1e6 {
			t.Fatal("the frozen subscriber is never thrown out")
		}
		say(t, s, fmt.Sprintf("line %d\n", n))
	}
	say(t, s, "end")
	reads.expect(fmt.Sprint("received ", n))
}

// TestPythonClient asks, answers an input request and beats, over tcp and ipc.
func TestPythonClient(t *testing.T) {
	for _, transport := range []string{jupyter.TCP, jupyter.IPC} {
		t.Run(transport, func(t *testing.T) {
			conn := jupyter.Connection{Transport: transport, IP: "127.0.0.1", SignatureScheme: jupyter.SchemeHMACSHA256, Key: testKey}
			if transport == jupyter.IPC {
				conn.IP = filepath.Join(t.TempDir(), "kernel")
				conn.ShellPort, conn.IOPubPort, conn.StdinPort, conn.ControlPort, conn.HeartbeatPort = 1, 2, 3, 4, 5
			}
			s := testServerOn(t, conn, defaultLimits)
			p := startPython(t, s, "client")
			req := take(t, s.Shell())
			ask, err := s.self.New(jupyter.InputRequestType, req.Header, jupyter.InputRequest{Prompt: "?"})
			if err != nil {
				t.Fatal(err)
			}
			ask.Identities = req.Identities
			await(t, "the frontend's stdin connects", func() bool { return s.Reply(Stdin, ask) == nil })
			answer := take(t, s.Stdin())
			var input jupyter.InputReply
			if err := answer.Unmarshal(&input); err != nil || input.Value != "typed" {
				t.Errorf("input %q, %v", input.Value, err)
			}
			reply, err := s.self.Reply(req, jupyter.ExecuteReply{})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Reply(Shell, reply); err != nil {
				t.Fatal(err)
			}
			p.expect("done ok")
		})
	}
}

// TestPythonHeartbeat has libzmq send PINGs, and hang up if they are not answered.
func TestPythonHeartbeat(t *testing.T) {
	t.Parallel()
	startPython(t, testServer(t), "heartbeat").expect("stayed")
}
