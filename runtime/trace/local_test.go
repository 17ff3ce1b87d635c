package trace_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
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

// TestEnds: ends without ports are known from the calls that made them, and a
// socket by its inode before it has a port.
func TestEnds(t *testing.T) {
	at := time.Unix(100, 0)
	lo := func(port uint16) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), port)
	}
	any := func(port uint16) netip.AddrPort { return netip.AddrPortFrom(netip.IPv4Unspecified(), port) }
	tests := map[string]struct {
		calls []trace.Call
		want  string
	}{
		"socket pair": {[]trace.Call{
			{Name: "socketpair", Inode: 1, Other: 2, FD: 3, Second: 4},
			{Kind: trace.Send, Inode: 1, FD: 3, Bytes: 5},
			{Kind: trace.Send, Inode: 2, FD: 4, Bytes: 6},
			{Kind: trace.Close, Inode: 2, FD: 4},
		}, "a fd 3 > a fd 4: 5 B; a fd 4 > a fd 3: 6 B; a fd 4 > a fd 3: close"},
		"the other end in another process": {[]trace.Call{
			{Name: "socketpair", Inode: 1, Other: 2, FD: 3, Second: 4},
			{Worker: "b", Kind: trace.Send, Inode: 2, FD: 3, Bytes: 6},
			{Worker: "b", Kind: trace.Receive, Inode: 2, FD: 3},
		}, "b fd 4 > a fd 3: 6 B"},
		"pipe": {[]trace.Call{
			{Kind: trace.Send, Inode: 1, FD: 4, Pipe: true, Bytes: 3},
			{Kind: trace.Receive, Inode: 1, FD: 3, Pipe: true},
			{Kind: trace.Close, Inode: 1, FD: 4, Pipe: true},
		}, "a pipe, fd 4 > a pipe, fd 3: 3 B; a pipe, fd 4 > a pipe, fd 3: close"},
		"listener with a path": {[]trace.Call{
			{Name: "listen", Inode: 1, FD: 3, Socket: "/s"},
			{Worker: "b", Kind: trace.Connect, Inode: 2, FD: 3, Peer: "/s"},
			{Kind: trace.Accept, Inode: 3, FD: 4, Socket: "/s"},
			{Kind: trace.Send, Inode: 3, FD: 4, Socket: "/s", Bytes: 1},
			{Worker: "b", Kind: trace.Send, Inode: 2, FD: 3, Peer: "/s", Bytes: 2},
		}, "b fd 3 > a /s: connect; a /s > b fd 3: 1 B; b fd 3 > a /s: 2 B"},
		"TCP before it has a port": {[]trace.Call{
			{Name: "socket", Inode: 1, Proto: packet.TCP, Local: any(0)},
			{Name: "listen", Inode: 1, Proto: packet.TCP, Local: any(7)},
			{Kind: trace.Connect, Inode: 2, Proto: packet.TCP, Local: lo(9), Remote: lo(7)},
			{Kind: trace.Close, Inode: 1, Proto: packet.TCP, Local: any(7)},
		}, "a 127.0.0.1:9 > a 127.0.0.1:7: connect"},
		"UDP has nothing to close": {[]trace.Call{
			{Kind: trace.Connect, Proto: packet.UDP, Local: lo(9), Remote: lo(7)},
			{Kind: trace.Send, Proto: packet.UDP, Local: lo(9), Remote: lo(7), Bytes: 4},
			{Kind: trace.Close, Proto: packet.UDP, Local: lo(9), Remote: lo(7)},
		}, "a 127.0.0.1:9 > ? 127.0.0.1:7: 4 B"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for i := range test.calls {
				c := &test.calls[i]
				c.Begin, c.End, c.Host = at.Add(time.Duration(i)), at.Add(time.Duration(i)), "local"
				if c.Worker == "" {
					c.Worker = "a"
				}
			}
			tr := trace.Local(test.calls, at)
			check(t, tr)
			var got []string
			for _, p := range tr.Packets {
				end := func(h int) string { return tr.Hosts[h].Name + " " + tr.Hosts[h].Where }
				got = append(got, fmt.Sprintf("%s > %s: %s", end(p.From), end(p.Arrivals[0].To), p.Message))
			}
			if s := strings.Join(got, "; "); s != test.want {
				t.Errorf("%s, want %s", s, test.want)
			}
		})
	}
}
