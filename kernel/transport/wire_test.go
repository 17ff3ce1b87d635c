package transport

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sockbook/kernel/jupyter"

	"github.com/go-zeromq/zmq4"
)

// greeting is what a ZMTP peer says first (RFC 23).
func greeting(major, minor byte, mechanism string) []byte {
	g := make([]byte, greetingSize)
	g[0], g[9], g[10], g[11] = 0xff, 0x7f, major, minor
	copy(g[12:32], mechanism)
	return g
}

func command(name string, body ...byte) []byte {
	text := append(append([]byte{byte(len(name))}, name...), body...)
	if len(text) > 255 {
		return append(binary.BigEndian.AppendUint64([]byte{flagCommand | flagLong}, uint64(len(text))), text...)
	}
	return append([]byte{flagCommand, byte(len(text))}, text...)
}

func ready(socketType, identity string) []byte {
	return command("READY", appendProperty(appendProperty(nil, "Socket-Type", socketType), "Identity", identity)...)
}

func long(flags byte, size uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{flags | flagLong}, size)
}

// hello is a whole handshake of a DEALER.
var hello = slices.Clip(slices.Concat(greeting(3, 1, "NULL"), ready("DEALER", "x")))

// garbage is what peers may not send on shell; the connection must end, within the time for a handshake at most.
var garbage = []struct {
	name string
	text []byte
}{
	{"nothing", nil},
	{"HTTP", []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")},
	{"zeros", make([]byte, 1000)},
	{"wrong signature", append([]byte{0}, greeting(3, 0, "NULL")[1:]...)},
	{"ZMTP 2", greeting(2, 0, "NULL")},
	{"CURVE", greeting(3, 0, "CURVE")},
	{"only a greeting", greeting(3, 0, "NULL")},
	{"message in place of READY", append(greeting(3, 0, "NULL"), 0, 1, 'x')},
	{"PING in place of READY", append(greeting(3, 0, "NULL"), command("PING", 0, 0)...)},
	{"ERROR in place of READY", append(greeting(3, 0, "NULL"), command("ERROR", 3, 'n', 'o', '!')...)},
	{"empty command", append(greeting(3, 0, "NULL"), flagCommand, 0)},
	{"command name too long", append(greeting(3, 0, "NULL"), flagCommand, 2, 5, 'R')},
	{"READY and more", append(greeting(3, 0, "NULL"), flagCommand|flagMore, 6, 5, 'R', 'E', 'A', 'D', 'Y')},
	{"huge READY", append(greeting(3, 0, "NULL"), long(flagCommand, maxCommand+1)...)},
	{"READY without socket type", append(greeting(3, 0, "NULL"), command("READY")...)},
	{"unknown socket type", append(greeting(3, 0, "NULL"), ready("FOO", "")...)},
	{"SUB on shell", append(greeting(3, 0, "NULL"), ready("SUB", "")...)},
	{"long identity", append(greeting(3, 0, "NULL"), ready("DEALER", strings.Repeat("x", maxIdentity+1))...)},
	{"property name cut", append(greeting(3, 0, "NULL"), command("READY", 200, 'S')...)},
	{"property size cut", append(greeting(3, 0, "NULL"), command("READY", 1, 'S', 0, 0)...)},
	{"property value cut", append(greeting(3, 0, "NULL"), command("READY", 1, 'S', 0xff, 0xff, 0xff, 0xff, 'x')...)},

	{"reserved flag", append(hello, 0x08, 1, 'x')},
	{"largest size", append(hello, long(0, 1<<64-1)...)},
	{"large size", append(hello, long(flagMore, defaultLimits.frame+1)...)},
	{"too many frames", append(hello, bytes.Repeat([]byte{flagMore, 0}, defaultLimits.frames+1)...)},
	{"command within a message", append(append(hello, flagMore, 0), command("PING", 0, 0)...)},
	{"command and more", append(hello, flagCommand|flagMore, 5, 4, 'P', 'I', 'N', 'G')},
	{"nameless command", append(hello, flagCommand, 0)},
	{"short PING", append(hello, command("PING", 0)...)},
	{"long PING", append(hello, command("PING", make([]byte, 19)...)...)},
	{"huge command", append(hello, long(flagCommand, maxCommand+1)...)},
	{"ERROR", append(hello, command("ERROR", 2, 'n', 'o')...)},
}

func TestGarbage(t *testing.T) {
	for _, tt := range garbage {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				good := l.dial(l.Connection().ShellPort, zmq4.Dealer, "good")
				bad := l.net.dial(l.Connection().ShellPort)
				defer bad.Close()
				bad.Write(tt.text)
				good.request(jupyter.KernelInfoRequestType, nil)
				take(t, l.Shell())
				bad.SetReadDeadline(time.Now().Add(defaultLimits.handshake + time.Second))
				if _, err := io.Copy(io.Discard, bad); err != nil {
					t.Errorf("the connection did not end: %v", err)
				}
				synctest.Wait()
				if n := l.log.count("level=WARN"); n != 1 {
					t.Errorf("%d log lines, want 1:\n%s", n, l.log.b.String())
				}
				good.request(jupyter.KernelInfoRequestType, nil)
				take(t, l.Shell())
			})
		})
	}
}

