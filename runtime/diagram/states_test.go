package diagram

import (
	"testing"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/tracetest"
)

func TestStatesGoldens(t *testing.T) {
	for _, s := range tracetest.Scenarios() {
		switch s.Name {
		case "handshake-and-close", "sampled-states", "refused", "crash", "simultaneous-close", "reboot", "backlog", "longest-labels":
		default:
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			p := States(trace.Build(s.In), 0, Options{})
			golden(t, "states-"+s.Name+".svg", p.SVG())
			golden(t, "states-"+s.Name+".txt", []byte(p.Text()))
			wellFormed(t, p.SVG())
			bounded(t, p.Text(), TextWidth)
			if _, err := p.PNG(1); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestStatesWithoutFlow: the figure alone.
func TestStatesWithoutFlow(t *testing.T) {
	p := States(trace.Build(trace.Input{}), -1, Options{})
	golden(t, "states.svg", p.SVG())
	golden(t, "states.txt", []byte(p.Text()))
	wellFormed(t, p.SVG())
	if udp := States(trace.Build(tracetest.UDPUnreachable().In), 0, Options{}); string(udp.SVG()) != string(p.SVG()) {
		t.Error("a UDP flow has no TCP states")
	}
}
