package tracetest

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// Scenario is a story that a picture must tell.
type Scenario struct {
	Name string // fit for a file name
	In   trace.Input
}

const (
	syn    = packet.SYN
	synAck = packet.SYN | packet.ACK
	ack    = packet.ACK
	psh    = packet.PSH | packet.ACK
	fin    = packet.FIN | packet.ACK
	rst    = packet.RST
	rstAck = packet.RST | packet.ACK

	ms   = time.Millisecond
	tick = 50 * time.Microsecond
)

// Scenarios returns all of them, always the same.
func Scenarios() []Scenario {
	var all []Scenario
	for _, s := range []struct {
		name string
		make func() *Net
	}{
		{"empty", func() *Net { return New("client", "server") }},
		{"handshake-and-close", Handshake}, {"sampled-states", Sampled}, {"refused", Refused}, {"crash", Crash},
		{"simultaneous-close", SimultaneousClose}, {"zero-window", ZeroWindow}, {"keepalive", Keepalive}, {"keepalive-dead", KeepaliveDead},
		{"reboot", Reboot}, {"linger-zero", LingerZero}, {"udp-unreachable", UDPUnreachable}, {"arp-failure", ARPFailure},
		{"router-unreachable", RouterUnreachable}, {"ipv6", IPv6}, {"three-hosts", ThreeHosts}, {"reordered", Reordered},
		{"bulk", Bulk}, {"backlog", Backlog}, {"syn-flood", SYNFlood}, {"thousand-connections", Thousand}, {"longest-labels", LongestLabels},
	} {
		all = append(all, Scenario{s.name, s.make().In})
	}
	return all
}

func call(host string, kind trace.CallKind, name, args string, line int, c *Conn, side int) trace.Call {
	out := trace.Call{Host: host, Kind: kind, Name: name, Args: args, Cell: 7, Line: line}
	if c != nil {
		out.Proto, out.Local, out.Remote = packet.TCP, c.Addr[side], c.Addr[1-side]
	}
	return out
}

// Handshake opens a connection, echoes a line and closes it, client first.
func Handshake() *Net {
	n := New("server", "client")
	n.In.Hosts[0], n.In.Hosts[1] = n.In.Hosts[1], n.In.Hosts[0]
	c := n.TCP("client", 41522, "server", 7777)
	n.Call(trace.Call{Host: "server", Kind: trace.Accept, Name: "Accept", Cell: 6, Line: 5, Proto: packet.TCP, Local: c.Addr[1], Remote: c.Addr[0]}, 150*time.Microsecond)
	n.Call(call("client", trace.Connect, "Dial", "", 1, c, 0), 100*time.Microsecond)
	c.Open()
	w := call("client", trace.Send, "Write", "6 B", 5, c, 0)
	w.Bytes = 6
	n.Call(w, 10*time.Microsecond)
	c.Data(0, 6)
	w = call("server", trace.Send, "Write", "6 B", 11, c, 1)
	w.Bytes, w.Cell = 6, 6
	n.Call(w, 10*time.Microsecond)
	c.Data(1, 6)
	n.Wait(3 * ms)
	n.Call(call("client", trace.Close, "Close", "", 8, c, 0), 10*time.Microsecond)
	c.Send(0, fin, 0)
	n.Wait(tick)
	c.Send(1, ack, 0)
	n.Wait(2 * ms)
	cl := call("server", trace.Close, "Close", "", 12, c, 1)
	cl.Cell = 6
	n.Call(cl, 10*time.Microsecond)
	c.Send(1, fin, 0)
	n.Wait(tick)
	c.Send(0, ack, 0)
	return n
}

