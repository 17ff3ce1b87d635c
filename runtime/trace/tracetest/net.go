// Package tracetest makes captures without a network, for the tests of
// everything that reads captures. New gives a wire with hosts; packets are
// written on it one by one, with a clock that only the test moves. Scenarios
// are the stories that the lessons tell.
//
// It does not imitate TCP: what a side sends, and when, the test says.
package tracetest

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// Epoch is when every Net's clock starts.
var Epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// Transit is how long a frame takes unless Delay says otherwise.
const Transit = 40 * time.Microsecond

// Net is a wire under construction; In is what has been captured so far.
type Net struct {
	In  trace.Input
	now time.Time
	ip  map[string][]netip.Addr
}

// New makes a wire. Each host is a name, or a name and its addresses.
func New(hosts ...string) *Net {
	n := &Net{now: Epoch, ip: map[string][]netip.Addr{}}
	for i, name := range hosts {
		addrs := []netip.Addr{netip.AddrFrom4([4]byte{10, 0, 0, byte(i + 1)}), netip.MustParseAddr(fmt.Sprintf("fd00::%x", i+1))}
		n.ip[name] = addrs
		n.In.Hosts = append(n.In.Hosts, trace.Host{Name: name, Addrs: addrs})
	}
	return n
}

// Wait moves the clock.
func (n *Net) Wait(d time.Duration) *Net { n.now = n.now.Add(d); return n }

// Now is the clock.
func (n *Net) Now() time.Time { return n.now }

// Note adds a sentence under the picture.
func (n *Net) Note(s string) *Net { n.In.Notes = append(n.In.Notes, s); return n }

// Mark says that something was done to a host, or to the wire if host is "".
func (n *Net) Mark(host, text string) {
	n.In.Marks = append(n.In.Marks, trace.Mark{Time: n.now, Host: host, Text: text,
		Down: text == "crashed" || text == "shut down", Up: text == "rebooted"})
}

// Call records a call that takes d; d < 0 means that it still waits.
func (n *Net) Call(c trace.Call, d time.Duration) {
	c.Begin = n.now
	if d >= 0 {
		c.End = n.now.Add(d)
	}
	n.In.Calls = append(n.In.Calls, c)
}

// Option changes one frame.
type Option func(*wire.Frame, *layers.TCP)

// Lost makes the wire lose the frame.
func Lost(by string) Option {
	return func(f *wire.Frame, _ *layers.TCP) { f.Fate, f.By, f.Arrived = wire.Dropped, by, time.Time{} }
}

// Delay is how long the frame is on its way.
func Delay(d time.Duration) Option {
	return func(f *wire.Frame, _ *layers.TCP) { f.Arrived = f.Time.Add(d) }
}

// Window sets the window field, as on the wire.
func Window(w uint16) Option { return func(_ *wire.Frame, t *layers.TCP) { t.Window = w } }

// Back moves the sequence number back, for probes and retransmissions.
func Back(n uint32) Option { return func(_ *wire.Frame, t *layers.TCP) { t.Seq -= n } }

// Before gives the states at the sender and at the receiver before the frame
// is passed on.
func Before(sender, receiver wire.State) Option {
	return func(f *wire.Frame, _ *layers.TCP) { f.Before = samples(sender, receiver) }
}

// After gives the states once it has arrived.
func After(sender, receiver wire.State) Option {
	return func(f *wire.Frame, _ *layers.TCP) { f.After = samples(sender, receiver) }
}

func samples(a, b wire.State) []wire.Sample { return []wire.Sample{{State: a}, {State: b}} }

// frame captures layers as one frame from one host to another.
func (n *Net) frame(from, to string, ls ...gopacket.SerializableLayer) *wire.Frame {
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ls...); err != nil {
		panic(fmt.Sprintf("tracetest: frame that cannot be: %v", err))
	}
	k := uint64(len(n.In.Frames) + 1)
	n.In.Frames = append(n.In.Frames, wire.Frame{Seq: k, Sent: k, Time: n.now, Arrived: n.now.Add(Transit), From: from, To: to,
		Data: buf.Bytes(), Len: len(buf.Bytes()), Fate: wire.Delivered})
	return &n.In.Frames[len(n.In.Frames)-1]
}

func (n *Net) index(host string) byte {
	for i, h := range n.In.Hosts {
		if h.Name == host {
			return byte(i + 1)
		}
	}
	return 0x99
}

func (n *Net) ether(from, to string, t layers.EthernetType) *layers.Ethernet {
	dst := []byte{2, 0, 0, 0, 0, n.index(to)}
	if to == "*" {
		dst = []byte{255, 255, 255, 255, 255, 255}
	}
	return &layers.Ethernet{SrcMAC: []byte{2, 0, 0, 0, 0, n.index(from)}, DstMAC: dst, EthernetType: t}
}

