package transport

import (
	"io"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sockbook/kernel/jupyter"

	"github.com/go-zeromq/zmq4"
)

// benchServer is a Server over loopback TCP without a log, whose writes are counted.
func benchServer(b *testing.B) (*Server, *atomic.Int64) {
	b.Helper()
	conn := jupyter.Connection{Transport: jupyter.TCP, IP: "127.0.0.1", SignatureScheme: jupyter.SchemeHMACSHA256, Key: testKey}
	writes := new(atomic.Int64)
	counting := func(c jupyter.Connection, port *int) (net.Listener, error) {
		l, err := bind(c, port)
		return countingListener{l, writes}, err
	}
	s, err := listen(conn, jupyter.NewOrigin("kern", "", time.Now), slog.New(slog.DiscardHandler), defaultLimits, counting)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	return s, writes
}

type countingListener struct {
	net.Listener
	writes *atomic.Int64
}

func (l countingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return countingConn{c, l.writes}, nil
}

type countingConn struct {
	net.Conn
	writes *atomic.Int64
}

func (c countingConn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// BenchmarkPublish sends stream messages to one subscriber that reads and discards; an operation is one message.
func BenchmarkPublish(b *testing.B) {
	for _, size := range []struct {
		name string
		text string
	}{{"60B", strings.Repeat("x", 59) + "\n"}, {"8KiB", text8k}} {
		b.Run(size.name, func(b *testing.B) {
			s, writes := benchServer(b)
			f := testSubscriber(b, s, "")
			parent := requestHeader(b)
			end := make(chan struct{})
			go func() {
				defer close(end)
				io.Copy(io.Discard, f.raw)
			}()
			b.SetBytes(int64(len(size.text)))
			b.ReportAllocs()
			writes.Store(0)
			f.raw.SetReadDeadline(time.Time{})
			for b.Loop() {
				m, err := s.self.New(jupyter.StreamType, parent, jupyter.Stream{Name: jupyter.Stdout, Text: size.text})
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Publish(b.Context(), m); err != nil {
					b.Fatal(err)
				}
			}
			s.Close() // what is queued counts too
			b.ReportMetric(float64(writes.Load())/float64(b.N), "writes/op")
			<-end
		})
	}
}

// requestHeader is the header of an execute_request, as parents are.
func requestHeader(b *testing.B) jupyter.Header {
	b.Helper()
	signer := new(jupyter.Signer)
	m, err := jupyter.NewOrigin(jupyter.NewID(), "user", time.Now).New(jupyter.ExecuteRequestType, jupyter.Header{}, nil)
	if err != nil {
		b.Fatal(err)
	}
	frames, err := signer.Encode(m)
	if err != nil {
		b.Fatal(err)
	}
	got, err := signer.Decode(frames)
	if err != nil {
		b.Fatal(err)
	}
	return got.Header
}

// BenchmarkCell is a cell that prints a line: a request, busy, execute_input, stream, the reply, idle, until the frontend
// has both the reply and idle; an operation is one cell.
func BenchmarkCell(b *testing.B) {
	s, writes := benchServer(b)
	iopub := testSubscriber(b, s, "")
	shell := dial(b, s, s.Connection().ShellPort, zmq4.Dealer, "me")
	go func() {
		for req := range s.Shell() {
			for _, c := range []struct {
				typ     jupyter.MsgType
				content any
			}{
				{jupyter.StatusType, jupyter.KernelStatus{ExecutionState: jupyter.Busy}},
				{jupyter.ExecuteInputType, jupyter.ExecuteInput{Code: "x", ExecutionCount: 1}},
				{jupyter.StreamType, jupyter.Stream{Name: jupyter.Stdout, Text: "x\n"}},
				{jupyter.ExecuteReplyType, jupyter.ExecuteReply{ExecutionCount: 1}},
				{jupyter.StatusType, jupyter.KernelStatus{ExecutionState: jupyter.Idle}},
			} {
				m, err := s.self.New(c.typ, req.Header, c.content)
				if err == nil && c.typ == jupyter.ExecuteReplyType {
					m.Identities = req.Identities
					err = s.Reply(Shell, m)
				} else if err == nil {
					err = s.Publish(b.Context(), m)
				}
				if err != nil {
					b.Error(err)
				}
			}
		}
	}()
	writes.Store(0)
	for b.Loop() {
		shell.request(jupyter.ExecuteRequestType, jupyter.ExecuteRequest{Code: "x"})
		for range 4 {
			iopub.recvFrames()
		}
		shell.recvFrames()
	}
	b.ReportMetric(float64(writes.Load())/float64(b.N), "writes/op")
}

// BenchmarkListen is opening and closing the five sockets.
func BenchmarkListen(b *testing.B) {
	for b.Loop() {
		s, err := Listen(jupyter.Connection{IP: "127.0.0.1", Key: testKey}, jupyter.NewOrigin("kern", "", time.Now), slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}
