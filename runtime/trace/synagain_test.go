package trace_test

import (
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/trace/tracetest"
	"sockbook/runtime/wire"
)

// What is said of a SYN that comes again depends on the answer to the first.
func TestSYNAgain(t *testing.T) {
	old := func(_ *wire.Frame, h *layers.TCP) { h.Seq -= 70000; h.Ack -= 90000 }
	for answer, test := range map[string]struct {
		send        func(*tracetest.Conn)
		again, last string
	}{
		"none: the accept queue was full": {
			func(*tracetest.Conn) {}, "retransmission 1, ignored earlier", ""},
		"a SYN-ACK that got lost": {
			func(c *tracetest.Conn) { c.Send(1, packet.SYN|packet.ACK, 0, tracetest.Lost("drop")) },
			"retransmission 1, receiver had it", "retransmission 1"},
		"a challenge ACK of the connection before": {
			func(c *tracetest.Conn) { c.Send(1, packet.ACK, 0, old) }, "retransmission 1", ""},
	} {
		t.Run(answer, func(t *testing.T) {
			n := tracetest.New("client", "server")
			c := n.TCP("client", 41524, "server", 7777)
			c.Send(0, packet.SYN, 0)
			n.Wait(time.Millisecond)
			test.send(c)
			first := len(n.In.Frames)
			n.Wait(time.Second)
			c.Send(0, packet.SYN, 0, tracetest.Back(1))
			n.Wait(time.Millisecond)
			if first == 2 && test.last != "" {
				c.Send(1, packet.SYN|packet.ACK, 0, tracetest.Back(1))
			} else {
				c.Send(1, packet.SYN|packet.ACK, 0)
			}
			p := trace.Build(n.In).Packets
			if got := p[first].Remarks(); got != test.again {
				t.Errorf("the SYN: %q, want %q", got, test.again)
			}
			if got := p[first+1].Remarks(); got != test.last {
				t.Errorf("the SYN-ACK: %q, want %q", got, test.last)
			}
			if _, challenge := p[first-1].Has(trace.ChallengeAck); challenge != (answer == "a challenge ACK of the connection before") {
				t.Errorf("before it: %q", p[first-1].Remarks())
			}
		})
	}
}
