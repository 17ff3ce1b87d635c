package trace_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/tracetest"
)

func TestLocal(t *testing.T) {
	tr := trace.Local(tracetest.LocalCalls(), time.Time{})
	check(t, tr)
	var got []string
	name := func(h int) string { return tr.Hosts[h].Name + " " + tr.Hosts[h].Where }
	for _, p := range tr.Packets {
		to := "nobody"
		if h := p.Arrivals[0].To; h >= 0 {
			to = name(h)
		}
		got = append(got, fmt.Sprintf("%s > %s: %s %v", name(p.From), to, p.Message, p.Lost()))
	}
	want := []string{
		"main 127.0.0.1:40000 > main 127.0.0.1:7777: connect false",
		"main 127.0.0.1:40000 > main 127.0.0.1:7777: 6 B false",
		"main 127.0.0.1:7777 > main 127.0.0.1:40000: 6 B false",
		"main 127.0.0.1:40000 > main 127.0.0.1:7777: no more bytes false",
		"main 127.0.0.1:40001 > ? 127.0.0.1:9: connect true",
		"child @name > main fd 7: 3 B false",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
	// More sockets than rails, and calls that say nothing.
	var many []trace.Call
	for i := range 1000 {
		many = append(many, trace.Call{Begin: time.Unix(int64(i), 0), Kind: trace.CallKind(i % 9),
			Local: netip.AddrPortFrom(netip.IPv6Loopback(), uint16(i)), Remote: netip.AddrPortFrom(netip.IPv6Loopback(), uint16(i+1))})
	}
	many = append(many, trace.Call{})
	check(t, trace.Local(many, time.Unix(500, 0)))
	check(t, trace.Local(nil, time.Time{}))
}