// Sampled is a connection of which the hosts told every state.
func Sampled() *Net {
	n := New("client", "server")
	c := n.TCP("client", 41522, "server", 7777)
	c.Send(0, syn, 0, Before(wire.SynSent, wire.Closed), After(wire.SynSent, wire.SynRecv))
	n.Wait(tick)
	c.Send(1, synAck, 0, Before(wire.SynRecv, wire.SynSent), After(wire.SynRecv, wire.Established))
	n.Wait(tick)
	c.Send(0, ack, 0, Before(wire.Established, wire.SynRecv), After(wire.Established, wire.Established))
	n.Wait(tick)
	// The server has closed already when its data passes.
	c.Send(1, psh, 5, Before(wire.FinWait1, wire.Established), After(wire.FinWait1, wire.Established))
	c.Send(1, fin, 0, Before(wire.FinWait1, wire.Established), After(wire.FinWait2, wire.CloseWait))
	n.Wait(tick)
	c.Send(0, ack, 0, Before(wire.CloseWait, wire.FinWait1), After(wire.CloseWait, wire.FinWait2))
	n.Wait(5 * ms)
	c.Send(0, fin, 0, Before(wire.LastAck, wire.FinWait2), After(wire.LastAck, wire.TimeWait))
	n.Wait(tick)
	c.Send(1, ack, 0, Before(wire.TimeWait, wire.LastAck), After(wire.TimeWait, wire.Closed))
	return n
}

// Refused is a connect to a port where nobody listens.
func Refused() *Net {
	n := New("client", "server")
	c := n.TCP("client", 41522, "server", 9999)
	k := call("client", trace.Connect, "connect", "", 3, c, 0)
	k.Result, k.Failed = "ECONNREFUSED", true
	n.Call(k, 120*time.Microsecond)
	c.Send(0, syn, 0)
	n.Wait(tick)
	c.next[1] = 0
	c.Send(1, rstAck, 0, Window(0))
	return n
}

// Crash is lesson 10's: the server's host loses power, the client writes.
func Crash() *Net {
	n := New("server", "client")
	n.In.Hosts[0], n.In.Hosts[1] = n.In.Hosts[1], n.In.Hosts[0]
	n.Note("tcp_retries2 is 3 here; Linux's own 15 would make this take about 15 minutes")
	c := n.TCP("client", 41522, "server", 7777).Open()
	c.Data(0, 6)
	c.Data(1, 6)
	n.Wait(2 * time.Second)
	n.Mark("server", "crashed")
	n.Wait(time.Second)
	n.In.From = n.Now()
	w := call("client", trace.Send, "Write", "14 B", 3, c, 0)
	w.Bytes = 14
	n.Call(w, 20*time.Microsecond)
	c.Send(0, psh, 14, Lost("crash server"))
	r := call("client", trace.Receive, "Read", "", 4, c, 0)
	r.Result, r.Failed = "ETIMEDOUT", true
	n.Wait(30 * time.Microsecond)
	n.Call(r, 1700*ms)
	for _, d := range []time.Duration{204, 216, 432} {
		n.Wait(d * ms)
		c.Send(0, psh, 14, Back(14), Lost("crash server"))
	}
	return n
}

// SimultaneousClose has two FINs crossing on a wire with 20 ms delay.
func SimultaneousClose() *Net {
	n := New("client", "server")
	c := n.TCP("client", 41522, "server", 7777).Open()
	n.Wait(5 * ms)
	c.Send(0, fin, 0, Delay(20*ms))
	n.Wait(2 * ms)
	seen := c.seen[1]
	c.seen[1]-- // the client's FIN is still under way
	c.Send(1, fin, 0, Delay(20*ms))
	c.seen[1] = seen
	n.Wait(18*ms + tick)
	c.Send(1, ack, 0, Delay(20*ms))
	n.Wait(2 * ms)
	c.Send(0, ack, 0, Delay(20*ms))
	return n
}

// ZeroWindow is a receiver that does not read for a while.
func ZeroWindow() *Net {
	n := New("client", "server")
	c := n.TCP("client", 41522, "server", 7777).Open()
	c.win[1] = 16
	c.Send(1, ack, 0)
	n.Wait(tick)
	c.Send(0, psh, 1024)
	n.Wait(tick)
	c.Send(1, ack, 0, Window(8))
	n.Wait(tick)
	c.Send(0, psh, 1024)
	n.Wait(40 * ms)
	c.Send(1, ack, 0, Window(0))
	for i, d := range []time.Duration{204, 416, 832} {
		n.Wait(d * ms)
		c.Send(0, ack, 0, Back(1))
		n.Wait(tick)
		if i == 2 {
			c.Send(1, ack, 0, Window(0), Lost("drop server client next ACK"))
			break
		}
		c.Send(1, ack, 0, Window(0))
	}
	n.Wait(300 * ms)
	c.Send(1, ack, 0, Window(16))
	n.Wait(tick)
	c.Data(0, 700)
	return n
}

