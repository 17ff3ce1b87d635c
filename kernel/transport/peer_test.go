package transport

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"testing"
	"time"

	"sockbook/kernel/jupyter"

	"github.com/go-zeromq/zmq4"
	zmqnull "github.com/go-zeromq/zmq4/security/null"
	"go.uber.org/goleak"
)

const testKey = "3f1e"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait of a test; a test that needs it all has failed.
const patience = 20 * time.Second

// testServer listens on free ports of the loopback interface until the test ends.
func testServer(t testing.TB, change ...func(*limits)) *Server {
	t.Helper()
	lim := defaultLimits
	for _, c := range change {
		c(&lim)
	}
	conn := jupyter.Connection{Transport: jupyter.TCP, IP: "127.0.0.1", SignatureScheme: jupyter.SchemeHMACSHA256, Key: testKey}
	return testServerOn(t, conn, lim)
}

func testServerOn(t testing.TB, conn jupyter.Connection, lim limits) *Server {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := listen(conn, jupyter.NewOrigin("kern", "", time.Now), log, lim, bind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// A frontend is one socket of a client, made of zmq4's connection without the Server's precautions.
type frontend struct {
	t      testing.TB
	raw    net.Conn
	conn   *zmq4.Conn
	signer *jupyter.Signer
	self   *jupyter.Origin
}

func dialRaw(t testing.TB, s *Server, port int) net.Conn {
	t.Helper()
	c := s.Connection()
	network, address := "tcp", net.JoinHostPort(c.IP, strconv.Itoa(port))
	if c.Transport == jupyter.IPC {
		network, address = "unix", c.Path(port)
	}
	raw, err := net.DialTimeout(network, address, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	return raw
}

func dial(t testing.TB, s *Server, port int, typ zmq4.SocketType, identity string) *frontend {
	t.Helper()
	raw := dialRaw(t, s, port)
	conn, err := zmq4.Open(raw, zmqnull.Security(), typ, zmq4.SocketIdentity(identity), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := s.Connection().Signer()
	if err != nil {
		t.Fatal(err)
	}
	return &frontend{t, raw, conn, signer, jupyter.NewOrigin(jupyter.NewID(), "tester", time.Now)}
}

func (f *frontend) sendFrames(frames ...[]byte) {
	f.t.Helper()
	if err := f.conn.SendMsg(zmq4.NewMsgFrom(frames...)); err != nil {
		f.t.Fatal(err)
	}
}

// request sends a request and returns its id.
func (f *frontend) request(typ jupyter.MsgType, content any) string {
	f.t.Helper()
	m, err := f.self.New(typ, jupyter.Header{}, content)
	if err != nil {
		f.t.Fatal(err)
	}
	frames, err := f.signer.Encode(m)
	if err != nil {
		f.t.Fatal(err)
	}
	f.sendFrames(frames...)
	return m.Header.ID
}

func (f *frontend) recvFrames() [][]byte {
	f.t.Helper()
	frames, err := f.tryRecv()
	if err != nil {
		f.t.Fatal(err)
	}
	return frames
}

func (f *frontend) tryRecv() ([][]byte, error) {
	f.raw.SetReadDeadline(time.Now().Add(patience))
	m, err := f.conn.RecvMsg()
	return m.Frames, err
}

func (f *frontend) recv() *jupyter.Message {
	f.t.Helper()
	m, err := f.signer.Decode(f.recvFrames())
	if err != nil {
		f.t.Fatal(err)
	}
	return m
}

// subscriber connects to iopub and waits until its subscription stands.
func testSubscriber(t testing.TB, s *Server, topic string) *frontend {
	t.Helper()
	f := dial(t, s, s.Connection().IOPubPort, zmq4.Sub, "")
	f.subscribe(topic)
	return f
}

func (f *frontend) subscribe(topic string) {
	f.t.Helper()
	f.sendFrames(append([]byte{1}, topic...))
	m := f.recv()
	var w jupyter.IOPubWelcome
	if err := m.Unmarshal(&w); err != nil || m.Type() != jupyter.IOPubWelcomeType || w.Subscription != topic {
		f.t.Fatalf("welcome to %q: %s %s %v", topic, m.Type(), m.Content, err)
	}
	if !m.Parent.IsZero() {
		f.t.Errorf("welcome has a parent: %+v", m.Parent)
	}
}

// take receives the next message of a channel of the server.
func take(t testing.TB, in <-chan *jupyter.Message) *jupyter.Message {
	t.Helper()
	select {
	case m, ok := <-in:
		if !ok {
			t.Fatal("channel closed")
		}
		return m
	case <-time.After(patience):
		t.Fatal("no message came")
	}
	return nil
}

// await waits until done reports true.
func await(t testing.TB, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: never", what)
		}
	}
}

// say publishes a stream message with the text.
func say(t testing.TB, s *Server, text string) {
	t.Helper()
	if err := trySay(t.Context(), s, text); err != nil {
		t.Fatal(err)
	}
}

func trySay(ctx context.Context, s *Server, text string) error {
	m, err := s.self.New(jupyter.StreamType, jupyter.Header{}, jupyter.Stream{Name: jupyter.Stdout, Text: text})
	if err != nil {
		return err
	}
	return s.Publish(ctx, m)
}

// hear receives stream messages and checks that they say want, one after the other.
func (f *frontend) hear(want ...string) {
	f.t.Helper()
	for _, w := range want {
		if got := f.heard(); got != w {
			f.t.Fatalf("heard %.80q, want %.80q", got, w)
		}
	}
}

func (f *frontend) heard() string {
	f.t.Helper()
	m := f.recv()
	var s jupyter.Stream
	if err := json.Unmarshal(m.Content, &s); err != nil || m.Type() != jupyter.StreamType {
		f.t.Fatalf("got %s %s", m.Type(), m.Content)
	}
	return s.Text
}

func lines(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("line %d\n", i)
	}
	return list
}
