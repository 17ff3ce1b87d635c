package packet

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

var (
	macA = [6]byte{2, 0, 0, 0, 0, 2}
	macB = [6]byte{2, 0, 0, 0, 0, 1}
	ipA  = netip.MustParseAddr("10.0.0.2")
	ipB  = netip.MustParseAddr("10.0.0.1")
)

// frame serialises layers with lengths and checksums filled in.
func frame(t testing.TB, ls ...gopacket.SerializableLayer) []byte {
	t.Helper()
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true}, ls...); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func ether(t layers.EthernetType) *layers.Ethernet {
	return &layers.Ethernet{SrcMAC: macA[:], DstMAC: macB[:], EthernetType: t}
}

func ip4(p layers.IPProtocol) *layers.IPv4 {
	return &layers.IPv4{Version: 4, TTL: 64, Protocol: p, SrcIP: ipA.AsSlice(), DstIP: ipB.AsSlice()}
}

func synFrame(t testing.TB) []byte {
	return frame(t, ether(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), &layers.TCP{
		SrcPort: 40000, DstPort: 7, Seq: 1000, SYN: true, Window: 64240,
		Options: []layers.TCPOption{
			{OptionType: layers.TCPOptionKindMSS, OptionData: []byte{5, 180}},
			{OptionType: layers.TCPOptionKindSACKPermitted},
			{OptionType: layers.TCPOptionKindTimestamps, OptionData: []byte{0, 0, 0, 1, 0, 0, 0, 2}},
			{OptionType: layers.TCPOptionKindNop},
			{OptionType: layers.TCPOptionKindWindowScale, OptionData: []byte{7}},
		}})
}

func arpFrame(t testing.TB, op uint16, protSize uint8) []byte {
	return frame(t, ether(layers.EthernetTypeARP), &layers.ARP{
		AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: protSize,
		Operation: op, SourceHwAddress: macA[:], SourceProtAddress: make([]byte, protSize),
		DstHwAddress: make([]byte, 6), DstProtAddress: make([]byte, protSize)})
}

func TestMalformed(t *testing.T) {
	syn := synFrame(t)
	edit := func(at int, b byte) []byte {
		c := append([]byte(nil), syn...)
		c[at] = b
		return c
	}
	tests := []struct {
		name  string
		frame []byte
		want  string // part of Malformed
	}{
		{"nothing", nil, "Ethernet header cut short: 0 of 14"},
		{"13 bytes", syn[:13], "13 of 14"},
		{"no IP header", syn[:14], "IPv4"},
		{"half an IP header", syn[:24], "IPv4"},
		{"version 6 in an IPv4 frame", edit(14, 0x65), "version is 6"},
		{"header length 1", edit(14, 0x41), "IPv4"},
		{"half a TCP header", syn[:44], "TCP"},
		{"TCP data offset past the end", edit(46, 0xf0)[:54], "TCP"},
		{"TCP data offset 0", edit(46, 0), "TCP"},
		{"ARP for IPv6", arpFrame(t, layers.ARPRequest, 16), "not IPv4"},
		{"ARP operation 9", arpFrame(t, 9, 4), "operation 9"},
		{"half an ARP", arpFrame(t, layers.ARPRequest, 4)[:30], "ARP"},
		{"too long", make([]byte, MaxFrame+1), "longer than"},
		{"ICMP of 7 bytes", frame(t, ether(layers.EthernetTypeIPv4), ip4(layers.IPProtocolICMPv4), gopacket.Payload("1234567")), "ICMP"},
		{"UDP of 7 bytes", frame(t, ether(layers.EthernetTypeIPv4), ip4(layers.IPProtocolUDP), gopacket.Payload("1234567")), "UDP"},
		{"endless extension headers", frame(t, ether(layers.EthernetTypeIPv6), &layers.IPv6{Version: 6, NextHeader: layers.IPProtocolIPv6Destination,
			SrcIP: make([]byte, 16), DstIP: make([]byte, 16)}, gopacket.Payload(strings.Repeat("\x3c\x00\x00\x00\x00\x00\x00\x00", 9))), "too many"},
		{"extension header cut short", frame(t, ether(layers.EthernetTypeIPv6), &layers.IPv6{Version: 6, NextHeader: layers.IPProtocolIPv6Routing,
			SrcIP: make([]byte, 16), DstIP: make([]byte, 16)}, gopacket.Payload("\x06\x01\x00\x00\x00\x00\x00\x00")), "cut short"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if p := Decode(tt.frame); !strings.Contains(p.Malformed, tt.want) || p.Malformed == "" {
				t.Errorf("Malformed = %q, want %q in it", p.Malformed, tt.want)
			}
		})
	}
}