// Keepalive is a connection that stays idle and is asked whether it is alive.
func Keepalive() *Net {
	n := New("client", "server")
	c := n.TCP("client", 41522, "server", 7777).Open()
	c.Data(0, 4)
	for range 3 {
		n.Wait(15 * time.Second)
		c.Send(0, ack, 0, Back(1))
		n.Wait(tick)
		c.Send(1, ack, 0)
	}
	return n
}

// KeepaliveDead is the same with nobody there any more.
func KeepaliveDead() *Net {
	n := New("client", "server")
	c := n.TCP("client", 41522, "server", 7777).Open()
	r := call("client", trace.Receive, "Read", "", 4, c, 0)
	r.Result, r.Failed = "ETIMEDOUT", true
	n.Call(r, 4000*ms+400*time.Microsecond)
	n.Wait(500 * ms)
	n.Mark("server", "crashed")
	n.Wait(500 * ms)
	for range 3 {
		c.Send(0, ack, 0, Back(1), Lost("crash server"))
		n.Wait(time.Second)
	}
	c.Send(0, rstAck, 0, Lost("crash server"))
	return n
}

// Reboot is a server host that comes back without its connections.
func Reboot() *Net {
	n := New("client", "server")
	c := n.TCP("client", 41522, "server", 7777).Open()
	n.Wait(100 * ms)
	n.Mark("server", "crashed")
	n.Wait(400 * ms)
	n.Mark("server", "rebooted")
	n.Wait(100 * ms)
	w := call("client", trace.Send, "Write", "5 B", 3, c, 0)
	w.Bytes = 5
	n.Call(w, 10*time.Microsecond)
	c.Send(0, psh, 5, Before(wire.Established, wire.Closed), After(wire.Established, wire.Closed))
	n.Wait(tick)
	c.Send(1, rst, 0, Window(0))
	return n
}

// LingerZero closes with SO_LINGER 0.
func LingerZero() *Net {
	n := New("client", "server")
	c := n.TCP("client", 41522, "server", 7777).Open()
	c.Data(0, 100)
	n.Call(call("client", trace.Close, "Close", "", 9, c, 0), 10*time.Microsecond)
	c.Send(0, rstAck, 0)
	return n
}

// UDPUnreachable sends datagrams to a port that nobody has.
func UDPUnreachable() *Net {
	n := New("client", "server")
	f := *n.UDP("client", 50123, "server", 5353, 12)
	n.Wait(tick)
	n.Unreachable(&f, "server", 3)
	n.Wait(10 * ms)
	n.UDP("client", 50124, "server", 53, 30)
	n.Wait(tick)
	n.UDP("server", 53, "client", 50124, 512)
	n.Wait(10 * ms)
	n.UDP("client", 50124, "server", 53, 30, Lost("drop client server 2nd UDP"))
	n.Wait(10 * ms)
	n.Ping("client", "server", false, 1)
	n.Wait(tick)
	n.Ping("server", "client", true, 1)
	return n
}

// ARPFailure asks for a host that is down.
func ARPFailure() *Net {
	n := New("client", "server", "other")
	n.Mark("server", "crashed")
	n.Call(trace.Call{Host: "client", Kind: trace.Connect, Name: "connect", Cell: 3, Line: 2, Result: "EHOSTUNREACH", Failed: true,
		Proto: packet.TCP, Remote: netip.AddrPortFrom(n.ip["server"][0], 7777)}, 3072*ms)
	for range 3 {
		n.WhoHas("client", n.ip["server"][0])
		for i := range n.In.Frames {
			if f := &n.In.Frames[i]; f.To == "server" {
				Lost("crash server")(f, nil)
			}
		}
		n.Wait(1024 * ms)
	}
	return n
}

