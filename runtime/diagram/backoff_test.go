package diagram

import (
	"fmt"
	"testing"
	"time"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/trace/tracetest"
)

// synTimeout is a connect to a host that is cut off: seven SYNs in 127 s.
func synTimeout() trace.Input {
	n := tracetest.New("client", "server")
	c := n.TCP("client", 41522, "server", 7777)
	n.Call(trace.Call{Host: "client", Kind: trace.Connect, Name: "connect", Cell: 3, Line: 1, Result: "ETIMEDOUT", Failed: true,
		Proto: packet.TCP, Remote: c.Addr[1]}, 127*time.Second)
	wait := time.Duration(0)
	for i := range 7 {
		if i == 0 {
			c.Send(0, packet.SYN, 0, tracetest.Lost("cut client server"))
		} else {
			c.Send(0, packet.SYN, 0, tracetest.Back(1), tracetest.Lost("cut client server"))
		}
		wait = time.Second << i
		n.Wait(wait)
	}
	return n.In
}

func TestBackoffGoldens(t *testing.T) {
	tests := map[string]trace.Input{
		"syn":       synTimeout(),
		"crash":     tracetest.Crash().In,
		"keepalive": tracetest.KeepaliveDead().In,
		"window":    tracetest.ZeroWindow().In,
		"none":      tracetest.Handshake().In,
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			p := Backoff(trace.Build(in), 0, Options{})
			golden(t, "backoff-"+name+".svg", p.SVG())
			golden(t, "backoff-"+name+".txt", []byte(p.Text()))
			wellFormed(t, p.SVG())
			bounded(t, p.Text(), TextWidth)
			if _, err := p.PNG(1); err != nil {
				t.Error(err)
			}
		})
	}
	if p := Backoff(&trace.Trace{}, 3, Options{}); p.Desc != "Nothing was sent again." {
		t.Errorf("no flow: %q", p.Desc)
	}
}

func TestQueuesGolden(t *testing.T) {
	sockets := []Socket{
		{Host: "server", Name: "0.0.0.0:7777", State: "LISTEN", Listening: true, Accept: 3, AcceptMax: 3, SYN: 2, SYNMax: 0},
		{Host: "server", Name: "10.0.0.1:7777 ← 10.0.0.2:41522", State: "ESTABLISHED", Unread: 8192, RecvBuf: 8192, SendBuf: 87040},
		{Host: "client", Name: "10.0.0.2:41522 → 10.0.0.1:7777", State: "ESTABLISHED", Unacked: 4096, Unsent: 70000, SendBuf: 87040, RecvBuf: 131072, Unread: 1},
		{Host: "busy", Name: "[::]:80", State: "LISTEN", Listening: true, Accept: 700, AcceptMax: 4097, SYN: 12, SYNMax: 4096},
	}
	p := Queues(sockets, Options{})
	golden(t, "queues.svg", p.SVG())
	golden(t, "queues.txt", []byte(p.Text()))
	wellFormed(t, p.SVG())
	bounded(t, p.Text(), TextWidth)
	if _, err := p.PNG(1); err != nil {
		t.Error(err)
	}
	var many []Socket
	for i := range 1000 {
		many = append(many, Socket{Host: fmt.Sprint("h", i), Listening: i%2 == 0, Accept: i, SYN: -i})
	}
	for _, s := range [][]Socket{nil, many} {
		p := Queues(s, Options{TextWidth: MinTextWidth})
		wellFormed(t, p.SVG())
		bounded(t, p.Text(), MinTextWidth)
	}
}