func TestDecodeTCP(t *testing.T) {
	p := Decode(synFrame(t))
	if p.Kind != TCP || p.Malformed != "" {
		t.Fatalf("Kind %v, Malformed %q", p.Kind, p.Malformed)
	}
	want := Packet{Kind: TCP, SrcMAC: macA, DstMAC: macB, EtherType: 0x0800, Src: ipA, Dst: ipB, Protocol: 6, TTL: 64, Length: len(synFrame(t)),
		TCP: &TCPInfo{SrcPort: 40000, DstPort: 7, Seq: 1000, Flags: SYN, Window: 64240, Payload: []byte{},
			Options: Options{MSS: 1460, WindowScale: 7, SACKPermitted: true, Timestamps: true, TSVal: 1, TSEcr: 2}}}
	if d := cmp.Diff(want, p, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); d != "" {
		t.Error(d)
	}
	if p.TCP.Len() != 1 {
		t.Errorf("a SYN takes %d sequence numbers, want 1", p.TCP.Len())
	}
}

func TestDecodeStripsPadding(t *testing.T) {
	f := frame(t, ether(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), &layers.TCP{ACK: true})
	f = append(f, make([]byte, 60-len(f))...) // the shortest frame Ethernet allows
	if p := Decode(f); p.TCP == nil || len(p.TCP.Payload) != 0 {
		t.Errorf("padding was taken for data: %+v", p.TCP)
	}
}

func TestDecodeCutShort(t *testing.T) {
	data := gopacket.Payload(strings.Repeat("x", 1000))
	v6 := &layers.IPv6{Version: 6, NextHeader: layers.IPProtocolIPv6Destination, SrcIP: make([]byte, 16), DstIP: make([]byte, 16)}
	tests := map[string][]byte{
		"TCP over IPv4": frame(t, ether(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), &layers.TCP{ACK: true}, data),
		"UDP over IPv4": frame(t, ether(layers.EthernetTypeIPv4), ip4(layers.IPProtocolUDP), &layers.UDP{}, data),
		"TCP over IPv6": frame(t, ether(layers.EthernetTypeIPv6), v6, gopacket.Payload("\x06\x00\x00\x00\x00\x00\x00\x00"), gopacket.Payload(frame(t, &layers.TCP{ACK: true})), data),
	}
	for name, whole := range tests {
		for _, f := range [][]byte{whole, append(whole[:len(whole):len(whole)], 0, 0, 0, 0), whole[:100]} {
			p := Decode(f)
			size := -1
			if p.TCP != nil {
				size = p.TCP.Size
			} else if p.UDP != nil {
				size = p.UDP.Size
			}
			if size != 1000 {
				t.Errorf("%s, %d of %d bytes kept: size %d, want 1000 (%s)", name, len(f), len(whole), size, p.Malformed)
			}
		}
	}
}

func TestDecodeARP(t *testing.T) {
	p := Decode(arpFrame(t, layers.ARPRequest, 4))
	if p.Kind != ARP || !p.ARP.Request || p.ARP.SenderMAC != macA || !p.Src.Is4() {
		t.Errorf("%+v %+v", p, p.ARP)
	}
}