// RouterUnreachable is a hub that answers as a router.
func RouterUnreachable() *Net {
	n := New("client", "server")
	c := n.TCP("client", 41522, "server", 7777)
	k := call("client", trace.Connect, "connect", "", 3, c, 0)
	k.Result, k.Failed = "EHOSTUNREACH", true
	n.Call(k, 120*time.Microsecond)
	c.Send(0, syn, 0)
	f := &n.In.Frames[0]
	f.Fate, f.By, f.Arrived = wire.Refused, "unreachable server", time.Time{}
	n.Wait(tick)
	n.Unreachable(f, wire.Router, 1)
	return n
}

// IPv6 finds the neighbour and opens a connection.
func IPv6() *Net {
	n := New("client", "server")
	n.Solicit("client", "server")
	n.Wait(tick)
	n.Advertise("server", "client")
	n.Wait(tick)
	c := n.TCP6("client", 41522, "server", 7777)
	c.Open()
	c.Data(0, 10)
	return n
}

// ThreeHosts has a proxy in the middle.
func ThreeHosts() *Net {
	n := New("client", "proxy", "server")
	n.WhoHas("client", n.ip["proxy"][0])
	n.Wait(tick)
	n.IsAt("proxy", "client")
	n.Wait(tick)
	a := n.TCP("client", 41522, "proxy", 8080).Open()
	b := n.TCP("proxy", 52000, "server", 80).Open()
	a.Data(0, 120)
	b.Data(0, 150)
	d := n.TCP("client", 41600, "server", 80)
	d.Send(0, syn, 0)
	n.Wait(tick)
	d.Send(1, rstAck, 0)
	n.Wait(30 * ms)
	w := call("proxy", trace.Close, "Close", "", 4, b, 0)
	n.Call(w, tick)
	b.Send(0, fin, 0)
	return n
}

// Reordered loses a segment among others, which SACK and fast retransmit mend.
func Reordered() *Net {
	n := New("client", "server")
	c := n.TCP("client", 41522, "server", 7777).Open()
	c.Send(0, ack, 1000)
	c.Send(0, ack, 1000, Lost("drop client server 5th frame"))
	hold := c.seen[1]
	for range 3 {
		c.Send(0, ack, 1000)
		c.seen[1] = hold
		n.Wait(tick)
		c.Send(1, ack, 0)
	}
	n.Wait(tick)
	c.Send(1, ack, 0)
	n.Wait(tick)
	c.seen[1] = c.next[0]
	c.Send(0, ack, 1000, Back(4000))
	n.Wait(tick)
	c.seen[1] = c.next[0]
	c.Send(1, ack, 0)
	return n
}

// Bulk is 100 segments one way, with ACKs.
func Bulk() *Net {
	n := New("client", "server")
	c := n.TCP("client", 41522, "server", 7777).Open()
	for i := range 100 {
		c.Send(0, psh, 1448)
		n.Wait(10 * time.Microsecond)
		if i%2 == 1 {
			c.Send(1, ack, 0)
			n.Wait(10 * time.Microsecond)
		}
	}
	c.Send(0, fin, 0)
	return n
}

// Backlog is a third connection at a full accept queue of listen(fd, 1): its
// last ACK is thrown away and the server's host says so.
func Backlog() *Net {
	n := New("client", "server")
	c := n.TCP("client", 41524, "server", 7777)
	c.Send(0, syn, 0, Before(wire.SynSent, wire.Closed), After(wire.SynSent, wire.SynRecv))
	n.Wait(tick)
	c.Send(1, synAck, 0, Before(wire.SynRecv, wire.SynSent), After(wire.SynRecv, wire.Established))
	n.Wait(tick)
	c.Send(0, ack, 0, Before(wire.Established, wire.SynRecv), After(wire.Established, wire.SynRecv))
	n.Wait(1040 * ms)
	c.Send(1, synAck, 0, Back(1), Before(wire.SynRecv, wire.Established), After(wire.SynRecv, wire.Established))
	n.Wait(tick)
	c.Send(0, ack, 0, Before(wire.Established, wire.SynRecv), After(wire.Established, wire.SynRecv))
	n.Wait(3 * ms)
	c.Send(1, rst, 0, Before(wire.Closed, wire.Established), After(wire.Closed, wire.Closed))
	return n
}

