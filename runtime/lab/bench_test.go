package lab

import (
	"testing"

	"sockbook/runtime/wire"
)

// The time of a byte there and back between two hosts, with every frame
// captured and the states beside it.
func BenchmarkRoundTrip(b *testing.B) {
	x, client, server, c, s := connected(b)
	server.begin(agentCall{Call: "echo", FD: s})
	b.ResetTimer()
	client.must(agentCall{Call: "ping", FD: c, Args: []int{b.N}})
	b.StopTimer()
	report(b, x)
}

// Bulk from one host to another.
func BenchmarkThroughput(b *testing.B) {
	const size = 16 << 20
	x, client, server, c, s := connected(b)
	b.SetBytes(size)
	b.ResetTimer()
	for range b.N {
		sink := server.begin(agentCall{Call: "sink", FD: s, Args: []int{size}})
		client.must(agentCall{Call: "flood", FD: c, Args: []int{size}})
		server.end("sink", sink)
	}
	b.StopTimer()
	report(b, x)
}

func report(b *testing.B, x *rig) {
	m, err := x.Mark(x.ctx)
	x.ok(err)
	b.ReportMetric(float64(m.Lost), "lost-frames")
	b.ReportMetric(float64(m.Seq), "frames")
	var _ wire.Mark = m
}