// TestBadMessages sends well-framed nonsense: it is dropped with a log line, and the connection goes on.
func TestBadMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		f := l.dial(l.Connection().ShellPort, zmq4.Dealer, "")
		f.sendFrames([]byte("no delimiter"))
		f.sendFrames([]byte("<IDS|MSG>"), []byte("short"))
		f.sendFrames([]byte("<IDS|MSG>"), []byte("unsigned"), []byte(`{"msg_id":"1","msg_type":"x"}`), []byte("{}"), []byte("{}"), []byte("{}"))
		id := f.request(jupyter.KernelInfoRequestType, nil)
		if m := take(t, l.Shell()); m.Header.ID != id {
			t.Errorf("message %s, want %s", m.Header.ID, id)
		}
		for range 100 {
			f.sendFrames(nil)
		}
		f.request(jupyter.KernelInfoRequestType, nil)
		take(t, l.Shell())
		if n := l.log.count("message dropped"); n != maxComplaints {
			t.Errorf("%d log lines, want %d:\n%s", n, maxComplaints, l.log.b.String())
		}
	})
}

// TestRequestWithEmptyFrame is what a REQ socket sends: an empty frame before the message, to be returned.
func TestRequestWithEmptyFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		f := l.dial(l.Connection().ShellPort, zmq4.Req, "")
		m, _ := f.self.New(jupyter.KernelInfoRequestType, jupyter.Header{}, nil)
		m.Identities = [][]byte{{}}
		frames, _ := f.signer.Encode(m)
		f.sendFrames(frames...)
		reply, err := l.self.Reply(take(t, l.Shell()), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Reply(Shell, reply); err != nil {
			t.Fatal(err)
		}
		if got := f.recv(); len(got.Identities) != 1 || len(got.Identities[0]) != 0 {
			t.Errorf("identities %q, want one empty frame", got.Identities)
		}
	})
}

// TestCommands speaks ZMTP 3.1: subscriptions are commands, and a PING is answered with its context, also on a
// connection that is otherwise quiet.
func TestCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		f := l.dial(l.Connection().IOPubPort, zmq4.Sub, "")
		for _, name := range []string{"", "a context of 16."} {
			if err := f.conn.SendCmd("PING", append([]byte{0, 100}, name...)); err != nil {
				t.Fatal(err)
			}
			cmd, err := f.conn.RecvCmd()
			if err != nil || cmd.Name != "PONG" || string(cmd.Body) != name {
				t.Errorf("answer to PING %q: %+v, %v", name, cmd, err)
			}
		}
		topic := strings.Repeat("x", 300)
		for _, cmd := range []zmq4.Cmd{
			{Name: "PONG"}, {Name: "SOMETHING-NEW", Body: []byte("x")},
			{Name: "SUBSCRIBE", Body: []byte(topic)}, {Name: "SUBSCRIBE", Body: nil}, {Name: "CANCEL", Body: nil},
		} {
			if err := f.conn.SendCmd(cmd.Name, cmd.Body); err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range []string{topic, ""} {
			m := f.recv()
			var w jupyter.IOPubWelcome
			if err := m.Unmarshal(&w); err != nil || w.Subscription != want {
				t.Errorf("welcome to %.10q…, want %.10q…", w.Subscription, want)
			}
		}
		synctest.Wait()
		say(t, l.Server, "to nobody")
		f.subscribe("kernel")
		say(t, l.Server, "hello")
		f.hear("hello")
	})
}

// TestAnnouncedSize announces frames of the largest allowed size without sending them: that must cost no memory.
func TestAnnouncedSize(t *testing.T) {
	s := testServer(t)
	const peers = 20
	var conns []net.Conn
	for range peers {
		c := dialRaw(t, s, s.Connection().ShellPort)
		if _, err := c.Write(slices.Concat(hello, long(0, defaultLimits.frame), []byte("only this"))); err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
	}
	f := dial(t, s, s.Connection().ShellPort, zmq4.Dealer, "")
	f.request(jupyter.KernelInfoRequestType, nil)
	take(t, s.Shell())
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > peers*defaultLimits.frame/10 {
		t.Errorf("%d MiB of heap for %d announcements", m.HeapAlloc>>20, len(conns))
	}
}

