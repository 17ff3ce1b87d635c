package transport

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sockbook/kernel/jupyter"

	"github.com/go-zeromq/zmq4"
)

func TestRequestReply(t *testing.T) {
	s := testServer(t)
	for _, c := range []struct {
		channel Channel
		port    int
		in      <-chan *jupyter.Message
	}{
		{Shell, s.Connection().ShellPort, s.Shell()},
		{Control, s.Connection().ControlPort, s.Control()},
		{Stdin, s.Connection().StdinPort, s.Stdin()},
	} {
		t.Run(string(c.channel), func(t *testing.T) {
			f := dial(t, s, c.port, zmq4.Dealer, "me")
			id := f.request(jupyter.KernelInfoRequestType, nil)
			req := take(t, c.in)
			if req.Header.ID != id {
				t.Fatalf("request %s, want %s", req.Header.ID, id)
			}
			reply, err := s.self.Reply(req, jupyter.KernelInfoReply{})
			if err != nil {
				t.Fatal(err)
			}
			reply.Buffers = [][]byte{[]byte("raw"), {}}
			if err := s.Reply(c.channel, reply); err != nil {
				t.Fatal(err)
			}
			got := f.recv()
			if got.Parent.ID != id || got.Type() != jupyter.KernelInfoReplyType || len(got.Buffers) != 2 || len(got.Identities) != 0 {
				t.Errorf("reply %+v", got)
			}
		})
	}
}