func TestDecodeICMPQuote(t *testing.T) {
	quoteUDP := frame(t, ip4(layers.IPProtocolUDP), &layers.UDP{SrcPort: 5000, DstPort: 53}, gopacket.Payload("hello"))
	f := frame(t, ether(layers.EthernetTypeIPv4), ip4(layers.IPProtocolICMPv4),
		&layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, 3)}, gopacket.Payload(quoteUDP[:28]))
	p := Decode(f)
	if p.Kind != ICMP || p.ICMP.Text != "port unreachable" || !p.ICMP.Error {
		t.Fatalf("%+v %+v", p, p.ICMP)
	}
	want := &Quoted{Protocol: 17, Src: ipA, Dst: ipB, SrcPort: 5000, DstPort: 53}
	if *p.ICMP.Quoted != *want {
		t.Errorf("quoted %+v, want %+v", p.ICMP.Quoted, want)
	}
	// Only the eight bytes of RFC 792: ports and, for TCP, the sequence number.
	quoteTCP := frame(t, ip4(layers.IPProtocolTCP), &layers.TCP{SrcPort: 5000, DstPort: 80, Seq: 77})
	f = frame(t, ether(layers.EthernetTypeIPv4), ip4(layers.IPProtocolICMPv4),
		&layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, 1)}, gopacket.Payload(quoteTCP[:28]))
	if q := Decode(f).ICMP.Quoted; q == nil || q.SrcPort != 5000 || q.DstPort != 80 || q.Seq != 77 {
		t.Errorf("quoted %+v", q)
	}
	// An error about nothing readable.
	f = frame(t, ether(layers.EthernetTypeIPv4), ip4(layers.IPProtocolICMPv4),
		&layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, 1)}, gopacket.Payload("x"))
	if p := Decode(f); p.ICMP == nil || p.ICMP.Quoted != nil {
		t.Errorf("%+v", p.ICMP)
	}
}

func TestDecodeIPv6(t *testing.T) {
	a, b := netip.MustParseAddr("fd00::2"), netip.MustParseAddr("fd00::1")
	ip := func(next layers.IPProtocol) *layers.IPv6 {
		return &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: next, SrcIP: a.AsSlice(), DstIP: b.AsSlice()}
	}
	tcp := frame(t, &layers.TCP{SrcPort: 1, DstPort: 2, SYN: true})
	ext := func(next byte) []byte { return []byte{next, 0, 0, 0, 0, 0, 0, 0} }
	tests := []struct {
		name  string
		frame []byte
		kind  Kind
	}{
		{"TCP", frame(t, ether(layers.EthernetTypeIPv6), ip(layers.IPProtocolTCP), gopacket.Payload(tcp)), TCP},
		{"TCP after destination options", frame(t, ether(layers.EthernetTypeIPv6), ip(layers.IPProtocolIPv6Destination),
			gopacket.Payload(append(ext(6), tcp...))), TCP},
		{"first fragment", frame(t, ether(layers.EthernetTypeIPv6), ip(layers.IPProtocolIPv6Fragment),
			gopacket.Payload(append([]byte{6, 0, 0, 1, 0, 0, 0, 9}, tcp...))), TCP},
		{"second fragment", frame(t, ether(layers.EthernetTypeIPv6), ip(layers.IPProtocolIPv6Fragment),
			gopacket.Payload(append([]byte{6, 0, 0, 8, 0, 0, 0, 9}, tcp...))), Fragment},
		{"neighbour solicitation", frame(t, ether(layers.EthernetTypeIPv6), ip(layers.IPProtocolICMPv6),
			gopacket.Payload(append([]byte{135, 0, 0, 0, 0, 0, 0, 0}, b.AsSlice()...))), ICMPv6},
		{"listener report behind hop-by-hop options", frame(t, ether(layers.EthernetTypeIPv6), ip(layers.IPProtocolIPv6HopByHop),
			gopacket.Payload(append([]byte{58, 0, 5, 2, 0, 0, 1, 0}, 143, 0, 0, 0, 0, 0, 0, 0))), ICMPv6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Decode(tt.frame)
			if p.Kind != tt.kind || p.Malformed != "" || p.Src != a || p.Dst != b {
				t.Errorf("Kind %v Malformed %q %v > %v", p.Kind, p.Malformed, p.Src, p.Dst)
			}
			if p.Kind == ICMPv6 && p.ICMP.Type == 135 && p.ICMP.Target != b {
				t.Errorf("target %v", p.ICMP.Target)
			}
			if p.Kind == ICMPv6 && p.Housekeeping() != (p.ICMP.Type == 143) {
				t.Errorf("Housekeeping of type %d is %v", p.ICMP.Type, p.Housekeeping())
			}
		})
	}
}