// TestLargeMessage sends a message with large frames there and back.
func TestLargeMessage(t *testing.T) {
	s := testServer(t)
	f := dial(t, s, s.Connection().ShellPort, zmq4.Dealer, "")
	m, err := f.self.New(jupyter.CommMsgType, jupyter.Header{}, jupyter.CommMsg{CommID: "c"})
	if err != nil {
		t.Fatal(err)
	}
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	m.Buffers = [][]byte{large, large[:maxUnread], large[:maxUnread+1], {}}
	frames, err := f.signer.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	go f.conn.SendMsg(zmq4.NewMsgFrom(frames...))
	got := take(t, s.Shell())
	if !slices.EqualFunc(got.Buffers, m.Buffers, bytes.Equal) {
		t.Error("buffers changed on the way in")
	}
	if err := s.Reply(Shell, got); err != nil {
		t.Fatal(err)
	}
	if back := f.recvFrames(); !slices.EqualFunc(back[len(back)-4:], m.Buffers, bytes.Equal) {
		t.Error("buffers changed on the way out")
	}
}

// bytesConn is a net.Conn that has said all it will say.
type bytesConn struct {
	net.Conn
	io.Reader
}

func (c bytesConn) Read(p []byte) (int, error)  { return c.Reader.Read(p) }
func (c bytesConn) Write(p []byte) (int, error) { return len(p), nil }

// FuzzPeer has a peer say anything: zmq4 must not panic on what wire and null let through, nor get more than allowed.
func FuzzPeer(f *testing.F) {
	for _, g := range garbage {
		f.Add(g.text, false)
	}
	sub := append(greeting(3, 1, "NULL"), ready("SUB", "")...)
	f.Add(slices.Concat(sub, command("SUBSCRIBE", 'x'), command("PING", 0, 0, 'c'), []byte{0, 2, 1, 'y'}, command("CANCEL", 'x')), true)
	f.Add(slices.Concat(hello, []byte{1, 3, 'a', 'b', 'c', 1, 0, 0, 1, 'x'}, long(0, 300), make([]byte, 300)), false)
	lim := defaultLimits
	lim.frame, lim.message, lim.frames = 1000, 2000, 10
	f.Fuzz(func(t *testing.T, text []byte, iopub bool) {
		typ := zmq4.Router
		if iopub {
			typ = zmq4.XPub
		}
		var pings int
		w := newWire(bytesConn{Reader: bytes.NewReader(text)}, lim, func(context []byte) {
			if pings++; len(context) > 16 {
				t.Errorf("PING with a context of %d bytes", len(context))
			}
		}, bufio.NewWriter(io.Discard))
		mech := &null{typ: typ}
		conn, err := zmq4.Open(w, mech, typ, nil, true, nil)
		if err != nil {
			return
		}
		if len(mech.identity) > maxIdentity {
			t.Errorf("identity of %d bytes", len(mech.identity))
		}
		w.established()
		for {
			m, err := conn.RecvMsg()
			if err != nil {
				return
			}
			if m.Type == zmq4.CmdMsg {
				t.Errorf("zmq4 got a command: %q", m.Frames)
			}
			size := 0
			for _, frame := range m.Frames {
				size += len(frame)
			}
			if len(m.Frames) > lim.frames || size > int(max(lim.message, maxCommand)) {
				t.Errorf("message of %d frames and %d bytes", len(m.Frames), size)
			}
		}
	})
}

// FuzzProperties reads metadata, and reads it again after it was written.
func FuzzProperties(f *testing.F) {
	f.Add([]byte{})
	f.Add(appendProperty(appendProperty(nil, "Socket-Type", "DEALER"), "Identity", "x"))
	f.Add([]byte{1, 'a', 0, 0, 0, 5, 'x'})
	f.Fuzz(func(t *testing.T, text []byte) {
		props, err := parseProperties(text)
		if err != nil {
			if !errors.Is(err, errShortProperty) {
				t.Errorf("error %v", err)
			}
			return
		}
		var again []byte
		for k, v := range props {
			again = appendProperty(again, k, v)
		}
		back, err := parseProperties(again)
		if err != nil || len(back) != len(props) {
			t.Errorf("%q became %q, %v", props, back, err)
		}
	})
}
