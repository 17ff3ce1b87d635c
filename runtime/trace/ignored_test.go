package trace_test

import (
	"testing"
	"time"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/trace/tracetest"
)

// A SYN that a full accept queue ignores is not one that the receiver had; one
// whose SYN-ACK was lost is.
func TestIgnoredSYN(t *testing.T) {
	for _, answered := range []bool{false, true} {
		n := tracetest.New("client", "server")
		c := n.TCP("client", 41524, "server", 7777)
		c.Send(0, packet.SYN, 0)
		n.Wait(time.Millisecond)
		if answered {
			c.Send(1, packet.SYN|packet.ACK, 0, tracetest.Lost("drop"))
		}
		n.Wait(time.Second)
		c.Send(0, packet.SYN, 0, tracetest.Back(1))
		tr := trace.Build(n.In)
		want := "retransmission 1, ignored earlier"
		if answered {
			want = "retransmission 1, receiver had it"
		}
		if got := tr.Packets[len(tr.Packets)-1].Remarks(); got != want {
			t.Errorf("answered %v: %q, want %q", answered, got, want)
		}
	}
}