// TestRoutes has two connections with one identity on shell: each gets its own replies, and input requests reach the
// newest stdin connection of that identity.
func TestRoutes(t *testing.T) {
	s := testServer(t)
	c := s.Connection()
	stdin := dial(t, s, c.StdinPort, zmq4.Dealer, "twin")
	await(t, "stdin connects", func() bool { // our end of a handshake may be done before the server's
		r := s.routers[Stdin]
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.peers) == 1
	})
	bystander := dial(t, s, c.ShellPort, zmq4.Dealer, "other")
	one := dial(t, s, c.ShellPort, zmq4.Dealer, "twin")
	two := dial(t, s, c.ShellPort, zmq4.Dealer, "twin")
	nameless := dial(t, s, c.ShellPort, zmq4.Dealer, "")
	reply := func(req *jupyter.Message) error {
		m, err := s.self.Reply(req, jupyter.ExecuteReply{})
		if err != nil {
			t.Fatal(err)
		}
		return s.Reply(Shell, m)
	}
	input := func(req *jupyter.Message) error {
		m, err := s.self.New(jupyter.InputRequestType, req.Header, jupyter.InputRequest{Prompt: "?"})
		if err != nil {
			t.Fatal(err)
		}
		m.Identities = req.Identities
		return s.Reply(Stdin, m)
	}
	for _, f := range []*frontend{one, two, bystander, nameless, one} {
		id := f.request(jupyter.ExecuteRequestType, jupyter.ExecuteRequest{Code: "1"})
		req := take(t, s.Shell())
		if err := reply(req); err != nil {
			t.Fatal(err)
		}
		if got := f.recv(); got.Parent.ID != id {
			t.Errorf("reply to %s, want %s", got.Parent.ID, id)
		}
		err := input(req)
		if f != one && f != two {
			if !errors.Is(err, ErrNoPeer) {
				t.Errorf("input request to a frontend without stdin: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := stdin.recv(); got.Type() != jupyter.InputRequestType || got.Parent.ID != id {
			t.Errorf("on stdin: %s for %s, want an input request for %s", got.Type(), got.Parent.ID, id)
		}
	}

	// A frontend that comes back gets the reply to what it asked before.
	id := one.request(jupyter.ExecuteRequestType, jupyter.ExecuteRequest{Code: "1"})
	req := take(t, s.Shell())
	one.raw.Close()
	await(t, "the server sees the end of a connection", func() bool {
		return s.routers[Shell].find(req.Identities[0]).serial != serialOf(req)
	})
	if err := reply(req); err != nil {
		t.Fatal(err)
	}
	if got := two.recv(); got.Parent.ID != id {
		t.Errorf("reply to %s, want %s", got.Parent.ID, id)
	}
}

func serialOf(m *jupyter.Message) uint64 {
	r := m.Identities[0]
	return binary.BigEndian.Uint64(r[len(r)-8:])
}

func TestReplyNowhere(t *testing.T) {
	s := testServer(t)
	m, err := s.self.New(jupyter.ExecuteReplyType, jupyter.Header{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, ids := range [][][]byte{{[]byte("short")}, {nil}, {make([]byte, 8)}, {[]byte("somebody12345678")}} {
		m.Identities = ids
		if err := s.Reply(Shell, m); !errors.Is(err, ErrNoPeer) {
			t.Errorf("to %q: %v, want %v", ids, err, ErrNoPeer)
		}
	}
	m.Identities = nil
	if err := s.Reply(Shell, m); err == nil {
		t.Error("a reply without identities was sent")
	}
	if err := s.Reply("iopub", m); err == nil {
		t.Error("a reply on iopub was sent")
	}
}

func TestPublish(t *testing.T) {
	s := testServer(t)
	all := testSubscriber(t, s, "")
	streams := testSubscriber(t, s, "kernel.kern.stream")
	custom := testSubscriber(t, s, "x")
	two := testSubscriber(t, s, "kernel.kern.st")
	two.subscribe("kernel")
	list := lines(1000)
	for i, l := range list {
		say(t, s, l)
		if i%100 == 0 {
			m, err := s.self.New(jupyter.ClearOutputType, jupyter.Header{}, jupyter.ClearOutput{})
			if err != nil {
				t.Fatal(err)
			}
			m.Identities = [][]byte{[]byte("x.y")}
			if err := s.Publish(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
	}
	streams.hear(list...)
	two.hear(list...)
	for i, l := range list {
		all.hear(l)
		if i%100 == 0 {
			for _, f := range []*frontend{all, custom} {
				if m := f.recv(); m.Type() != jupyter.ClearOutputType || string(m.Identities[0]) != "x.y" {
					t.Fatalf("got %s under %q", m.Type(), m.Identities)
				}
			}
		}
	}

	// An ended subscription brings nothing more; a new one is the sign that the end was seen.
	streams.sendFrames([]byte("\x00kernel.kern.stream"))
	streams.subscribe("kernel.kern.status")
	say(t, s, "unheard")
	status, err := s.self.New(jupyter.StatusType, jupyter.Header{}, jupyter.KernelStatus{ExecutionState: jupyter.Idle})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(t.Context(), status); err != nil {
		t.Fatal(err)
	}
	if m := streams.recv(); m.Type() != jupyter.StatusType {
		t.Errorf("got %s %s after the end of the subscription", m.Type(), m.Content)
	}
	two.hear("unheard")
}

func TestHeartbeat(t *testing.T) {
	s := testServer(t)
	f := dial(t, s, s.Connection().HeartbeatPort, zmq4.Req, "")
	for _, ping := range [][][]byte{{{}, []byte("ping")}, {{}, {}}, {{}, make([]byte, 1000)}} {
		f.sendFrames(ping...)
		if got := f.recvFrames(); !slices.EqualFunc(got, ping, func(a, b []byte) bool { return string(a) == string(b) }) {
			t.Errorf("echo of %q is %q", ping, got)
		}
	}
}

func TestIPC(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "kernel")
	conn := jupyter.Connection{Transport: jupyter.IPC, IP: prefix, ShellPort: 1, IOPubPort: 2, StdinPort: 3, ControlPort: 4,
		HeartbeatPort: 5, SignatureScheme: jupyter.SchemeHMACSHA256, Key: testKey}

	// A kernel that was killed leaves its files; one that runs must not lose them.
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: prefix + "-2", Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	dead.Close()
	s := testServerOn(t, conn, defaultLimits)
	if other, err := Listen(conn, s.self, s.log); err == nil {
		other.Close()
		t.Fatal("two servers on the same sockets")
	}
	info, err := os.Stat(prefix + "-1")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the shell socket: %v, %v", info.Mode(), err)
	}
	f := testSubscriber(t, s, "")
	say(t, s, "hello")
	f.hear("hello")
	shell := dial(t, s, conn.ShellPort, zmq4.Dealer, "")
	shell.request(jupyter.KernelInfoRequestType, nil)
	take(t, s.Shell())
	s.Close()
	if left, _ := filepath.Glob(prefix + "*"); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestClose publishes and closes at once: all must arrive, and then the end.
func TestClose(t *testing.T) {
	s := testServer(t)
	f := testSubscriber(t, s, "")
	shell := dial(t, s, s.Connection().ShellPort, zmq4.Dealer, "")
	for range 3 { // requests that nobody takes must not keep Close waiting
		shell.request(jupyter.KernelInfoRequestType, nil)
	}
	list := lines(5000)
	for _, l := range list {
		say(t, s, l)
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		s.Close()
	}()
	f.hear(list...)
	if frames, err := f.tryRecv(); err == nil {
		t.Errorf("%q after the end", frames)
	}
	f.raw.Close()
	<-closed
	if _, open := <-s.Control(); open {
		t.Error("a message after Close")
	}
	if err := trySay(context.Background(), s, "late"); !errors.Is(err, ErrClosed) {
		t.Errorf("publish after Close: %v", err)
	}
	s.Close()
}

func TestListenRefuses(t *testing.T) {
	s := testServer(t)
	good := s.Connection()
	for name, change := range map[string]func(*jupyter.Connection){
		"taken port":    func(c *jupyter.Connection) {},
		"scheme":        func(c *jupyter.Connection) { c.SignatureScheme = "hmac-md5" },
		"no such host":  func(c *jupyter.Connection) { c.IP = "256.0.0.1" },
		"long path":     func(c *jupyter.Connection) { c.Transport, c.IP = jupyter.IPC, "/tmp/"+string(make([]byte, 200)) },
		"no such place": func(c *jupyter.Connection) { c.Transport, c.IP = jupyter.IPC, "/nowhere/at/all" },
	} {
		t.Run(name, func(t *testing.T) {
			c := good
			change(&c)
			if s, err := Listen(c, s.self, s.log); err == nil {
				s.Close()
				t.Error("accepted")
			}
		})
	}
}
