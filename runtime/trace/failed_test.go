package trace

import (
	"testing"
	"time"

	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// What a failed call says of its connection's state.
func TestFailedCall(t *testing.T) {
	tests := map[string]struct {
		state  wire.State
		result string
		closed bool
	}{
		"retransmissions given up":     {wire.Established, "ETIMEDOUT", true},
		"written after the peer's RST": {wire.CloseWait, "EPIPE", true},
		"written after shutdown":       {wire.FinWait2, "EPIPE", false},
		"written after both FINs":      {wire.TimeWait, "EPIPE", false},
		"no data yet":                  {wire.Established, "EAGAIN", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := &builder{t: &Trace{
				Flows: []Flow{{Kind: packet.TCP, Initial: [2]wire.State{test.state, wire.Established}}},
				Calls: []Call{{Failed: true, Result: test.result, End: time.Now()}},
			}}
			b.failed(0, 0, []int{0})
			if closed := len(b.t.States) == 1 && b.t.States[0].State == wire.Closed; closed != test.closed {
				t.Errorf("CLOSED: %t, want %t", closed, test.closed)
			}
		})
	}
}