// ip returns the network layers from one address to another.
func (n *Net) layers(from, to string, src, dst netip.Addr, p layers.IPProtocol) (*layers.Ethernet, gopacket.SerializableLayer, gopacket.NetworkLayer) {
	if src.Is4() {
		ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: p, SrcIP: src.AsSlice(), DstIP: dst.AsSlice(), Flags: layers.IPv4DontFragment}
		return n.ether(from, to, layers.EthernetTypeIPv4), ip, ip
	}
	ip := &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: p, SrcIP: src.AsSlice(), DstIP: dst.AsSlice()}
	return n.ether(from, to, layers.EthernetTypeIPv6), ip, ip
}

// Conn is a TCP connection; side 0 is the one that opens it.
type Conn struct {
	n     *Net
	hosts [2]string
	Addr  [2]netip.AddrPort
	next  [2]uint32 // sequence number that each side sends next
	seen  [2]uint32 // and expects next
	win   [2]uint16
}

// TCP makes a connection between ports of two hosts, over IPv4.
func (n *Net) TCP(client string, cport uint16, server string, sport uint16) *Conn {
	return n.tcp(client, cport, server, sport, 0)
}

// TCP6 is TCP over IPv6.
func (n *Net) TCP6(client string, cport uint16, server string, sport uint16) *Conn {
	return n.tcp(client, cport, server, sport, 1)
}

func (n *Net) tcp(client string, cport uint16, server string, sport uint16, family int) *Conn {
	return &Conn{n: n, hosts: [2]string{client, server},
		Addr: [2]netip.AddrPort{netip.AddrPortFrom(n.ip[client][family], cport), netip.AddrPortFrom(n.ip[server][family], sport)},
		next: [2]uint32{4_000_000_000 + uint32(cport), 77_000 + uint32(cport)}, win: [2]uint16{502, 509}}
}

// Send puts a segment of size bytes on the wire. Unless told otherwise by an
// option, it carries the next sequence number and acknowledges all that has
// arrived.
func (c *Conn) Send(side int, flags packet.Flags, size int, opts ...Option) {
	t := &layers.TCP{SrcPort: layers.TCPPort(c.Addr[side].Port()), DstPort: layers.TCPPort(c.Addr[1-side].Port()),
		Seq: c.next[side], Window: c.win[side],
		SYN: flags.Has(packet.SYN), FIN: flags.Has(packet.FIN), RST: flags.Has(packet.RST), PSH: flags.Has(packet.PSH), ACK: flags.Has(packet.ACK)}
	if t.ACK {
		t.Ack = c.seen[side]
	}
	if t.SYN {
		t.Window = 64240
		t.Options = []layers.TCPOption{{OptionType: layers.TCPOptionKindMSS, OptionData: []byte{5, 180}}, {OptionType: layers.TCPOptionKindSACKPermitted},
			{OptionType: layers.TCPOptionKindNop}, {OptionType: layers.TCPOptionKindWindowScale, OptionData: []byte{7}}}
	}
	for _, o := range opts {
		o(&wire.Frame{}, t)
	}
	again := t.Seq != c.next[side]
	eth, ip, nl := c.n.layers(c.hosts[side], c.hosts[1-side], c.Addr[side].Addr(), c.Addr[1-side].Addr(), layers.IPProtocolTCP)
	if err := t.SetNetworkLayerForChecksum(nl); err != nil {
		panic(err)
	}
	f := c.n.frame(c.hosts[side], c.hosts[1-side], eth, ip, t, gopacket.Payload(make([]byte, size)))
	for _, o := range opts {
		o(f, &layers.TCP{})
	}
	for _, s := range [][]wire.Sample{f.Before, f.After} {
		for k := range s {
			end := side ^ k
			s[k].Host, s[k].Local, s[k].Remote = c.hosts[end], c.Addr[end], c.Addr[1-end]
		}
	}
	n := (&packet.TCPInfo{Flags: flags, Size: size}).Len()
	if !again {
		c.next[side] += n
	}
	if end := t.Seq + n; f.Fate == wire.Delivered && n > 0 && (int32(end-c.seen[1-side]) > 0 || t.SYN) {
		c.seen[1-side] = end
	}
}

// Open makes the handshake, one step each 50 µs.
func (c *Conn) Open() *Conn {
	c.Send(0, packet.SYN, 0)
	c.n.Wait(50 * time.Microsecond)
	c.Send(1, packet.SYN|packet.ACK, 0)
	c.n.Wait(50 * time.Microsecond)
	c.Send(0, packet.ACK, 0)
	c.n.Wait(50 * time.Microsecond)
	return c
}