// SYNFlood is 300 SYNs that are never completed.
func SYNFlood() *Net {
	n := New("attacker", "server")
	for i := range 300 {
		c := n.TCP("attacker", uint16(20000+i), "server", 80)
		c.Send(0, syn, 0)
		n.Wait(5 * time.Microsecond)
		if i < 256 {
			c.Send(1, synAck, 0)
		}
		n.Wait(5 * time.Microsecond)
	}
	return n
}

// Thousand is a thousand whole connections.
func Thousand() *Net {
	n := New("client", "server")
	for i := range 1000 {
		c := n.TCP("client", uint16(30000+i), "server", 80).Open()
		c.Send(0, fin, 0)
		n.Wait(tick)
		c.Send(1, fin, 0)
		n.Wait(tick)
		c.Send(0, ack, 0)
		n.Wait(tick)
	}
	return n
}

// LongestLabels is everything at once, with names as long as they come.
func LongestLabels() *Net {
	n := New(strings.Repeat("client-with-a-name-", 3)+"x", "b", strings.Repeat("server", 10), "d")
	a, z := n.In.Hosts[0].Name, n.In.Hosts[2].Name
	n.Note(strings.Repeat("A very long note under the picture that has to be broken into lines. ", 4))
	c := n.TCP6(a, 65535, z, 65534)
	k := call(a, trace.Connect, "net.DialTimeout", fmt.Sprintf("%q", strings.Repeat("long", 20)), 12345, c, 0)
	k.Result, k.Failed = "ECONNREFUSED", true
	n.Call(k, time.Hour)
	c.Send(0, syn|packet.URG|packet.ECE|packet.CWR|packet.PSH, 0, Lost("drop "+a+" "+z+" third SYN"))
	n.Wait(100 * time.Hour)
	c.Send(0, syn, 0, Back(1))
	n.Wait(tick)
	c.Send(1, synAck, 0)
	n.Wait(tick)
	c.Send(0, ack, 0)
	d := n.TCP("b", 1, "d", 2)
	d.Send(0, syn, 0)
	n.Wait(tick)
	d.Send(1, rstAck, 0)
	return n
}

// LocalCalls is an echo over loopback, a refused connect and a message over a
// UNIX-domain socket, all within one host, for trace.Local.
func LocalCalls() []trace.Call {
	n := New("local")
	lo := func(port uint16) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), port)
	}
	do := func(c trace.Call, d time.Duration) {
		c.Host, c.Cell = "main", 3
		if c.Worker == "child" {
			c.Cell = 4
		}
		n.Call(c, d)
		n.Wait(30 * time.Microsecond)
	}
	client, server := lo(40000), lo(7777)
	do(trace.Call{Kind: trace.Connect, Name: "Dial", Line: 9, Local: client, Remote: server}, tick)
	do(trace.Call{Kind: trace.Accept, Name: "Accept", Line: 3, Local: server, Remote: client}, tick)
	do(trace.Call{Kind: trace.Send, Name: "Write", Args: "6 B", Line: 10, Bytes: 6, Local: client, Remote: server}, tick)
	do(trace.Call{Kind: trace.Receive, Name: "Read", Line: 4, Bytes: 6, Result: "6 B", Local: server, Remote: client}, tick)
	do(trace.Call{Kind: trace.Send, Name: "Write", Args: "6 B", Line: 5, Bytes: 6, Local: server, Remote: client}, tick)
	do(trace.Call{Kind: trace.Receive, Name: "Read", Line: 11, Bytes: 6, Result: "6 B", Local: client, Remote: server}, tick)
	n.Wait(2 * ms)
	do(trace.Call{Kind: trace.Shutdown, Name: "CloseWrite", Line: 12, Local: client, Remote: server}, tick)
	do(trace.Call{Kind: trace.Connect, Name: "connect", Line: 20, Local: lo(40001), Remote: lo(9), Result: "ECONNREFUSED", Failed: true}, tick)
	do(trace.Call{Worker: "child", Kind: trace.Send, Name: "sendmsg", Args: "3 B", Line: 2, Bytes: 3, Socket: "@name", Peer: "fd 7"}, tick)
	do(trace.Call{Kind: trace.Receive, Name: "recvmsg", Line: 22, Bytes: 3, Result: "3 B", Socket: "fd 7", Peer: "@name"}, tick)
	return n.In.Calls
}
