package interp

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sockbook/kernel/interp/internal/traffic"
	"sockbook/runtime/sock"
)

//go:embed internal/traffic/traffic.go
var trafficText string

// BenchmarkSockets compares sockets in cells with compiled Go, both ends of a
// connection over loopback in one process: streams of 64 KiB writes by bytes a
// second (aim: at least 0.9 of compiled Go's), and a byte back and forth by
// time (aim: at most 1.3 times compiled Go's). Runs alternate, and which side
// is first does too; the ratio is the median of those of neighbours, which
// other work on the machine slows down alike. Beside it are the best of each side.
func BenchmarkSockets(b *testing.B) {
	if err := sock.Hook(); err != nil {
		b.Fatal(err)
	}
	m := New(Options{})
	_, text, _ := strings.Cut(trafficText, "package traffic")
	if _, err := m.Run("traffic", text); err != nil {
		b.Fatal(err)
	}
	const writes, pings, rounds = 400, 1000, 50
	for _, test := range []struct {
		name     string
		compiled func() time.Duration
		cell     string
		stream   bool
	}{
		{"stream/unix", func() time.Duration { return traffic.RawStream(writes, 64<<10) }, fmt.Sprintf("RawStream(%d, 64<<10)", writes), true},
		{"stream/net", func() time.Duration { return traffic.NetStream(writes, 64<<10) }, fmt.Sprintf("NetStream(%d, 64<<10)", writes), true},
		{"ping/unix", func() time.Duration { return traffic.RawPing(pings) }, fmt.Sprintf("RawPing(%d)", pings), false},
		{"ping/net", func() time.Duration { return traffic.NetPing(pings) }, fmt.Sprintf("NetPing(%d)", pings), false},
	} {
		b.Run(test.name, func(b *testing.B) {
			cell := func() time.Duration {
				v, err := m.Run("c", test.cell)
				if err != nil {
					b.Fatal(err)
				}
				return v.values[0].(time.Duration)
			}
			var compiled, cells []time.Duration
			var ratios []float64 // of time
			for b.Loop() {
				for i := range rounds {
					var c, t time.Duration
					if i%2 == 0 {
						c, t = test.compiled(), cell()
					} else {
						t, c = cell(), test.compiled()
					}
					compiled, cells, ratios = append(compiled, c), append(cells, t), append(ratios, t.Seconds()/c.Seconds())
				}
			}
			slices.Sort(ratios)
			ratio := ratios[len(ratios)/2]
			c, t := slices.Min(compiled), slices.Min(cells)
			b.ReportMetric(0, "ns/op")
			if test.stream {
				b.ReportMetric(writes*64/1024/c.Seconds(), "compiled-MiB/s")
				b.ReportMetric(writes*64/1024/t.Seconds(), "cell-MiB/s")
				b.ReportMetric(1/ratio, "cell/compiled")
				return
			}
			b.ReportMetric(float64(c.Microseconds())/pings, "compiled-µs")
			b.ReportMetric(float64(t.Microseconds())/pings, "cell-µs")
			b.ReportMetric(ratio, "cell/compiled")
		})
	}
}