// Data sends size bytes from a side and has them acknowledged.
func (c *Conn) Data(side, size int) {
	c.Send(side, packet.PSH|packet.ACK, size)
	c.n.Wait(50 * time.Microsecond)
	c.Send(1-side, packet.ACK, 0)
	c.n.Wait(50 * time.Microsecond)
}

// UDP sends a datagram.
func (n *Net) UDP(from string, fport uint16, to string, tport uint16, size int, opts ...Option) *wire.Frame {
	src, dst := n.ip[from][0], n.ip[to][0]
	u := &layers.UDP{SrcPort: layers.UDPPort(fport), DstPort: layers.UDPPort(tport)}
	eth, ip, nl := n.layers(from, to, src, dst, layers.IPProtocolUDP)
	if err := u.SetNetworkLayerForChecksum(nl); err != nil {
		panic(err)
	}
	f := n.frame(from, to, eth, ip, u, gopacket.Payload(make([]byte, size)))
	for _, o := range opts {
		o(f, &layers.TCP{})
	}
	return f
}

// Unreachable answers a frame with an ICMP error of a code from a host, or
// from the hub if from is wire.Router.
func (n *Net) Unreachable(about *wire.Frame, from string, code uint8) {
	quote := about.Data[14:min(len(about.Data), 14+28)]
	src := netip.MustParseAddr("10.0.0.254")
	if a, ok := n.ip[from]; ok {
		src = a[0]
	}
	eth, ip, _ := n.layers(from, about.From, src, n.ip[about.From][0], layers.IPProtocolICMPv4)
	f := n.frame(from, about.From, eth, ip, &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, code)}, gopacket.Payload(quote))
	f.Made = from == wire.Router
}

// Ping sends an echo request, or a reply.
func (n *Net) Ping(from, to string, reply bool, seq uint16) {
	typ := uint8(8)
	if reply {
		typ = 0
	}
	eth, ip, _ := n.layers(from, to, n.ip[from][0], n.ip[to][0], layers.IPProtocolICMPv4)
	n.frame(from, to, eth, ip, &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(typ, 0), Id: 7, Seq: seq}, gopacket.Payload(make([]byte, 56)))
}

// WhoHas asks all other hosts for an address; fates of the copies can be
// changed by opts.
func (n *Net) WhoHas(from string, target netip.Addr, opts ...Option) {
	var first *wire.Frame
	for _, h := range n.In.Hosts {
		if h.Name == from {
			continue
		}
		f := n.frame(from, h.Name, n.ether(from, "*", layers.EthernetTypeARP), n.arp(from, layers.ARPRequest, make([]byte, 6), target))
		if first != nil {
			f.Sent = first.Sent
		}
		first = f
		for _, o := range opts {
			o(f, &layers.TCP{})
		}
	}
}

// IsAt answers an ARP request.
func (n *Net) IsAt(from, to string) {
	n.frame(from, to, n.ether(from, to, layers.EthernetTypeARP), n.arp(from, layers.ARPReply, []byte{2, 0, 0, 0, 0, n.index(to)}, n.ip[to][0]))
}

func (n *Net) arp(from string, op uint16, mac []byte, target netip.Addr) *layers.ARP {
	return &layers.ARP{AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4, Operation: op,
		SourceHwAddress: []byte{2, 0, 0, 0, 0, n.index(from)}, SourceProtAddress: n.ip[from][0].AsSlice(), DstHwAddress: mac, DstProtAddress: target.AsSlice()}
}

// Solicit asks by IPv6 for the hardware address of a host.
func (n *Net) Solicit(from, to string) {
	src, dst := n.ip[from][1], n.ip[to][1]
	eth, ip, nl := n.layers(from, to, src, dst, layers.IPProtocolICMPv6)
	ic := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(layers.ICMPv6TypeNeighborSolicitation, 0)}
	if err := ic.SetNetworkLayerForChecksum(nl); err != nil {
		panic(err)
	}
	n.frame(from, to, eth, ip, ic, &layers.ICMPv6NeighborSolicitation{TargetAddress: dst.AsSlice()})
}

// Advertise answers Solicit.
func (n *Net) Advertise(from, to string) {
	src, dst := n.ip[from][1], n.ip[to][1]
	eth, ip, nl := n.layers(from, to, src, dst, layers.IPProtocolICMPv6)
	ic := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(layers.ICMPv6TypeNeighborAdvertisement, 0)}
	if err := ic.SetNetworkLayerForChecksum(nl); err != nil {
		panic(err)
	}
	n.frame(from, to, eth, ip, ic, &layers.ICMPv6NeighborAdvertisement{Flags: 0x60, TargetAddress: src.AsSlice()})
}