func TestDecodeOptions(t *testing.T) {
	tests := []struct {
		name, hex string
		want      Options
	}{
		{"none", "", Options{WindowScale: -1}},
		{"kind without length", "02", Options{WindowScale: -1, Malformed: true}},
		{"length 0", "0200", Options{WindowScale: -1, Malformed: true}},
		{"length 1", "0201", Options{WindowScale: -1, Malformed: true}},
		{"length past the end", "0204ff", Options{WindowScale: -1, Malformed: true}},
		{"MSS of three bytes", "0203ff", Options{WindowScale: -1, Malformed: true}},
		{"empty SACK", "0502", Options{WindowScale: -1, Malformed: true}},
		{"scale 200 counts as 14", "0303c8", Options{WindowScale: 14}},
		{"scale 0 is a scale", "030300", Options{WindowScale: 0}},
		{"nothing after end of list", "00020405b4", Options{WindowScale: -1}},
		{"SACK block", "0101050a0000000100000003", Options{WindowScale: -1, SACK: []Block{{1, 3}}}},
		{"multipath, fast open, unknown", "1e022202fd02", Options{WindowScale: -1, Multipath: true, FastOpen: true, Unknown: []uint8{0xfd}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := hex.DecodeString(tt.hex)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, DecodeOptions(b)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestFlags(t *testing.T) {
	for f, want := range map[Flags]string{0: "none", SYN | ACK: "SYN,ACK", ACK | PSH | FIN: "FIN,PSH,ACK", 0xff: "SYN,FIN,RST,PSH,ACK,URG,ECE,CWR"} {
		if f.String() != want {
			t.Errorf("%#x is %q, want %q", uint8(f), f, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(synFrame(f))
	f.Add(arpFrame(f, layers.ARPReply, 4))
	f.Add(frame(f, ether(layers.EthernetTypeIPv6), &layers.IPv6{Version: 6, NextHeader: layers.IPProtocolIPv6Destination,
		SrcIP: make([]byte, 16), DstIP: make([]byte, 16)}, gopacket.Payload("\x06\x00\x00\x00\x00\x00\x00\x00........................")))
	f.Add(frame(f, ether(layers.EthernetTypeIPv4), ip4(layers.IPProtocolICMPv4),
		&layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(3, 3)}, gopacket.Payload(synFrame(f)[14:])))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := Decode(b)
		parts := 0
		for _, set := range []bool{p.ARP != nil, p.TCP != nil, p.UDP != nil, p.ICMP != nil} {
			if set {
				parts++
			}
		}
		if want := p.Kind != Other && p.Kind != Fragment; parts > 1 || (parts == 1) != want {
			t.Errorf("Kind %v with %d parts", p.Kind, parts)
		}
		if p.TCP != nil && len(p.TCP.Payload) > len(b) || p.Length != len(b) {
			t.Errorf("longer than the frame: %+v", p)
		}
		p.Housekeeping()
	})
}

func FuzzDecodeOptions(f *testing.F) {
	f.Add([]byte{2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 3, 3, 7})
	f.Add([]byte{5, 10, 0, 0, 0, 1, 0, 0, 0, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		if o := DecodeOptions(b); o.WindowScale < -1 || o.WindowScale > 14 || len(o.SACK)*8 > len(b) {
			t.Errorf("%+v", o)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	f := synFrame(b)
	b.ReportAllocs()
	for b.Loop() {
		Decode(f)
	}
}
